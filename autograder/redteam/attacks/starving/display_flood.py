# /// attack
# catalogue = "starving: print flood"
# layers = ["output_limit"]
# aim = "size"
# stock = "it keeps every byte"
# ///
# Shows large objects without end, and changes those it showed before.

# %%
import time

from IPython.display import HTML, display

shown = display(HTML("first"), display_id="one")
end = time.monotonic() + 75
while time.monotonic() < end:
    display(HTML("<b>" + "x" * 500_000 + "</b>"))
    shown.update(HTML("y" * 500_000))

# %%
for _ in range(20):
    display({"text/plain": "z" * 2_000_000}, raw=True)
