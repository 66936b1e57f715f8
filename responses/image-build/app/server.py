"""A tiny web server: a page, a health check, and Prometheus metrics (served by gunicorn.conf.py on a port of their own)."""

import os
import time

from flask import Flask, g, jsonify, request
from prometheus_client import Counter, Histogram

REQUESTS = Counter("http_requests_total", "HTTP requests answered.", ["method", "route", "code"])
DURATION = Histogram(
    "http_request_duration_seconds",
    "Time to answer an HTTP request.",
    ["route"],
    # The bounds around the objective (250 ms) are close together: a quantile is only as exact as its bucket.
    buckets=[0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 1, 2.5, 5],
)

server = Flask(__name__)


@server.before_request
def start_clock():
    g.start = time.monotonic()


@server.after_request
def measure(response):
    # The route's pattern, not the path: a label must not have as many values as there are URLs.
    route = request.url_rule.rule if request.url_rule else "none"
    if route != "/healthz":
        REQUESTS.labels(request.method, route, response.status_code).inc()
        DURATION.labels(route).observe(time.monotonic() - g.start)
    return response


@server.get("/")
def index():
    return jsonify(service="toolbox", version=os.environ.get("VERSION", "unknown"))


@server.get("/healthz")
def healthz():
    return jsonify(ok=True)
