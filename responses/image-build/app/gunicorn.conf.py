"""gunicorn reads this file from its working directory."""

import os

from prometheus_client import start_http_server

bind = os.environ.get("BIND", "0.0.0.0:8080")
# One process: its metrics are then one set, and Kubernetes scales by replicas.
workers = 1
worker_class = "gthread"
threads = 8
# The heartbeat file: in memory, because the root file system is read-only.
worker_tmp_dir = "/dev/shm"
# Less than the pod's terminationGracePeriodSeconds, so that open requests end before the kill.
graceful_timeout = 20
accesslog = "-"


def post_worker_init(_worker):
    """Serve the metrics apart, on a port that is routed to Prometheus and not to the world."""
    host, port = os.environ.get("METRICS_BIND", "0.0.0.0:9090").split(":")
    start_http_server(int(port), host)
