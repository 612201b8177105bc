# /// variant
# misconception = "stop-drops"
# fails = ["test_stop_finishes_what_was_accepted"]
# hints = ["stop-drops-requests"]
# ///
# Stop drops.


# %% task="a6_t6"
import multiprocessing
import queue
import socket
import threading


class Stopped(Exception):
    """SIGTERM has arrived."""


def run_server(listener, handle, workers, waiting):
    """Answer one line with one line, by a pool of processes behind a bounded queue."""
    pool = [Worker(handle) for _ in range(workers)]
    line = queue.Queue()
    free = threading.Semaphore(workers + waiting)  # places, at work or in the queue
    threads = [threading.Thread(target=serve, args=(one, line, free)) for one in pool]
    for thread in threads:
        thread.start()
    accept_until_stopped(listener, line, free)
    while not line.empty():
        line.get().close()
    for _ in threads:
        line.put(None)
    for thread in threads:
        thread.join()


def accept_until_stopped(listener, line, free):
    """Queue every client that comes, or say that there is no place."""
    stopping = False

    def stop(*_):
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    listener.settimeout(0.05)  # so that it looks up now and then
    while not stopping:
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        client.settimeout(5.0)
        if free.acquire(blocking=False):
            line.put(client)
        else:
            answer(client, b"busy")
    listener.close()


def serve(worker, line, free):
    """In a thread: take clients from the queue, one after another, for one worker process."""
    while (client := line.get()) is not None:
        try:
            with client.makefile("rb") as incoming:
                request = incoming.readline()
        except OSError:
            request = b""
        reply = worker.ask(request.removesuffix(b"\n")) if request.endswith(b"\n") else b"failed"
        free.release()
        answer(client, reply)
    worker.end()


def answer(client, reply):
    """Send a line and hang up; the client may be gone."""
    try:
        client.sendall(reply + b"\n")
        client.shutdown(socket.SHUT_RDWR)  # a process forked meanwhile has the connection, too
    except OSError:
        pass
    finally:
        client.close()


class Worker:
    """One process that handles requests, replaced when it dies."""

    def __init__(self, handle):
        self.handle = handle
        self.start()

    def start(self):
        context = multiprocessing.get_context("fork")
        self.ours, theirs = context.Pipe()
        self.process = context.Process(target=self.work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def work(self, requests):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.ours.close()
        while (request := requests.recv_bytes()) != b"\n":
            try:
                reply = self.handle(request)
            except Exception:
                reply = b"failed"
            requests.send_bytes(reply)

    def ask(self, request):
        try:
            self.ours.send_bytes(request)
            while not self.ours.poll(0.02):
                if not self.process.is_alive() and not self.ours.poll(0):
                    raise EOFError
            return self.ours.recv_bytes()
        except (EOFError, OSError):
            self.process.join()
            self.ours.close()
            self.start()
            return b"failed"

    def end(self):
        self.ours.send_bytes(b"\n")  # no request holds a newline
        self.process.join()
