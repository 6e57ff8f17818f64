# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is done at this moment, and for how long: one line that changes, or lines in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from momo.installed import needed

with needed(__name__, "conformance"):
    from rich.console import Console
    from rich.status import Status
    from rich.text import Text


class Progress:
    """Says on stderr which law of which method is being checked, or which method.

    On a terminal that is the last line, which is gone at the end. Elsewhere it is a line for each
    law, begun when the law is, without any control characters: the last line of the log of a run
    that was killed names the law.

    Parameters
    ----------
    total
        How many there are to check.
    lines
        Whether to print lines where there is no terminal.
    """

    def __init__(self, total: int, lines: bool = True) -> None:
        self.total, self.done = total, 0
        self.what, self.stopping = "", False
        self.started = self.since = time.perf_counter()
        console = Console(stderr=True, highlight=False)
        lively = sys.stderr.isatty() and not console.is_dumb_terminal
        self.console = console
        self._status = Status(self, console=console) if lively else None
        self._lines = lines and not lively

    def __enter__(self) -> Progress:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()
        elif self._lines and kind is not None:
            print(file=sys.stderr)

    def begin(self, method: str, law: str = "") -> None:
        """Say that a law of a method, or a method, is checked from now on."""
        self.since = time.perf_counter()
        self.what = f"{method}: {law}" if law else method
        if self._lines:
            print(f"{self.what} ... ", end="", file=sys.stderr, flush=True)

    def end(self, word: str = "") -> None:
        """Say what came of it."""
        self.done += 1
        if self._lines:
            seconds = time.perf_counter() - self.since
            print(f"{word} ({seconds:.1f} s)", file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Say that no other is begun; the cursor is shown, since nobody may be left to do that."""
        self.stopping = True
        if self._status is not None:
            self.console.show_cursor(True)

    def __rich__(self) -> Text:
        now = time.perf_counter()
        place = f"{self.done + 1} of {self.total}"
        whole = f"{int(now - self.started) // 60}:{int(now - self.started) % 60:02d} in all"
        line = Text(f"{self.what}, {now - self.since:.0f} s ({place}, {whole})")
        if self.stopping:
            line.append(" stopping; Ctrl-C again kills", "bold")
        line.no_wrap, line.overflow = True, "ellipsis"
        return line
