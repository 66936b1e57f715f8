"""Runs athena.sql on a few log rows with known answers.

In SQLite, which has all that the queries use but approx_percentile: that one is added here. So the queries'
logic is tested; that Athena takes their syntax is not.
"""
import math
import pathlib
import sqlite3


class Percentile:
    def __init__(self):
        self.values = []

    def step(self, value, fraction):
        self.fraction = fraction
        if value is not None:
            self.values.append(value)

    def finalize(self):
        self.values.sort()
        return self.values[max(0, math.ceil(self.fraction * len(self.values)) - 1)]


db = sqlite3.connect(":memory:")
db.create_aggregate("approx_percentile", 2, Percentile)
db.execute(
    "CREATE TABLE alb_access_logs (time, target_group_arn, conn_trace_id, request_processing_time,"
    " target_processing_time, response_processing_time)"
)
db.execute("CREATE TABLE alb_connection_logs (time, conn_trace_id, tls_protocol, tls_cipher, tls_handshake_latency)")

# Connection A: TLS 1.3, 40 ms handshake, 20 requests of 300 ms. Connection B: TLS 1.2, 90 ms, 1 request of 100 ms.
rows = [("2026-11-20T11:30:%02d.1Z" % i, "api", "A", 0.001, 0.3, 0.002) for i in range(20)]
rows += [
    ("2026-11-20T11:40:00.1Z", "api", "B", 0.001, 0.1, 0.002),
    ("2026-11-20T11:41:00.1Z", "api", "B", -1, -1, -1),  # never reached a target
    ("2026-11-20T14:00:00.1Z", "api", "A", 9, 9, 9),  # outside the window
]
db.executemany("INSERT INTO alb_access_logs VALUES (?, ?, ?, ?, ?, ?)", rows)
db.executemany(
    "INSERT INTO alb_connection_logs VALUES (?, ?, ?, ?, ?)",
    [
        ("2026-11-20T11:30:00.0Z", "A", "TLSv1.3", "TLS_AES_128_GCM_SHA256", 0.04),
        ("2026-11-20T11:40:00.0Z", "B", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", 0.09),
        # These three send no request here. The last has GCM, but no ECDHE.
        ("2026-11-20T11:41:00.0Z", "C", "TLSv1.0", "ECDHE-RSA-AES128-SHA", 0.1),
        ("2026-11-20T11:42:00.0Z", "D", "TLSv1.2", "ECDHE-RSA-AES128-SHA256", 0.1),
        ("2026-11-20T11:43:00.0Z", "E", "TLSv1.2", "AES128-GCM-SHA256", 0.1),
    ],
)

queries = pathlib.Path(__file__).with_name("athena.sql").read_text().split(";")[:3]
expected = [
    [("api", 21, 1.0, 300.0, 300.0, 2.0)],
    [
        ("TLSv1.3", "TLS_AES_128_GCM_SHA256", "works", 1, 40.0, 40.0),
        ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "works", 1, 90.0, 90.0),
        ("TLSv1.0", "ECDHE-RSA-AES128-SHA", "refused", 1, 100.0, 100.0),
        ("TLSv1.2", "ECDHE-RSA-AES128-SHA256", "refused", 1, 100.0, 100.0),
        ("TLSv1.2", "AES128-GCM-SHA256", "refused", 1, 100.0, 100.0),
    ],
    # 130 ms of handshakes and 6100 ms of target time over 21 requests on 2 connections
    [("2026-11-20T11", 10.5, 6.2, 290.5)],
]
for number, (query, want) in enumerate(zip(queries, expected), start=1):
    got = db.execute(query).fetchall()
    if sorted(got) != sorted(want):
        raise SystemExit(f"query {number}: got {got}, want {want}")
