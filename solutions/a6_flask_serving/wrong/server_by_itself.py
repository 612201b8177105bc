# /// variant
# misconception = "handled-by-itself"
# fails = [
#     "test_processes_forked_in_advance_answer",
#     "test_a_worker_that_dies_costs_one_request",
# ]
# hints = [
#     "handled-by-itself",
#     "one-at-a-time",
#     "queue-without-bound",
#     "client-left-alone",
#     "hang-up-ends-the-server",
# ]
# ///
# Handled by itself.


# %% task="a6_t6"
def run_server(listener, handle, workers, waiting):
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    listener.settimeout(0.05)
    while not stopping:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        with client, client.makefile("rb") as incoming:
            try:
                client.sendall(handle(incoming.readline()) + b"\n")
            except Exception:
                client.sendall(b"failed\n")
