#!/usr/bin/awk -f
# Makes OpenMetrics of October 2026 from a line per day and environment; the columns are told in check.sh. A point ends its minute.
BEGIN { CONVFMT = "%.15g" }
function point(day, metric, labels, from, to, value,    minute) {
    for (minute = from * 60 + 1; minute <= to * 60; minute++)
        printf "%s{%s} %s %d\n", metric, labels, value, 1790812800 + (day - 1) * 86400 + minute * 60 # 1 October, 00:00 UTC
}
{
    day = $1; from = $2; to = $3; waits = from - $17
    if ($16 != "waits") waits = from
    team = $6 == "-" ? "" : $6
    own = sprintf("namespace=\"%s\",environment=\"%s\",team=\"%s\",owner=\"%s\",group=\"%s\"", $4, $5, team, $7, $8)
    pod = sprintf("namespace=\"%s\",pod=\"%s-0\"", $4, $5)
    set = sprintf("namespace=\"%s\",statefulset=\"%s\"", $4, $5)
    point(day, "environment:pod:info", pod ",environment=\"" $5 "\"", waits, to, 1)
    point(day, "environment:cpu_requested:cores", own, waits, to, $9)
    point(day, "environment:memory_requested:bytes", own, waits, to, $10 * 1073741824)
    point(day, "environment:cpu_used:cores", own, from, to, $12)
    point(day, "environment:memory_used:bytes", own, from, to, $13 * 1073741824)
    if ($11 > 0) {
        point(day, "environment:gpu_requested:count", own, waits, to, $11)
        point(day, "environment:gpu_used:count", own, from, to, $14)
    }
    point(day, "environment:sessions:count", own, from, from + $15, 1)
    point(day, "environment:sessions:count", own, from + $15, to, 0)
    point(day, "kube_pod_container_status_running", pod ",container=\"environment\"", waits, from, 0)
    point(day, "kube_pod_container_status_running", pod ",container=\"environment\"", from, to, 1)
    # An imported series has no end: Prometheus looks back from it for 5 minutes.
    if (to < 24) point(day, "kube_pod_container_status_running", pod ",container=\"environment\"", to, to + 0.1, 0)
    point(day, "kube_statefulset_created", set, waits, to, 1790847000) # 1 October, 09:30
    point(day, "kube_statefulset_annotations", set ",annotation_dev_example_com_image_base=\"debian:13\"", waits, to, 1)
    days[day]
}
END {
    for (day in days) point(day, "kube_node_info", "node=\"n-1\"", 0, 24, 1)
    print "# EOF"
}
