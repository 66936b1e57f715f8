-- Where the time goes, from the ALB's own logs. Tables as in AWS's guide:
-- https://docs.aws.amazon.com/athena/latest/ug/create-alb-access-logs-table.html
-- https://docs.aws.amazon.com/athena/latest/ug/create-alb-connection-logs-table.html
-- Times in the logs are seconds, here milliseconds. Change the window in each query: run it for a good day and for a bad one.

-- 1. A request's time behind the handshake: waiting in the ALB, the target, sending the response back.
-- -1 in the log: the request never reached a target.
SELECT target_group_arn,
       count(*)                                                           AS requests,
       round(1000 * approx_percentile(request_processing_time, 0.5), 1)   AS alb_p50_ms,
       round(1000 * approx_percentile(target_processing_time, 0.5), 1)    AS target_p50_ms,
       round(1000 * approx_percentile(target_processing_time, 0.99), 1)   AS target_p99_ms,
       round(1000 * approx_percentile(response_processing_time, 0.99), 1) AS response_p99_ms
FROM alb_access_logs
WHERE time >= '2026-11-20T11:00' AND time < '2026-11-20T13:00'
  AND target_processing_time >= 0
GROUP BY target_group_arn
ORDER BY target_p99_ms DESC;

-- 2. The handshake itself, by protocol and cipher: is TLS 1.3 negotiated, what does each take, and whom would
-- ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 refuse? It has TLS 1.3, and of TLS 1.2 only ECDHE with GCM: no CBC, no TLS 1.0 or 1.1.
-- The ALB takes its own first choice of what a client offers, and GCM comes first: a client that is here with CBC has nothing better.
-- "-" in the log: there was no TLS handshake (a plain HTTP listener, a port scan).
SELECT tls_protocol,
       tls_cipher,
       CASE WHEN tls_protocol = '-' THEN 'no handshake'
            WHEN tls_protocol = 'TLSv1.3' THEN 'works'
            WHEN tls_protocol = 'TLSv1.2' AND tls_cipher LIKE 'ECDHE-%-GCM-%' THEN 'works'
            ELSE 'refused' END                                          AS after_the_change,
       count(*)                                                         AS connections,
       round(1000 * approx_percentile(tls_handshake_latency, 0.5), 1)   AS handshake_p50_ms,
       round(1000 * approx_percentile(tls_handshake_latency, 0.99), 1)  AS handshake_p99_ms
FROM alb_connection_logs
WHERE time >= '2026-11-20T11:00' AND time < '2026-11-20T13:00'
GROUP BY tls_protocol, tls_cipher
ORDER BY after_the_change, connections DESC;
