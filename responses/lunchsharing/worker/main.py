"""The resize worker: Pub/Sub tells it of each new object in originals/, and it writes the served sizes to img/.

It runs on Cloud Run (`gunicorn main:app`). An answer other than 2xx makes Pub/Sub send the message again: writing the
same sizes twice does no harm.
"""
import json
import logging

import images

ORIGINALS, SERVED = "originals/", "img/"
# As long as a signed URL stays the same: its expiry is rounded to the day.
CACHE_CONTROL = "public, max-age=86400"


def convert(bucket, name):
    """Writes the served sizes of one original."""
    if not name.startswith(ORIGINALS):
        return
    original = bucket.blob(name).download_as_bytes()
    try:
        made = list(images.sizes(original))
    except Exception as error:  # whatever a decoder says of a broken file, it says again when it is sent again
        logging.error("%s is no image that can be served: %s", name, error)
        return
    for width, data in made:
        blob = bucket.blob(f"{SERVED}{name.removeprefix(ORIGINALS)}/{width}.webp")
        blob.cache_control = CACHE_CONTROL
        blob.upload_from_string(data, content_type="image/webp")


def app(environ, start_response):
    """The WSGI application that Pub/Sub posts to."""
    from google.cloud import storage

    message = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))["message"]
    convert(storage.Client().bucket(message["attributes"]["bucketId"]), message["attributes"]["objectId"])
    start_response("204 No Content", [])
    return []
