# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What Ctrl-C does: the first ends the work, so that what is finished is shown; the second kills.

A SIGTERM, as of a batch system whose time is over, counts as a Ctrl-C.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, ClassVar

STATUS = 130
"""The exit status: 128, and the number of SIGINT."""


class Stoppable:
    """A context in which the first SIGINT or SIGTERM raises ``KeyboardInterrupt``, and no other.

    From the first on, both do what they do in a program that knows nothing of them: they end it,
    also where it hangs. Signals that are ignored already stay so.

    Parameters
    ----------
    then
        Called when the first comes, before ``KeyboardInterrupt`` is raised.

    Attributes
    ----------
    asked
        Whether one has come.
    """

    current: ClassVar[Stoppable | None] = None
    """The one that is entered."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.then, self.asked = then, False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stoppable:
        Stoppable.current = self
        if threading.current_thread() is threading.main_thread():  # else nobody may set any
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._first)
        return self

    def _first(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        for each in self._before:
            signal.signal(each, signal.SIG_DFL)
        self.then()
        raise KeyboardInterrupt

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        Stoppable.current = None
        for number, before in self._before.items():
            signal.signal(number, before)


def check() -> None:
    """Raise ``KeyboardInterrupt`` if one was asked for, which may have been swallowed.

    Code of others does that, and Python itself in a finalizer or a callback of C code.
    """
    if Stoppable.current is not None and Stoppable.current.asked:
        raise KeyboardInterrupt
