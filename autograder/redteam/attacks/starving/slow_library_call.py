# /// attack
# catalogue = "starving: endless loop"
# layers = ["deadline"]
# aim = "time"
# stock = "it runs for minutes"
# ///
# Spends its time in library code that no interruption reaches: minutes, at this length.

# %%
import re

re.match(r"(a+)+$", "a" * 31 + "b")
