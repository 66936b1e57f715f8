"""The smallest ASGI application that shows the image serving requests."""

import json


async def app(scope, receive, send):
    assert scope["type"] == "http"  # uvicorn then goes on without lifespan events
    found = scope["path"] in ("/", "/healthz")
    body = json.dumps({"path": scope["path"], "ok": found}).encode()
    await send({
        "type": "http.response.start",
        "status": 200 if found else 404,
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))],
    })
    await send({"type": "http.response.body", "body": body})
