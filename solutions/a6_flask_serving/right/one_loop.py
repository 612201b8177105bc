# The server of one's own has no thread: one loop waits for clients and workers at once.

# %% task="a6_t6"
import collections
import multiprocessing
import multiprocessing.connection
import socket


def run_server(listener, handle, workers, waiting):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    listener.setblocking(False)
    idle = [fork_worker(handle) for _ in range(workers)]
    busy, line = {}, collections.deque()
    while busy or line or not stopped:
        sources = list(busy) + ([] if stopped else [listener])
        for source in multiprocessing.connection.wait(sources, timeout=0.05):
            if source is listener:
                take_clients(listener, line, len(idle) + waiting)
            else:
                idle.append(finish(source, *busy.pop(source), handle))
        while line and idle:
            begin(line.popleft(), idle, busy)
    for pipe, process in idle:
        pipe.send_bytes(b"\n")
        process.join()


def take_clients(listener, line, room):
    while True:
        try:
            client, _ = listener.accept()
        except BlockingIOError:
            return
        if len(line) < room:
            line.append(client)
        else:
            reply(client, b"busy")


def begin(client, idle, busy):
    client.settimeout(5)
    try:
        with client.makefile("rb") as lines:
            request = lines.readline()
    except OSError:
        request = b""
    if not request.endswith(b"\n"):
        reply(client, b"failed")
    else:
        pipe, process = idle.pop()
        pipe.send_bytes(request[:-1])
        busy[pipe] = (client, process)


def finish(pipe, client, process, handle):
    try:
        reply(client, pipe.recv_bytes())
        return pipe, process
    except (EOFError, OSError):
        reply(client, b"failed")
        process.join()
        return fork_worker(handle)


def reply(client, answer):
    try:
        client.sendall(answer + b"\n")
        client.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    client.close()


def fork_worker(handle):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=work_on, args=(ours, theirs, handle)
    )
    process.start()
    theirs.close()
    return ours, process


def work_on(ours, pipe, handle):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ours.close()
    while True:
        request = pipe.recv_bytes()
        if request == b"\n":
            return
        try:
            pipe.send_bytes(handle(request))
        except Exception:
            pipe.send_bytes(b"failed")
