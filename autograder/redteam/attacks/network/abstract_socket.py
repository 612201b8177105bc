# /// attack
# catalogue = "leaking out: abstract and path sockets"
# layers = ["network", "seccomp", "landlock"]
# aim = "packet"
# ///
# Connects to a local socket that has a name instead of a path.

# %%
import socket

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
    connection.connect(TARGET["abstract"])
    connection.sendall(TARGET["mark"].encode())
