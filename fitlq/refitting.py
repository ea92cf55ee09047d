"""The same analysis on other data: what changed in the data, how far every parameter moved, and what moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fitlq.analysis import Analysis
from fitlq.fitting import Fit, fit
from fitlq.likelihood import Likelihood, Pull
from fitlq.plain_data import as_plain
from fitlq.results import ResultFolder, read_folder
from fitlq_theory.errors import InputError

if TYPE_CHECKING:
    from fitlq.measurements import Dataset

__all__ = ["DataChange", "Impact", "ParameterShift", "Refit", "refit"]

Number = tuple[float, float | tuple[float, float]]


class DataChange(NamedTuple):
    """One number that is new, removed or changed; `old` and `new` are (value, error)."""

    kind: str
    id: str
    observable: str
    args: Mapping[str, float | str]
    old: Number | None
    new: Number | None
    reason: str


class ParameterShift(NamedTuple):
    """How one parameter moved; `shift` is in units of its old error."""

    name: str
    old: float
    new: float
    old_error: float
    new_error: float
    shift: float


class Impact(NamedTuple):
    """What one changed entry alone does to the parameters.

    `shifts` are natural values: for an entry of the new data the new fit minus the new fit without it; for a removed one the
    old fit without it minus the old fit. None if nothing can be fitted without it.
    """

    id: str
    kind: str
    shifts: Mapping[str, float] | None
    delta_chi2: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Refit:
    """Two fits of one analysis and what lies between them."""

    old: Fit
    new: Fit
    data_changes: tuple[DataChange, ...]
    parameter_shifts: tuple[ParameterShift, ...]
    impacts: tuple[Impact, ...]
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "old": self.old.to_dict(),
            "new": self.new.to_dict(),
            "data_changes": [as_plain(change._asdict()) for change in self.data_changes],
            "parameter_shifts": [as_plain(shift._asdict()) for shift in self.parameter_shifts],
            "impacts": [as_plain(impact._asdict()) for impact in self.impacts],
            "remarks": list(self.remarks),
        }

    def __str__(self) -> str:
        from fitlq.refit_text import refit_text

        return refit_text(self)


def refit(
    source: Fit | ResultFolder | str | Path,
    *,
    as_of: str | None = None,
    data: Dataset | str | Path | Sequence[str | Path] = (),
    seed: int | None = None,
    impacts: bool = True,
) -> Refit:
    """Fit the same analysis to other data.

    Parameters
    ----------
    source : Fit, ResultFolder, or path of a result folder
    as_of : str, optional
        Day of the new data; None: everything known.
    data : Dataset, or path or paths
        A data set to use as it is, or further measurements laid over those of the analysis.
    seed : int, optional
        As before by default.
    impacts : bool
        Whether to work out what each changed entry does alone (one fit each).

    Raises
    ------
    InputError
        No result folder, or an analysis that cannot be built any more.
    """
    remarks: list[str] = []
    if not isinstance(source, Fit):
        source = _from_folder(source if isinstance(source, ResultFolder) else read_folder(source), remarks)
    old = source
    likelihood = _new_likelihood(old, as_of, data)
    if likelihood.parameters != old.likelihood.parameters:
        msg = "the refit would have other free parameters than the fit"
        raise InputError(msg)
    new = fit(likelihood, seed=old.seed if seed is None else seed)
    remarks += _other_minimum(old, new)
    changes = _data_changes(old, new)
    return Refit(
        old=old,
        new=new,
        data_changes=changes,
        parameter_shifts=tuple(_shift(name, old, new) for name in new.values),
        impacts=_impacts(changes, old, new) if impacts else (),
        remarks=tuple(remarks),
    )


def _other_minimum(old: Fit, new: Fit) -> list[str]:
    """Say so if the shifts mix a move of the data with a jump to another minimum."""
    ranges = {p.name: (p.minimum, p.maximum) for p in new.likelihood.parameter_info}
    start = {name: min(max(value, ranges[name][0]), ranges[name][1]) for name, value in old.values.items()}
    near = fit(new.likelihood, starts=[start])
    errors = [new.errors[name] for name in new.values]
    moved = [abs(near.values[name] - new.values[name]) > 0.5 * error for name, error in zip(new.values, errors, strict=True)]
    if not any(moved):
        return []
    values = ", ".join(f"{name} = {value:.4g}" for name, value in near.values.items())
    away = f"{near.chi2 - new.chi2:+.2f}"
    return [f"the best fit jumped to another minimum; the old one is now at delta chi2 = {away} with {values}"]


def _from_folder(folder: ResultFolder, remarks: list[str]) -> Fit:
    """The fit of a folder, minimised again from its stored best fit."""
    stored = folder.fit_dict
    analysis = folder.analysis
    day = analysis.as_of or stored.get("as_of")
    likelihood = replace(analysis, as_of=day).build()
    likelihood.analysis = analysis
    if stored.get("content_hash") not in (None, likelihood.content_hash):
        remarks.append("data, inputs or code changed since the result was stored; it was fitted again as of its own date")
    values = {name: row["value"] for name, row in stored["parameters"].items()}
    if not set(likelihood.parameters) <= values.keys():
        msg = f"{folder.path}: the stored parameters are not those of the model"
        raise InputError(msg)
    start = {name: values[name] for name in likelihood.parameters}
    return fit(likelihood, starts=[start], seed=int(stored.get("seed", 0)))


def _new_likelihood(old: Fit, as_of: str | None, data: Any) -> Likelihood:
    if hasattr(data, "content_hash"):
        return old.likelihood.rebuilt(data=data)
    analysis = old.likelihood.analysis or Analysis.of(old.likelihood, seed=old.seed)
    more = (data,) if isinstance(data, (str, Path)) else tuple(data)
    return replace(analysis, as_of=as_of, data=(*analysis.data, *map(str, more))).build()


def _data_changes(old: Fit, new: Fit) -> tuple[DataChange, ...]:
    before, after = _numbers(old), _numbers(new)
    reasons = {(one.id, one.observable): one.reason for one in new.likelihood.left_out}
    changes = []
    for key in sorted({*before, *after}, key=repr):
        was, now = before.get(key), after.get(key)
        if was is not None and now is not None and _value(was) == _value(now):
            continue
        kind = "new" if was is None else "removed" if now is None else "changed"
        pull = was or now
        if pull is None:
            continue
        reason = reasons.get((pull.id, pull.observable), "no longer in the data") if now is None else ""
        changes.append(DataChange(kind, pull.id, pull.observable, pull.args, _value(was), _value(now), reason))
    return tuple(changes)


def _numbers(one: Fit) -> dict[tuple[Any, ...], Pull]:
    found: dict[tuple[Any, ...], Pull] = {}
    for pull in one.pulls:
        key = (pull.id, pull.observable, tuple(sorted(pull.args.items())))
        count = sum(known[:3] == key for known in found)
        found[(*key, count)] = pull  # an entry may measure one observable twice
    return found


def _value(pull: Pull | None) -> Number | None:
    return None if pull is None else (pull.measured, pull.error)


def _shift(name: str, old: Fit, new: Fit) -> ParameterShift:
    error = old.errors[name]
    moved = new.values[name] - old.values[name]
    return ParameterShift(name, old.values[name], new.values[name], error, new.errors[name], moved / error if error else 0.0)


def _impacts(changes: Sequence[DataChange], old: Fit, new: Fit) -> tuple[Impact, ...]:
    kinds: dict[str, str] = {}
    for change in changes:
        kinds[change.id] = "changed" if kinds.get(change.id, change.kind) != change.kind else change.kind
    return tuple(_impact(name, kind, old, new) for name, kind in kinds.items())


def _impact(name: str, kind: str, old: Fit, new: Fit) -> Impact:
    full, sign = (old, -1.0) if kind == "removed" else (new, 1.0)
    try:
        reduced = full.likelihood.without(name)
        other = fit(reduced, starts=[dict(full.values)])
    except InputError:
        return Impact(name, kind, None, None)
    shifts = {parameter: sign * (value - other.values[parameter]) for parameter, value in full.values.items()}
    return Impact(name, kind, shifts, sign * (full.chi2 - other.chi2))
