#!/usr/bin/awk -f
# The worked-out tables of README.md. GB are 10^9 bytes, as disks and networks are sold; GiB are 2^30, as Kubernetes counts memory.
function time(seconds) {
    return seconds < 90 ? sprintf("%d s", seconds + 0.5) : sprintf("%.0f min", seconds / 60)
}
function restart(source, rate) { # rate in GB/s
    printf "| %s | %.2f | %s | %s |\n", source, rate, time(100 / rate), time(250 / rate)
}
BEGIN {
    gib = 1.073741824 # GB
    print "| from | GB/s | 100 GB | 250 GB |"
    print "|---|---|---|---|"
    restart("gp3 as it comes, 125 MiB/s", 125 / 1024 * gib)
    restart("gp3 with 1,000 MiB/s bought", 1000 / 1024 * gib)
    restart("NVMe, 2 GB/s", 2)
    print ""

    node = 384 - 384 / 64 - 12 # less the kernel's page descriptors, 64 bytes for each 4 KiB, and the node group's reserve
    held = 1.03 / gib          # a held data set with its holder's own needs, GiB for each GB
    printf "| on a node with %d GiB for pods | 100 GB (%.0f GiB) | 250 GB (%.0f GiB) |\n", node, 100 / gib, 250 / gib
    print "|---|---|---|"
    printf "| each loads it (128 and 256 GiB each) | %d environments | %d |\n", node / 128, node / 256
    printf "| all map it (16 GiB each) | %d environments | %d |\n", (node - 100 * held) / 16, (node - 250 * held) / 16
}
