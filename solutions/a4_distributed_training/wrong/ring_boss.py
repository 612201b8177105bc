# /// variant
# misconception = "ring-boss"
# fails = [
#     "test_each_rank_sends_its_share_and_no_more",
# ]
# hints = ["everyone-to-everyone"]
# ///
# Rank 0 adds, and sends the sum back.


# %% task="a4_t2"
def ring_all_reduce(x):
    rank, world = dist.get_rank(), dist.get_world_size()
    if rank > 0:
        dist.send(x, 0)
        dist.recv(x, 0)
        return
    got = torch.empty_like(x)
    for other in range(1, world):
        dist.recv(got, other)
        x += got
    for other in range(1, world):
        dist.send(x, other)
