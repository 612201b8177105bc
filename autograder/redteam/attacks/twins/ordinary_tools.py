# /// attack
# catalogue = "fairness twin: files, programs and processes of one's own"
# aim = "marks"
# base = "solved"
# twin = true
# ///
# An honest answer whose author uses files, other programs, processes and threads.

# %%
import multiprocessing
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

Path("notes.txt").write_text("mine")
with tempfile.NamedTemporaryFile() as file:
    file.write(b"x" * 1_000_000)
print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout)
with multiprocessing.Pool(2) as pool:
    print(pool.map(abs, range(-3, 3)))
thread = threading.Thread(target=print, args=("in a thread",))
thread.start()
thread.join()
