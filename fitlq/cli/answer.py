"""What a verb gives back: text for people, data for machines, and the exit status. Only `fitlq.cli.main` prints it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

import numpy as np

__all__ = ["Answer", "Interrupted", "json_text"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a verb.

    Attributes
    ----------
    text : callable
        Returns what is printed without ``--json`` (a function, so that unused text costs nothing).
    data : object
        What ``--json`` prints; numbers that are not finite become null.
    status : int
        Exit status.
    problems : str
        Printed on standard error.
    """

    text: Callable[[], str]
    data: Any = None
    status: int = 0
    problems: str = ""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during work of which a part was saved; the message says what and where."""


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (complex, np.complexfloating)):
        return {"re": _plain(value.real), "im": _plain(value.imag)}
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)


def json_text(data: Any) -> str:
    """JSON of `data`: arrays become lists, complex numbers ``{"re", "im"}``, NaN and infinities null."""
    return json.dumps(_plain(data), indent=2, ensure_ascii=False, allow_nan=False)
