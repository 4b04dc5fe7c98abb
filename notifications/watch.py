"""A watch over a line: a timeout for each step bounds no relay that drips, so a whole delivery is bounded too."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any
from weakref import ref

AGAIN_SECONDS = 1.0


class Watched:
    """Something with a line (`smtp`) that is cut when a delivery takes longer than `limit` seconds."""

    smtp: Any
    limit: float
    until: float
    deadline: float | None
    watch: Thread | None

    def watch_over(self) -> None:
        """Be ready; the thread starts with the first delivery."""
        self.lock, self.stop = Lock(), Event()
        self.deadline, self.watch = None, None

    def stop_watching(self) -> None:
        """Let the thread end; the next delivery starts another one."""
        self.stop.set()
        self.watch, self.stop = None, Event()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """One delivery within `limit`; one thread watches over all deliveries of this sender, for a thread is dear."""
        if self.watch is None or not self.watch.is_alive():
            self.watch = Thread(target=_watch, args=(ref(self), self.stop), daemon=True)
            self.watch.start()
        self.until = self.deadline = monotonic() + self.limit
        try:
            yield
        finally:
            with self.lock:
                self.deadline = None

    def overdue(self) -> float:
        """Cut the line when a delivery has taken too long; the seconds after which to look again."""
        with self.lock:
            left = self.limit if self.deadline is None else self.deadline - monotonic()
            if left > 0:
                return left
            self._cut()
            return AGAIN_SECONDS

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Cut the line when what happens inside takes longer: a timeout for each step bounds no relay that drips."""
        over = Event()
        watch = Thread(target=self._cut_after, args=(seconds, over), daemon=True)
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()

    def _cut_after(self, seconds: float, over: Event) -> None:
        while not over.wait(seconds):
            seconds = AGAIN_SECONDS  # there may be no line to cut yet
            self._cut()

    def _cut(self) -> None:
        line = getattr(self.smtp, "sock", None)
        if line is not None:
            with suppress(OSError):  # not SSLSocket's own way, which would leave the line open for plain text
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def _watch(watched: "ref[Watched]", stop: Event) -> None:
    """Look after a sender until it is closed or forgotten."""
    pause = 0.0
    while not stop.wait(pause):
        sender = watched()
        if sender is None:
            return
        pause = sender.overdue()
        del sender  # nobody is kept alive by being watched
