# /// variant
# misconception = "ring-rest-left"
# fails = [
#     "test_any_size_is_cut_in_chunks",
#     "test_each_rank_sends_its_share_and_no_more",
# ]
# hints = ["rest-left-over"]
# ///
# Cuts equal chunks and forgets the rest.


# %% task="a4_t2"
def ring_all_reduce(x):
    """Replace x by the sum of all ranks' x, with nothing but messages round the ring."""
    rank, world = dist.get_rank(), dist.get_world_size()
    even = x.numel() // world * world
    chunks = x.view(-1)[:even].tensor_split(world)
    right, left = (rank + 1) % world, (rank - 1) % world

    def pass_on(outgoing, incoming):
        got = torch.empty_like(chunks[incoming % world])
        sending = dist.isend(chunks[outgoing % world].clone(), right)
        dist.recv(got, left)
        sending.wait()
        return got

    for step in range(world - 1):
        incoming = rank - step - 1
        chunks[incoming % world].add_(pass_on(rank - step, incoming))
    for step in range(world - 1):
        incoming = rank - step
        chunks[incoming % world].copy_(pass_on(rank + 1 - step, incoming))
