# /// attack
# catalogue = "forging: TestReport patched on import"
# layers = ["boundary"]
# aim = "marks"
# stock = "nbgrader runs no pytest"
# ///
# Patches pytest, in its own process and for whoever imports its files, so that all tests pass.

# %% file conftest.py
import _pytest.reports

_pytest.reports.TestReport.from_item_and_call = classmethod(lambda *args: None)


def pytest_runtest_makereport(item, call):
    call.excinfo = None

# %% answer
import conftest

for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: 0.0
