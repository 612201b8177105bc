"""Length-prefixed frames over a stream socket (interim)."""
from __future__ import annotations
import socket, struct, time

class ChannelError(Exception): ...
class ChannelClosed(ChannelError): ...
class ChannelTimeout(ChannelError): ...
class FrameTooLarge(ChannelError): ...

class Channel:
    def __init__(self, sock: socket.socket) -> None:
        self._s = sock
        self._buf = b""
    def send(self, payload: bytes) -> None:
        try:
            self._s.settimeout(30); self._s.sendall(struct.pack(">Q", len(payload)) + payload)
        except TimeoutError as e: raise ChannelTimeout(str(e)) from e
        except OSError as e: raise ChannelClosed(str(e)) from e
    def receive(self, timeout_s: float | None) -> bytes:
        end = None if timeout_s is None else time.monotonic() + timeout_s
        self._fill(8, end)
        n = struct.unpack(">Q", self._buf[:8])[0]
        if n > 64 << 20: raise FrameTooLarge()
        self._fill(8 + n, end)
        out = self._buf[8:8+n]; self._buf = b""
        return out
    def _fill(self, n: int, end: float | None) -> None:
        while len(self._buf) < n:
            try:
                self._s.settimeout(None if end is None else max(1e-3, end - time.monotonic()))
                b = self._s.recv(n - len(self._buf))
            except TimeoutError as e: raise ChannelTimeout() from e
            except OSError as e: raise ChannelClosed(str(e)) from e
            if not b: raise ChannelClosed("end")
            self._buf += b
    def close(self) -> None: self._s.close()
