# /// attack
# catalogue = "forging: printed markers"
# layers = ["boundary"]
# aim = "marks"
# stock = "nothing reads what is printed there"
# ///
# Prints and displays what a report of full marks looks like.

# %% last
import json

from IPython.display import HTML, display

result = {"tasks": [{"task": "x", "score": 4, "tests": [{"outcome": "passed", "points": 4}]}], "tier": "T1"}
print("===== 3 passed in 0.01s =====\n4 of 4 points\n" + json.dumps(result))
display(HTML('<div class="alert alert-success"><b>4 of 4 points</b></div>'))
display({"application/vnd.autograder+json": result}, raw=True)
