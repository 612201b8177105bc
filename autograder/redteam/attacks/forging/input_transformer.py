# /// attack
# catalogue = "forging: input transformer"
# layers = ["boundary"]
# aim = "marks"
# ///
# Has IPython blank every cell that comes after.

# %%
get_ipython().input_transformers_post.append(lambda lines: ["pass\n"])
