"""What is seen of a submission's processes: who called, what was written, what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator

import nbformat
import numpy as np
import psutil
import pytest

from autograder.grading.engine import Engine
from autograder.grading.student import Student
from autograder.kernels import Asked, Budget, SharedSpy, StudentRaised, Together, run_notebook
from autograder.kernels.outputs import OutputCollector

SOURCE = """\
import multiprocessing as mp, os, time
from multiprocessing import shared_memory
fork = mp.get_context("fork")

def crew(count, function, *args):
    workers = [fork.Process(target=function, args=args) for _ in range(count)]
    for worker in workers: worker.start()
    for worker in workers: worker.join()
    return [worker.exitcode for worker in workers]

def one_after_the_other(count, function):
    for _ in range(count):
        crew(1, function)

def spawned(function):
    worker = mp.get_context("spawn").Process(target=function, args=(5,))
    worker.start(); worker.join()
    return worker.exitcode

def pooled(function, items):
    with fork.Pool(2) as pool:
        return pool.map(function, items)

def piped(array):
    ours, theirs = fork.Pipe()
    worker = fork.Process(target=theirs.send, args=(array,))
    worker.start(); got = ours.recv(); worker.join()
    return float(got.sum())

def lazy():
    worker = fork.Process(target=time.sleep, args=(600,), daemon=True)
    worker.start()

def leaky():
    shared_memory.SharedMemory(create=True, size=4096, name="left-here")

def alone(function):
    return function(3)

def liar(function):
    import array, socket
    from autograder.codec import encode
    ours, theirs = socket.socketpair()
    packet = encode({"number": 0, "args": (os.getppid(),), "kwargs": {}})
    socket.send_fds(function._line, [packet], [theirs.fileno()])
    ours.recv(1000)

def garbage(function):
    import socket
    for packet in (b"x", b"", b"\\0" * 1000):
        ours, theirs = socket.socketpair()
        socket.send_fds(function._line, [packet or b"y"], [theirs.fileno()])
    nothing = os.open("/dev/null", os.O_RDONLY)
    for _ in range(50):
        socket.send_fds(function._line, [b"z"], [nothing, nothing])
    return function(1)

def lingering(function):
    import socket, struct
    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = socket.create_connection(server.getsockname())
        reader, _ = server.accept()
    for end in (sender, reader):
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 3600))
    try:
        while sender.send(b"x" * 65536): pass
    except BlockingIOError:
        pass
    socket.send_fds(function._line, [b"z"], [sender.fileno()])
    sender.close()
    globals()["kept"] = reader  # never reads
    return function(1)

def flood(function):
    import socket
    from autograder.codec import encode
    packet = encode({"number": 0, "args": ("x" * 100_000,), "kwargs": {}})
    for _ in range(300):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(function._line, [packet], [theirs.fileno()])
    try:
        return function(1)
    except RuntimeError:
        return "refused"
"""


@pytest.fixture
def student(engine: Engine) -> Iterator[Student]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)])
    run = run_notebook(
        notebook, lambda: engine.launch(1, {}, Budget(60)), OutputCollector(notebook, 1 << 20)
    )
    process = run.process
    assert process is not None
    student = Student(lambda _: process.copy(1, ()))
    yield student
    student.restart()
    run.close()


def test_forked_processes_call_and_are_told_apart(student: Student) -> None:
    spy = SharedSpy(lambda: 7)
    with student.watch() as seen:
        assert student.call("crew", 3, seen.spy(spy)) == [0, 0, 0]
    assert len(spy.processes) == 3
    assert seen.home not in spy.processes
    assert (seen.left_running, seen.segments_left) == (0, [])


def test_spawned_process_calls_as_well(student: Student) -> None:
    spy = SharedSpy(lambda x: x + 1)
    with student.watch() as seen:
        assert student.call("spawned", seen.spy(spy)) == 0
    assert [call.args for call in spy.calls] == [(5,)]
    assert seen.home not in spy.processes


def test_function_travels_through_the_queue_of_a_pool(student: Student) -> None:
    with student.watch() as seen:
        assert student.call("pooled", seen.spy(SharedSpy(lambda x: x * x)), [1, 2, 3]) == [1, 4, 9]


def test_notebook_itself_is_known(student: Student) -> None:
    spy = SharedSpy(lambda x: -x)
    with student.watch() as seen:
        assert student.call("alone", seen.spy(spy)) == -3
    assert spy.processes == {seen.home}


def test_exception_of_the_function_raises_in_the_process_that_called(student: Student) -> None:
    def fail() -> None:
        raise ValueError("no")

    with student.watch() as seen:
        assert student.call("crew", 1, seen.spy(SharedSpy(fail))) == [1]
        with pytest.raises(StudentRaised, match="could not take"):
            student.call("alone", seen.spy(SharedSpy(fail)))


def test_processes_at_work_at_the_same_time_meet(student: Student) -> None:
    together, apart = Together(3), Together(2)
    with student.watch() as seen:
        student.call("crew", 3, seen.spy(together))
        student.call("one_after_the_other", 2, seen.spy(apart))
    assert together.met
    assert not apart.met
    assert len(apart.processes) == 2


def test_bytes_through_a_pipe_are_counted(student: Student) -> None:
    array = np.ones(50_000)
    with student.watch() as seen:
        assert student.call("piped", array) == 50_000
    assert array.nbytes <= seen.bytes_written < array.nbytes + 5_000


@pytest.mark.parametrize("function", ["lazy", "leaky"])
def test_what_is_left_is_seen(student: Student, function: str) -> None:
    with student.watch() as seen:
        student.call(function)
    assert seen.left_running == (function == "lazy")
    assert seen.segments_left == (["left-here"] if function == "leaky" else [])


def test_process_cannot_pass_for_another(student: Student) -> None:
    spy = SharedSpy()
    with student.watch() as seen:
        student.call("crew", 1, student.get("liar"), seen.spy(spy))
    assert seen.home not in spy.processes


def test_garbage_on_the_line_harms_nobody(student: Student) -> None:
    spy = SharedSpy(lambda x: x)
    with student.watch() as seen:
        assert student.call("garbage", seen.spy(spy)) == 1
    assert len(spy.calls) == 1


@pytest.mark.parametrize("function", ["garbage", "lingering"])
def test_what_is_passed_stays_open_nowhere(student: Student, function: str) -> None:
    student.call("alone", lambda x: x)  # whatever is opened at a first call is open now
    before = psutil.Process().num_fds()
    with student.watch() as seen:
        assert student.call(function, seen.spy(SharedSpy(lambda x: x))) == 1
        during = psutil.Process().num_fds()
    assert during < before + 20
    assert psutil.Process().num_fds() == before


def test_flood_of_bytes_is_not_kept(student: Student) -> None:
    spy = SharedSpy(lambda x: x)
    with student.watch() as seen:
        assert student.call("flood", seen.spy(spy)) == "refused"
    assert sum(len(call.args[0]) for call in spy.calls) < 1 << 24


class BrokenAtOnce(SharedSpy):
    """Fails at a call."""

    def take(self, call: Asked) -> None:
        raise KeyError("the test's own")


class BrokenLater(SharedSpy):
    """Fails when all wait."""

    def take(self, call: Asked) -> None:
        self.calls.append(call)

    def nothing_moves(self) -> None:
        raise KeyError("the test's own")


@pytest.mark.parametrize("broken", [BrokenAtOnce, BrokenLater])
def test_mistake_of_a_test_is_the_tests(student: Student, broken: type[SharedSpy]) -> None:
    def run() -> None:
        with student.watch() as seen, pytest.raises(StudentRaised):
            student.call("alone", seen.spy(broken()))

    with pytest.raises(KeyError, match="own"):
        run()


def test_nothing_waits_once_the_watch_is_over(student: Student) -> None:
    class Never(SharedSpy):
        def take(self, call: Asked) -> None:
            self.calls.append(call)

    started = time.monotonic()
    with pytest.raises(Exception), student.watch() as seen:  # noqa: B017, PT011
        student.call("alone", seen.spy(Never()))
    assert time.monotonic() - started < 60
