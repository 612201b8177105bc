# /// attack
# catalogue = "leaking out: local services"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Lets a program that it starts do the talking.

# %%
import subprocess
import sys

code = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2).send(b'x')"
subprocess.run([sys.executable, "-S", "-c", code, str(TARGET["tcp"])], timeout=5)
