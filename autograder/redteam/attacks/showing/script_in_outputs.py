# /// attack
# catalogue = "showing: script in output"
# layers = ["display"]
# aim = "markup"
# ///
# Shows HTML, scripts, formulas and pictures that would run where they are looked at.

# %%
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

bad = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)></svg>"
display(HTML(bad), Markdown(bad), Latex(f"$\\href{{javascript:alert(4)}}{{x}}$ {bad}"), Javascript("alert(5)"))
display(HTML(bad), metadata={"text/html": {"isolated": True}})
display({"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>alert(6)</script>"}}, raw=True)
display({"text/vnd.mermaid": bad, "text/plain": bad}, raw=True)
display({"image/png": 'AAAA" onerror="alert(7)'}, raw=True)
