"""Progress of a long run: a bar with the remaining time on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

__all__ = ["Progress"]

_SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Counts steps.

    Parameters
    ----------
    wanted : bool or callable
        False: silent. A callable gets (steps done, steps in total).
    """

    def __init__(self, wanted: bool | Callable[[int, int], None], total: int, done: int) -> None:
        self._call = wanted if callable(wanted) else None
        self._bar: Any = None
        self._lines = False
        self._total, self._first, self._done = total, done, done
        self._started = self._last_line = time.monotonic()
        if wanted is True and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, initial=done, unit="step", file=sys.stderr)
        elif wanted is True:
            self._lines = True

    def update(self, done: int) -> None:
        """Say that `done` steps are complete."""
        if self._call is not None:
            self._call(done, self._total)
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._done = done
        now = time.monotonic()
        if self._lines and (now - self._last_line > _SECONDS_BETWEEN_LINES):
            self._last_line = now
            rate = (done - self._first) / (now - self._started)
            left = (self._total - done) / rate if rate > 0 else float("inf")
            print(f"sampling: {done} of at most {self._total} steps, about {left:.0f} s left", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Finish the bar."""
        if self._bar is not None:
            self._bar.close()
