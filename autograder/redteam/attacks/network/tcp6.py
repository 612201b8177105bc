# /// attack
# catalogue = "leaking out: local services"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Connects to a service of this machine over IPv6.

# %%
import socket

if "tcp6" in TARGET:
    with socket.create_connection(("::1", TARGET["tcp6"]), timeout=2) as connection:
        connection.sendall(TARGET["mark"].encode())
