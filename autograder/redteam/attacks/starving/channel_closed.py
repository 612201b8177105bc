# /// attack
# catalogue = "starving: daemon holding the pipe"
# layers = ["deadline"]
# aim = "time"
# stock = "there is no such channel"
# ///
# Closes its channel, or half of it, and goes on.

# %%
import os
import socket
import time

socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_RD)
time.sleep(20)
