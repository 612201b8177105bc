# /// attack
# catalogue = "forging: replaced run_cell_async"
# layers = ["boundary"]
# aim = "marks"
# ///
# Replaces the functions that run cells by ones that run nothing and report success.

# %%
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult


def result_of(*args, **kwargs):
    info = ExecutionInfo("pass", False, True, True, None)
    result = ExecutionResult(info)
    result.execution_count = 1
    return result


async def run_cell_async(*args, **kwargs):
    return result_of()


shell = get_ipython()
shell.run_cell_async = run_cell_async
shell.run_cell = result_of
