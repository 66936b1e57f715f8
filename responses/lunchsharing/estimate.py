"""Monthly cost before and after, in USD, as the table in README.md. Put your own numbers in and run it again."""

# Assumptions about the app: nothing of this is in the question.
STORED = 2048  # GiB of images
DELIVERED = 15 * 1024  # GiB a month
SMALLER = 3  # a photo of today is that much bigger than one of 1440 pixels, and what is viewed is new
VIEWS = 30e6  # image requests a month
UPLOADS = 100e3
HIT_RATE = 0.9
PEAK_HOURS = 7 * 30

# List prices, read in archived copies of cloud.google.com/{filestore,storage,cdn}/pricing, not of one date.
FILESTORE_HDD = 0.000274 * 730  # per GiB provisioned
STANDARD = 0.020  # per GiB
CLASS_A, CLASS_B = 0.005 / 1000, 0.0004 / 1000  # per operation
CDN = [(10 * 1024, 0.08), (float("inf"), 0.055)]  # per GiB, by tier
CDN_FILL, CDN_LOOKUP = 0.01, 0.0075 / 10000
# Assumed.
INTERNET = [(1024, 0.12), (9 * 1024, 0.11), (float("inf"), 0.08)]  # per GiB, by tier
VCPU_HOUR = 0.0375  # with 4 GiB of memory, on demand
FORWARDING_RULE = 0.025 * 730


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
        "load balancers": FORWARDING_RULE,
    },
    "proposed": {
        # Operations: upload, read for the copy, copy; cache misses.
        "storage": STORED * STANDARD + UPLOADS * (2 * CLASS_A + CLASS_B) + VIEWS * (1 - HIT_RATE) * CLASS_B,
        "delivery": tiered(delivered, CDN) + delivered * (1 - HIT_RATE) * CDN_FILL + VIEWS * CDN_LOOKUP,
        "nodes": VCPU_HOUR * (2 * 2 * 730 + 3 * 2 * PEAK_HOURS),  # 2 nodes of 2 vCPU, on average 3 more at lunch
        "load balancers": 2 * FORWARDING_RULE,  # the one of today, and the CDN's
    },
}

print("| USD a month | " + " | ".join(columns) + " |")
print("|---" * (len(columns) + 1) + "|")
for line in columns["today"]:
    print(f"| {line} | " + " | ".join(f"{c[line]:,.0f}" for c in columns.values()) + " |")
print("| **sum** | " + " | ".join(f"**{sum(c.values()):,.0f}**" for c in columns.values()) + " |")
