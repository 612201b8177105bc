# /// variant
# misconception = "ring-left-neighbour"
# fails = [
#     "test_every_rank_ends_with_the_sum",
#     "test_any_size_is_cut_in_chunks",
#     "test_each_rank_sends_its_share_and_no_more",
# ]
# hints = ["only-left-neighbour"]
# ///
# One round is not enough.


# %% task="a4_t2"
def ring_all_reduce(x):
    rank, world = dist.get_rank(), dist.get_world_size()
    if world == 1:
        return
    got = torch.empty_like(x)
    sending = dist.isend(x.clone(), (rank + 1) % world)
    dist.recv(got, (rank - 1) % world)
    sending.wait()
    x += got
