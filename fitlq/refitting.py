"""The same analysis on other data: what changed in the data, how far every parameter moved, and what moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

import numpy as np

from fitlq.analysis import Analysis
from fitlq.fitting import Fit, Minimum, fit
from fitlq.fitting.minimisation import search
from fitlq.fitting.objective import Objective
from fitlq.formatting import format_pull
from fitlq.likelihood import Likelihood
from fitlq.plain_data import as_plain
from fitlq.refit_changes import DataChange, data_changes
from fitlq.results import ResultFolder, read_folder
from fitlq_theory.errors import InputError

if TYPE_CHECKING:
    from fitlq.measurements import Dataset

__all__ = ["DataChange", "Impact", "ParameterShift", "Refit", "refit", "refit_analysis"]

_BETTER_BY = 0.02  # in chi2: minima closer than that are equally good


class ParameterShift(NamedTuple):
    """How one parameter moved; `shift` is in units of its old error, NaN if it had none (it changed nothing)."""

    name: str
    old: float
    new: float
    old_error: float
    new_error: float
    shift: float


class Impact(NamedTuple):
    """What one changed entry alone does to the parameters.

    `shifts` are natural values: for an entry of the new data the new fit minus the new fit without it; for a removed one the
    old fit without it minus the old fit. The fit without it starts at the best fit with it and stays in that minimum. None
    if nothing can be fitted without it; None for a parameter that nothing else fixes.

    `other_minimum_better`: without the entry, another minimum of the fit with it becomes the best one. The shifts do not
    contain that jump.
    """

    id: str
    kind: str
    shifts: Mapping[str, float | None] | None
    delta_chi2: float | None
    other_minimum_better: bool = False


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
    include: str | Sequence[str] = (),
    representations: Mapping[str, str] | None = None,
    seed: int | None = None,
    impacts: bool = True,
) -> Refit:
    """Fit the same analysis to other data.

    Parameters
    ----------
    source : Fit, ResultFolder, or path of a result folder
    as_of : str, optional
        Day of the new data; None: everything known. Not together with a `Dataset`, which has a day of its own.
    data : Dataset, or path or paths
        A data set to use as it is, or further measurements laid over those of the analysis.
    include : str or sequence of str
        Entries to use although they are off by default, besides those of the analysis: ids, wildcards, ``unverified``,
        ``projected``. Not together with a `Dataset`, which has made its choices.
    representations : mapping of str to str, optional
        Forms of data sets to use, by group, in place of those of the analysis. Not together with a `Dataset`.
    seed : int, optional
        As before by default.
    impacts : bool
        Whether to work out what each changed entry does alone, in the same minimum (about one fit each); see `Impact`.

    Raises
    ------
    InputError
        No result folder, an analysis that cannot be built any more, or a `Dataset` together with `as_of`, `include` or
        `representations`.
    """
    if _is_data_set(data) and (include or representations):
        msg = "include and representations cannot be applied to a ready data set: load it with them instead"
        raise InputError(msg)
    if as_of is not None and _is_data_set(data):
        msg = f"as_of = {as_of!r} cannot be applied to a ready data set (as of {data.as_of}): load it as of that day instead"
        raise InputError(msg)
    remarks: list[str] = []
    if not isinstance(source, Fit):
        source = _from_folder(source if isinstance(source, ResultFolder) else read_folder(source), remarks)
    old = source
    wanted = (include,) if isinstance(include, str) else tuple(include)
    likelihood = _new_likelihood(old, as_of, data, wanted, representations or {})
    if likelihood.parameters != old.likelihood.parameters:
        msg = "the refit would have other free parameters than the fit"
        raise InputError(msg)
    new = fit(likelihood, seed=old.seed if seed is None else seed)
    remarks += _other_minimum(old, new)
    changes = data_changes(old, new)
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
    away = format_pull(near.chi2 - new.chi2)
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


def _is_data_set(data: Any) -> TypeGuard[Dataset]:
    return hasattr(data, "content_hash")


def _new_likelihood(
    old: Fit, as_of: str | None, data: Any, include: tuple[str, ...], representations: Mapping[str, str]
) -> Likelihood:
    if _is_data_set(data):
        return old.likelihood.rebuilt(data=data)
    analysis = old.likelihood.analysis or Analysis.of(old.likelihood, seed=old.seed)
    more = (data,) if isinstance(data, (str, Path)) else tuple(data)
    return refit_analysis(analysis, as_of, more, include, representations).build()


def refit_analysis(
    analysis: Analysis,
    as_of: str | None,
    data: Sequence[str | Path],
    include: Sequence[str] = (),
    representations: Mapping[str, str] | None = None,
) -> Analysis:
    """The analysis of a refit: of another day, with further data and other choices among them."""
    added = {Path(place).resolve() for place in data}
    # a folder named again is laid once, on top
    kept = [place for place in analysis.data if Path(place).resolve() not in added]
    return replace(
        analysis,
        as_of=as_of,
        data=(*kept, *map(str, data)),
        include=tuple(dict.fromkeys((*analysis.include, *include))),
        representations={**analysis.representations, **(representations or {})},
    )


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
    near = _same_minimum(full, other)
    shifts = {
        parameter: None if parameter in reduced.idle else sign * (value - near.values[parameter])
        for parameter, value in full.values.items()
    }
    lowest = other.chi2
    if len(full.minima) > 1:
        starts = np.array([[minimum.values[parameter] for parameter in full.values] for minimum in full.minima[1:]])
        lowest = min(lowest, search(Objective(reduced), starts)[0].chi2)
    return Impact(name, kind, shifts, sign * (full.chi2 - near.chi2), lowest < near.chi2 - _BETTER_BY)


def _same_minimum(full: Fit, other: Fit) -> Minimum:
    """Of the minima found from the best fit of `full`, the one nearest to it in its errors."""

    def distance(minimum: Minimum) -> float:
        away = ((minimum.values[name] - value, full.errors[name]) for name, value in full.values.items())
        return sum((moved / error) ** 2 for moved, error in away if error > 0)

    best = Minimum(other.chi2, other.values)  # as minima[0], but to full accuracy
    return min((best, *other.minima[1:]), key=distance)
