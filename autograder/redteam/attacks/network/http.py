# /// attack
# catalogue = "leaking out: HTTP"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Sends its findings as a web request.

# %%
import urllib.request

address = f"http://127.0.0.1:{TARGET['tcp']}/{TARGET['mark']}"
print(urllib.request.urlopen(address, timeout=2).read())
