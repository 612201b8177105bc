# /// attack
# catalogue = "leaking out: docker socket"
# layers = ["view", "seccomp"]
# aim = "packet"
# ///
# Connects to a local socket that has a path, as the one of a container service has.

# %%
import socket

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
    connection.connect(TARGET["path"])
    connection.sendall(TARGET["mark"].encode())
