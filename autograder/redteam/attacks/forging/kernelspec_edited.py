# /// attack
# catalogue = "forging: kernelspec edited"
# layers = ["reader"]
# aim = "marks"
# stock = "a kernel that does not exist ends the run"
# ///
# Asks for another kernel and another language, and hands in a specification for it.

# %% prepare
notebook["metadata"]["kernelspec"] = {"name": "cheat", "display_name": "Cheat", "language": "bash"}
notebook["metadata"]["language_info"] = {"name": "bash"}
kernel = folder / "share" / "jupyter" / "kernels" / "cheat" / "kernel.json"
kernel.parent.mkdir(parents=True)
kernel.write_text('{"argv": ["touch", "%s/kernel.txt"], "display_name": "Cheat", "language": "bash"}' % target["drop"])
