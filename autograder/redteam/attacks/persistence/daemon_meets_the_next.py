# /// attack
# catalogue = "starving: daemon outlives"
# layers = ["clean", "landlock"]
# aim = "left"
# ///
# Leaves a process that tells its mark to whoever comes next.

# %%
import os
import socket

if os.fork() == 0:
    os.setsid()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind("\0left-behind")
    server.listen()
    server.settimeout(20)
    try:
        while True:
            server.accept()[0].sendall(TARGET["mark"].encode())
    finally:
        os._exit(0)

# %% accomplice
import socket

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
    asking.connect("\0left-behind")
    print(asking.recv(100))
