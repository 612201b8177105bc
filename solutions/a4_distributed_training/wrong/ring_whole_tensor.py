# /// variant
# misconception = "ring-whole-tensor"
# fails = [
#     "test_each_rank_sends_its_share_and_no_more",
# ]
# hints = ["whole-tensor-sent"]
# ///
# Sends everything round and adds.


# %% task="a4_t2"
def ring_all_reduce(x):
    rank, world = dist.get_rank(), dist.get_world_size()
    travelling = x.clone()
    for _ in range(world - 1):
        got = torch.empty_like(x)
        sending = dist.isend(travelling, (rank + 1) % world)
        dist.recv(got, (rank - 1) % world)
        sending.wait()
        x += got
        travelling = got
