"""What changed in the data between two fits, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from fitlq.likelihood import Pull

if TYPE_CHECKING:
    from fitlq.fitting import Fit

__all__ = ["DataChange", "Number", "data_changes"]

Number = tuple[float, float | tuple[float, float]]
Key = tuple[Any, ...]  # id, observable, arguments, and how often it occurred before: an entry may measure one twice
Correlations = dict[Key, tuple[float, ...]]

_SAME_CORRELATION = 1e-9  # correlations computed from covariances agree only up to rounding


class DataChange(NamedTuple):
    """One number that is new, removed or changed; `old` and `new` are (value, error).

    `reason` says why it was removed, or what else changed if value and error are the same.
    """

    kind: str
    id: str
    observable: str
    args: Mapping[str, float | str]
    old: Number | None
    new: Number | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Stated:
    """One number of a fit: as it is shown, its correlations, and the shape of its likelihood."""

    pull: Pull
    correlations: Correlations
    shape: tuple[float | str, ...]

    @property
    def value(self) -> Number:
        """What is shown."""
        return self.pull.measured, self.pull.error


def data_changes(old: Fit, new: Fit) -> tuple[DataChange, ...]:
    """Numbers that are new, removed, or changed in value, error, correlations, counts or grid."""
    before, after = _numbers(old), _numbers(new)
    common = before.keys() & after.keys()
    reasons = {(one.id, one.observable): one.reason for one in new.likelihood.left_out}
    changes = []
    for key in sorted({*before, *after}, key=repr):
        was, now = before.get(key), after.get(key)
        if was is not None and now is not None:
            what = _difference(was, now, common)
            if what is not None:
                changes.append(_change("changed", now.pull, was.value, now.value, what))
        elif now is not None:
            changes.append(_change("new", now.pull, None, now.value, ""))
        elif was is not None:
            reason = reasons.get((was.pull.id, was.pull.observable), "no longer in the data")
            changes.append(_change("removed", was.pull, was.value, None, reason))
    return tuple(changes)


def _change(kind: str, pull: Pull, old: Number | None, new: Number | None, reason: str) -> DataChange:
    return DataChange(kind, pull.id, pull.observable, pull.args, old, new, reason)


def _difference(was: _Stated, now: _Stated, common: set[Key]) -> str | None:
    """None: the same; else what changed, empty if value and error show it."""
    if repr(was.value) != repr(now.value):  # a grid has no error: NaN, which equals only itself as text
        return ""
    if was.pull.limit != now.pull.limit or was.shape != now.shape:
        return "its counts, limit or likelihood grid changed"
    partners = [key for key in {*was.correlations, *now.correlations} if key in common]
    moved = [key for key in partners if _moved(was.correlations.get(key), now.correlations.get(key))]
    if not moved:
        return None
    others = sorted({key[0] for key in moved} - {now.pull.id})
    return f"its correlation with {', '.join(others)} changed" if others else "its correlations changed"


def _moved(old: tuple[float, ...] | None, new: tuple[float, ...] | None) -> bool:
    known = old or new or ()
    first, second = old or (0.0,) * len(known), new or (0.0,) * len(known)
    return any(abs(a - b) > _SAME_CORRELATION for a, b in zip(first, second, strict=True))


def _numbers(one: Fit) -> dict[Key, _Stated]:
    pulls, details = one.pulls, one.likelihood.number_details
    keys: list[Key] = []
    for pull in pulls:
        key = (pull.id, pull.observable, tuple(sorted(pull.args.items())))
        keys.append((*key, sum(known[:3] == key for known in keys)))
    return {
        key: _Stated(pull, {keys[j]: rho for j, rho in detail.correlations.items()}, detail.shape)
        for key, pull, detail in zip(keys, pulls, details, strict=True)
    }
