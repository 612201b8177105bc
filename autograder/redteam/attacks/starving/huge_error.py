# /// attack
# catalogue = "starving: print flood"
# layers = ["output_limit"]
# aim = "size"
# stock = "it keeps every byte"
# ///
# Raises errors with messages of megabytes, with endless causes, and from the depth of the stack.

# %%
raise ValueError("l" * 5_000_000)

# %%
raise ValueError("m" * 5_000_000)

# %%
raise ValueError("n" * 30_000_000)


# %%
def chain(depth):
    try:
        raise KeyError("k" * 1000)
    except KeyError as error:
        if depth:
            chain(depth - 1)
        raise ValueError("v" * 1000) from error


chain(150)

# %%
def deep():
    deep()


deep()
