"""Runs athena.sql on a few log rows with known answers, in SQLite, to which approx_percentile is added: whether Athena takes the
syntax is not tested."""
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
        return self.values[max(0, math.ceil(self.fraction * len(self.values)) - 1)] if self.values else None


db = sqlite3.connect(":memory:")
db.create_aggregate("approx_percentile", 2, Percentile)
db.execute("CREATE TABLE alb_access_logs (time, target_group_arn, request_processing_time, target_processing_time, response_processing_time)")
db.execute("CREATE TABLE alb_connection_logs (time, tls_protocol, tls_cipher, tls_handshake_latency)")
rows = [("2026-11-20T11:30:%02d.1Z" % i, "api", 0.001, 0.3, 0.002) for i in range(20)]
rows += [
    ("2026-11-20T11:40:00.1Z", "api", 0.005, 0.9, 0.03),
    ("2026-11-20T11:41:00.1Z", "api", -1, -1, -1),  # never reached a target
    ("2026-11-20T14:00:00.1Z", "api", 9, 9, 9),  # outside the window
]
db.executemany("INSERT INTO alb_access_logs VALUES (?, ?, ?, ?, ?)", rows)
handshakes = {
    ("TLSv1.3", "TLS_AES_128_GCM_SHA256"): (0.04, "works"),
    ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256"): (0.09, "works"),
    ("TLSv1.0", "ECDHE-RSA-AES128-SHA"): (0.1, "refused"),
    ("TLSv1.1", "ECDHE-RSA-AES128-SHA"): (0.1, "refused"),
    ("TLSv1.2", "ECDHE-RSA-AES128-SHA256"): (0.1, "refused"),  # CBC
    ("TLSv1.2", "AES128-GCM-SHA256"): (0.1, "refused"),  # GCM, but no ECDHE
    ("-", "-"): (None, "no handshake"),
}
db.executemany(
    "INSERT INTO alb_connection_logs VALUES ('2026-11-20T11:30:00.0Z', ?, ?, ?)",
    [(*names, seconds and times * seconds) for names, (seconds, _) in handshakes.items() for times in (1, 3)],
)
expected = [
    [("api", 21, 1.0, 300.0, 900.0, 30.0)],
    [(*names, fate, 2, seconds and 1000 * seconds, seconds and 3000 * seconds) for names, (seconds, fate) in handshakes.items()],
]
queries = pathlib.Path(__file__).with_name("athena.sql").read_text().split(";")[:2]
for number, (query, want) in enumerate(zip(queries, expected), start=1):
    got = db.execute(query).fetchall()
    if sorted(got, key=str) != sorted(want, key=str):
        raise SystemExit(f"query {number}: got {got}, want {want}")
