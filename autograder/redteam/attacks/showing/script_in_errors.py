# /// attack
# catalogue = "showing: script in errors"
# layers = ["display"]
# aim = "markup"
# ///
# Puts markup into the names and messages of errors, in cells and in hidden calls.

# %%
bad = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
raise type(bad, (Exception,), {})(bad)

# %% answer
def fail(*args, **kwargs):
    raise type("<script>alert(3)</script>", (ValueError,), {})("</pre>```<img src=x onerror=alert(4)> [a](javascript:b)")


for name in TARGET["names"]:
    globals()[name] = fail
