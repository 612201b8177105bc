# /// attack
# catalogue = "leaking out: local services"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Connects to a service of this machine.

# %%
import socket

with socket.create_connection(("127.0.0.1", TARGET["tcp"]), timeout=2) as connection:
    connection.sendall(TARGET["mark"].encode())
