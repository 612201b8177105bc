# /// attack
# catalogue = "forging: conftest.py or plugin entry points"
# layers = ["boundary"]
# aim = "file"
# ///
# Hands in files that staff programs read wherever they find them; each would leave a mark.

# %% prepare
code = f"""
import pathlib
try:
    pathlib.Path({target['drop']!r}, "executed.txt").write_text("by " + __file__)
except OSError:
    pass
c = globals().get("get_config", lambda: None)()
"""
for name in (
    "conftest.py", "nbgrader_config.py", "jupyter_config.py", "sitecustomize.py", "usercustomize.py",
    "pytest.ini.py", "setup.py", "checks.py", "reference.py", "course/__init__.py", "autograder/__init__.py",
    "numpy/__init__.py", "pytest.py", "json.py", "__init__.py",
):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(code)
(folder / "pytest.ini").write_text("[pytest]\naddopts = -p conftest\n")
(folder / "x.pth").write_text(f"import pathlib; pathlib.Path({target['drop']!r}, 'pth.txt').write_text('x')")
