# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["codec"]
# aim = "batch"
# stock = "nothing is decoded there"
# ///
# Sends events nobody asked for from inside a cell: ends of cells, copies, calls back, odd types.

# %%
import os
import struct

from autograder.codec import encode

events = [
    {"event": "done", "success": True, "count": 10**30},
    {"event": "forked", "pid": 1},
    {"event": "forked", "pid": TARGET["pid"]},
    {"event": "callback", "id": 0, "args": (), "kwargs": {}},
    {"event": "message", "type": "display_data", "content": {"data": {"text/html": ["x"] * 9}, "metadata": 7}},
    {"event": "message", "type": "update_display_data", "content": {"transient": {"display_id": []}}},
    {"event": "message", "type": 5, "content": None},
    {"event": ["message"]},
    {"status": "value", "value": 0.0},
    {},
]
frames = b"".join(struct.pack("!Q", len(e)) + e for e in map(encode, events))
os.write(3, frames)
