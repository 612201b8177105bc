# /// attack
# catalogue = "forging: 999 as partial credit"
# layers = ["boundary"]
# aim = "marks"
# ///
# Has every later cell show a number, which nbgrader takes for partial credit.

# %%
get_ipython().input_transformers_post.append(lambda lines: ["4\n"])
