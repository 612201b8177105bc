# /// attack
# catalogue = "starving: endless loop"
# layers = ["deadline"]
# aim = "time"
# ///
# Never ends: neither on its own nor when it is interrupted.

# %%
while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        pass
