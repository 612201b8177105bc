# /// attack
# catalogue = "forging: custom exception handler"
# layers = ["boundary"]
# aim = "marks"
# ///
# Has IPython say nothing about any exception.

# %%
get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)
get_ipython().showtraceback = lambda *args, **kwargs: None
