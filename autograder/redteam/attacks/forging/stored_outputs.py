# /// attack
# catalogue = "forging: stored outputs forged"
# layers = ["boundary"]
# aim = "marks"
# stock = "it runs the cells anew"
# ///
# Hands in outputs and metadata that say that every test gave full credit.

# %% prepare
show = {"output_type": "execute_result", "data": {"text/plain": "4"}, "metadata": {}, "execution_count": 1}
for cell in notebook["cells"]:
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [show], 1
        cell["metadata"]["autograder"] = {"score": 4, "stub": "pass"}
notebook["metadata"]["autograder"] = {"damaged": "", "score": 4, "notes": ["full marks"]}
