"""A system-call filter: what no notebook needs, the kernel refuses.

The filter is a program of the classic Berkeley packet filter, run by the kernel on every
system call (``man 2 seccomp``). It is inherited by all that the process starts, and cannot be
taken off. Numbers are from Linux's ``unistd.h``.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterable, Sequence

# name: (x86_64, aarch64); None where the machine has no such call
_REFUSED: dict[str, tuple[int | None, int]] = {
    # reading and writing other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "process_madvise": (440, 440), "pidfd_getfd": (438, 438),
    "process_mrelease": (448, 448), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # another view of files, other namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # parts of the kernel with a history of holes
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    # keyrings outlive the process, and hold what others put there
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    # the machine itself
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
    # memory and queues that outlive their process, and files that no limit counts
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip

# The first argument names a process: neither the warm parent, nor all at once.
_ON_PROCESSES: dict[str, tuple[int, int]] = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "pidfd_open": (434, 434),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274),
}  # fmt: skip

_CLONE, _CLONE3, _IOCTL, _SOCKET, _PRLIMIT = (56, 220), (435, 435), (16, 29), (41, 198), (302, 261)
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_FAMILIES = (1, 2, 10, 16)  # UNIX, INET, INET6, NETLINK

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_X32_BIT = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in struct seccomp_data
_KILL_PROCESS, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

Instruction = tuple[int, int, int, int]


def install(parent: int, *, own_pids: bool, private_network: bool) -> None:
    """Put the filter on the calling process, for good.

    It needs ``no_new_privs``.

    Parameters
    ----------
    parent
        The warm parent's process id.
    own_pids
        Whether only the submission's processes have numbers here; else no other process's
        limits may be changed.
    private_network
        Whether sockets reach nothing but the submission; else there are none.

    Raises
    ------
    OSError
        If the kernel takes no filter, or the machine is of an unknown kind.
    """
    program = b"".join(struct.pack("=HBBI", *step) for step in _program(
        parent, own_pids=own_pids, private_network=private_network
    ))  # fmt: skip
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HP", len(program) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_char_p(head), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel took no system-call filter")


def _program(parent: int, *, own_pids: bool, private_network: bool) -> list[Instruction]:
    machine = _ARCHITECTURES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, f"no system-call filter for {platform.machine()}")
    architecture, column = machine
    steps: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if platform.machine() == "x86_64":  # a second set of numbers for the same calls
        steps += [(_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _KILL_PROCESS)]
    for numbers in _REFUSED.values():
        steps += _refuse(numbers[column], errno.EPERM)
    steps += _refuse(_CLONE3[column], errno.ENOSYS)  # its flags lie in memory; clone's do not
    steps += _refuse_if(_CLONE[column], _FIRST, [(_ANY_BIT, _NEW_NAMESPACES)])
    steps += _refuse_if(_IOCTL[column], _SECOND, [(_EQUAL, _TIOCSTI), (_EQUAL, _TIOCLINUX)])
    protected = [(_EQUAL, value & 0xFFFFFFFF) for value in (parent, -parent, -1)]
    for pair in _ON_PROCESSES.values():
        steps += _refuse_if(pair[column], _FIRST, protected)
    if not own_pids:
        steps += _refuse_unless(_PRLIMIT[column], _FIRST, [0])
    steps += _refuse_unless(_SOCKET[column], _FIRST, _FAMILIES if private_network else ())
    return [*steps, (_RETURN, 0, 0, _ALLOW)]


def _refuse(number: int | None, why: int) -> list[Instruction]:
    if number is None:
        return []
    return [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | why)]


def _refuse_if(
    number: int, argument: int, conditions: Sequence[tuple[int, int]]
) -> list[Instruction]:
    """Refuse a call whose argument meets any condition. Only its lower 32 bits are looked at."""
    body: list[Instruction] = [(_LOAD, 0, 0, argument)]
    for kind, value in conditions:
        body += [(kind, 0, 1, value), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    return _only_for(number, body)


def _refuse_unless(number: int, argument: int, allowed: Iterable[int]) -> list[Instruction]:
    body: list[Instruction] = [(_LOAD, 0, 0, argument)]
    for value in allowed:
        body += [(_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW)]
    return _only_for(number, [*body, (_RETURN, 0, 0, _ERRNO | errno.EPERM)])


def _only_for(number: int, body: list[Instruction]) -> list[Instruction]:
    """Run the body for one call alone; the accumulator holds the number before and after."""
    return [(_EQUAL, 0, len(body) + 1, number), *body, (_LOAD, 0, 0, _NUMBER)]
