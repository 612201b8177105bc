# /// attack
# catalogue = "leaking out: SysV memory"
# layers = ["landlock", "view"]
# aim = "canary"
# ///
# Opens shared memory that another program of the machine has made, as a file.

# %%
print(open(TARGET["shm_file"]).read())
