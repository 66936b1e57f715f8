"""Monthly cost before and after, in USD, as the table in README.md. Put your own numbers in and run it again."""

# Assumptions about the app: nothing of this is in the task.
STORED = 2048  # GiB of images, 300 of them younger than 30 days
YOUNG = 300
DELIVERED = 15 * 1024  # GiB a month
SMALLER = 5  # an original is that much bigger than a size made for a phone's screen
VIEWS = 30e6  # image requests a month
UPLOADS = 100e3
HIT_RATE = 0.9
PEAK_HOURS = 7 * 30
RESIZE_SECONDS = 3  # of one vCPU with 2 GiB, for the three sizes of one original

# List prices; sources in README.md.
FILESTORE_HDD = 0.000274 * 730  # per GiB provisioned
STANDARD, NEARLINE = 0.020, 0.010  # per GiB
CLASS_A, CLASS_B = 0.005 / 1000, 0.0004 / 1000  # per operation
INTERNET = [(1024, 0.12), (9 * 1024, 0.11), (float("inf"), 0.08)]  # per GiB, by tier
CDN = [(10 * 1024, 0.08), (float("inf"), 0.055)]
CDN_FILL, CDN_LOOKUP = 0.01, 0.0075 / 10000
VCPU_HOUR = 0.0375  # assumption: with 4 GiB of memory, on demand
FORWARDING_RULE = 0.025 * 730  # assumption
CLOUD_RUN = 0.000024 + 2 * 0.0000025  # assumption: a second of one vCPU and of 2 GiB


def tiered(amount, tiers):
    cost = 0
    for size, price in tiers:
        part = min(amount, size)
        cost += part * price
        amount -= part
    return cost


delivered = DELIVERED / SMALLER
columns = {
    "today": {
        "storage": 3 * 1024 * FILESTORE_HDD,
        "delivery": tiered(DELIVERED, INTERNET),
        "nodes": VCPU_HOUR * 3 * 8 * 730,  # 3 nodes of 8 vCPU, sized for lunch, all day
        "resize worker": 0,
        "load balancers": FORWARDING_RULE,
    },
    "proposed": {
        # Originals are hardly read after the sizes are made: Nearline after 30 days. The sizes come on top. Operations: upload,
        # move, three sizes; cache misses.
        "storage": YOUNG * STANDARD + (STORED - YOUNG) * NEARLINE + STORED / SMALLER * STANDARD
        + UPLOADS * CLASS_A * 5 + VIEWS * (1 - HIT_RATE) * CLASS_B,
        "delivery": tiered(delivered, CDN) + delivered * (1 - HIT_RATE) * CDN_FILL + VIEWS * CDN_LOOKUP,
        "nodes": VCPU_HOUR * (2 * 2 * 730 + 3 * 2 * PEAK_HOURS),  # 2 nodes of 2 vCPU, on average 3 more at lunch
        "resize worker": UPLOADS * RESIZE_SECONDS * CLOUD_RUN,
        "load balancers": 2 * FORWARDING_RULE,
    },
}

print("| USD a month | " + " | ".join(columns) + " |")
print("|---" * (len(columns) + 1) + "|")
for line in columns["today"]:
    print(f"| {line} | " + " | ".join(f"{c[line]:,.0f}" for c in columns.values()) + " |")
print("| **sum** | " + " | ".join(f"**{sum(c.values()):,.0f}**" for c in columns.values()) + " |")
