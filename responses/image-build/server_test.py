"""Tests of app/server.py: python3 server_test.py (needs flask and prometheus_client)."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent / "app"))
sys.dont_write_bytecode = True

from prometheus_client import REGISTRY  # noqa: E402
from server import server  # noqa: E402


@server.get("/broken")
def broken():
    raise RuntimeError("on purpose")


def count(route, code):
    labels = {"method": "GET", "route": route, "code": str(code)}
    return REGISTRY.get_sample_value("http_requests_total", labels) or 0


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.client = server.test_client()

    def test_index(self):
        self.assertEqual(self.client.get("/").get_json()["service"], "toolbox")
        self.assertEqual(count("/", 200), 1)

    def test_health_is_not_counted(self):
        self.assertEqual(self.client.get("/healthz").get_json(), {"ok": True})
        self.assertEqual(count("/healthz", 200), 0)

    def test_unknown_paths_are_one_series(self):
        before = count("none", 404)
        for path in ("/a", "/b"):
            self.assertEqual(self.client.get(path).status_code, 404)
        self.assertEqual(count("none", 404) - before, 2)

    def test_an_exception_counts_as_an_error(self):
        server.logger.disabled = True
        self.assertEqual(self.client.get("/broken").status_code, 500)
        self.assertEqual(count("/broken", 500), 1)

    def test_metrics_are_not_on_this_port(self):
        self.assertEqual(self.client.get("/metrics").status_code, 404)


if __name__ == "__main__":
    unittest.main()
