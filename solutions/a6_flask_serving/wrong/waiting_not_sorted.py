# /// variant
# misconception = "percentile-not-sorted"
# fails = [
#     "test_percentile_is_the_nearest_rank",
#     "test_percentile_refuses_what_has_none",
# ]
# hints = ["percentile-not-sorted"]
# ///
# Percentile not sorted.


# %% task="a6_t7"
def percentile(times, q):
    """Return the nearest-rank percentile q of times."""
    if not 0 < q <= 100 or not times or any(math.isnan(one) for one in times):
        raise ValueError("a percentile needs times without NaN, and 0 < q <= 100")
    place = math.ceil(len(times) * q / 100)
    return float(times[place - 1])


def micro_batches(arrivals, most, wait):
    """Return when each batch leaves, and who is in it."""
    if most < 1 or wait < 0:
        raise ValueError("a batch takes at least one request, and waits no negative time")
    batches, members = [], []
    for number, now in enumerate(arrivals):
        if members and now > arrivals[members[0]] + wait:
            batches.append((arrivals[members[0]] + wait, members))
            members = []
        members.append(number)
        if len(members) == most:
            batches.append((now, members))
            members = []
    if members:
        batches.append((arrivals[members[0]] + wait, members))
    return batches
