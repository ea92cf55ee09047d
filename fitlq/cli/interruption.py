"""Ctrl-C while sampling: the block of steps under way is finished and saved before the program ends."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

__all__ = ["InterruptibleProgress"]


class InterruptibleProgress:
    """Progress of sampling that ends the run between two blocks once Ctrl-C was pressed; pressed again, at once.

    Inside a block emcee would report the interrupt as a failure of the likelihood. Use as a context manager and as the
    `progress` of `fitlq.sample`.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: Any = None
        self._shown: Any = None

    def __enter__(self) -> InterruptibleProgress:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._shown is not None:
            self._shown.close()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, self._before)

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are complete; raise KeyboardInterrupt if it was asked for."""
        if self._shown is None:
            from fitlq.sampling.progress import Progress

            # the first call comes after the first block, so the remaining time counts from there
            self._shown = Progress(True, total, done)
        self._shown.update(done)
        if self._asked:
            raise KeyboardInterrupt
