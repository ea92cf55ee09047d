"""One likelihood taken apart: what each experiment, or each class of observables, says by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from fitlq.errors import UnknownNameError
from fitlq.likelihood.likelihood import Likelihood
from fitlq_theory.naming import unknown_name_message

__all__ = ["groups_of_entries", "split"]

Classes = Mapping[str, str | Sequence[str]]

_GROUPS: Mapping[str, Callable[[Any], str]] = {
    "experiment": lambda entry: " + ".join(entry.experiment),
    "process": lambda entry: str(entry.process),
}


def groups_of_entries(data: Iterable[Any], by: str) -> dict[str, str]:
    """The group of each entry, by id, for one of the words of `split`; errors as there."""
    if by not in _GROUPS:
        raise UnknownNameError(unknown_name_message("way to group measurements", by, sorted(_GROUPS)))
    return {item.entry.id: _GROUPS[by](item.entry) for item in data}


def split(likelihood: Likelihood, by: str | Classes) -> dict[str, Likelihood]:
    """The likelihoods of parts of the measurements; predictions are not prepared again.

    Parameters
    ----------
    likelihood : Likelihood
    by : {"experiment", "process"} or mapping of str to patterns
        A combination of experiments is a group of its own. With a mapping: name of the class -> names or wildcards of
        observables, entry ids or processes; classes may overlap, and what is in none is left out.

    Returns
    -------
    dict
        By name; for a word those with most measurements first, for a mapping in its order. The parts of a likelihood do not
        add up to it, as theory errors and correlations between parts connect them.

    Raises
    ------
    UnknownNameError
        Another word, or a pattern that matches nothing.
    """
    if not isinstance(by, str):
        return {name: likelihood.rebuilt(observables=pattern, predictions=likelihood.predictions) for name, pattern in by.items()}
    group_of = groups_of_entries(likelihood.data, by)
    used = {name for name, _, _ in likelihood.used}
    parts = {}
    for group in sorted({group_of[name] for name in used}):
        others = sorted(name for name in used if group_of[name] != group)
        parts[group] = likelihood.without(*others) if others else likelihood
    return dict(sorted(parts.items(), key=lambda item: -item[1].n_measurements))
