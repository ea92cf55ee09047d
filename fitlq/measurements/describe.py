"""Measurements in words and in one line: ``0.358 ± 0.024``, ``1.30 (+0.33 -0.30) e-10``, ``< 2.2e-09 (90% CL)``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from fitlq.measurements.data_forms import (
    CountingChannel,
    CountingData,
    ExclusionData,
    ExternalData,
    GridData,
    LimitData,
)
from fitlq.measurements.entry import Entry
from fitlq.measurements.exclusions import bound_in_words, bound_with_conditions
from fitlq.measurements.gaussian import GaussianData, SystematicSource

__all__ = ["describe_entry", "describe_value", "format_measured"]

# numbers outside this range get a power of ten of their own
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e5
_DECIMALS = 6  # and so do those that take more decimals than this


def format_measured(central: float, plus: float, minus: float) -> str:
    """A value with its errors, two significant digits of the smaller error.

    Parameters
    ----------
    central, plus, minus : float
        `plus` and `minus` are positive.

    Returns
    -------
    str
        ``0.358 ± 0.024`` or ``1.30 (+0.33 -0.30) e-10``.
    """
    errors = [error for error in (plus, minus) if error > 0]
    exponent = _exponent(max(abs(central), plus, minus), min(errors, default=0.0))
    # dividing by a positive power is more exact than multiplying by a negative one
    value, up, down = ((x / 10.0**exponent if exponent >= 0 else x * 10.0**-exponent) for x in (central, plus, minus))
    smaller = min(error for error in (up, down) if error > 0) if max(up, down) > 0 else 1.0
    digits = max(0, 1 - math.floor(math.log10(smaller)))
    texts = [f"{number:.{digits}f}" for number in (value, up, down)]
    power = f" e{exponent:+03d}" if exponent else ""
    if texts[1] == texts[2]:
        return f"({texts[0]} ± {texts[1]}){power}" if power else f"{texts[0]} ± {texts[1]}"
    return f"{texts[0]} (+{texts[1]} -{texts[2]}){power}"


def _exponent(largest: float, error: float) -> int:
    decimals = 1 - math.floor(math.log10(error)) if error > 0 else 0
    if largest == 0 or (_PLAIN_FROM <= largest < _PLAIN_TO and decimals <= _DECIMALS):
        return 0
    return math.floor(math.log10(largest))


def describe_value(entry: Entry, index: int) -> str:
    """One line for one number of an entry, in canonical units (GeV and powers).

    Parameters
    ----------
    entry : Entry
    index : int
        Position in ``entry.observables``.
    """
    data = entry.data
    if isinstance(data, GaussianData):
        return format_measured(float(data.central[index]), float(data.plus[index]), float(data.minus[index]))
    if isinstance(data, LimitData):
        return _limit(data, index)
    if isinstance(data, CountingData):
        return _channel(data.channels[index], data.cl)
    if isinstance(data, GridData):
        axis = data.axes[index]
        return f"{data.meaning.split(',')[0]} on a grid from {axis[0]:.4g} to {axis[-1]:.4g} ({len(axis)} points)"
    if isinstance(data, ExternalData):
        return f"likelihood kept elsewhere: {data.format}, {data.ref}"
    return f"{bound_in_words(data.bounds[0], data.unit)} ({_percent(data.cl)} CL)"


def _limit(data: LimitData, index: int) -> str:
    parts = []
    if data.lower is not None:
        parts.append(f"> {data.lower[index]:.3g}")
    if data.upper is not None:
        parts.append(f"< {data.upper[index]:.3g}")
    parts[-1] += f" ({_percent(data.cl)} CL)"
    parts += [f"< {upper[index]:.3g} ({_percent(cl)} CL)" for cl, upper in data.also]
    return ", ".join(parts)


def _channel(channel: CountingChannel, cl: float | None) -> str:
    upper = f"< {channel.upper:.3g} ({_percent(cl)} CL), " if channel.upper is not None and cl is not None else ""
    error = f" ± {channel.bkg_err:g}" if channel.bkg_err is not None else ""
    estimate = (
        f"{channel.n_bkg:g}{error} background" if channel.n_bkg is not None else f"{channel.n_sig or 0:g} signal events fitted"
    )
    return f"{upper}{channel.n_obs:g} events, {estimate}"


def _percent(cl: float) -> str:
    return f"{100 * cl:g}%"


def describe_entry(entry: Entry) -> str:
    """Everything the database knows about an entry, several lines."""
    lines = [f"{entry.id}  ({entry.kind}, {', '.join(entry.experiment)}, {entry.date_text})", f"  process: {entry.process}"]
    width = max(len(str(observable)) for observable in entry.observables)
    lines += [f"  {observable!s:<{width}}  {describe_value(entry, i)}" for i, observable in enumerate(entry.observables)]
    lines += _correlations(entry)
    if isinstance(entry.data, ExclusionData):
        lines += [f"  bound: {bound_with_conditions(bound, entry.data.unit)}" for bound in entry.data.bounds]
    lines += _systematics(entry)
    lines += [f"  {key}: {_joined(value)}" for key, value in entry.refs.items()]
    lines += [f"  assumes: {text}" for text in entry.assumptions]
    lines += _relations(entry)
    if entry.representation:
        default = ", the default" if entry.representation.default else ""
        lines.append(f"  form {entry.representation.name!r} of the data set {entry.representation.group}{default}")
    if entry.projected:
        lines.append("  a projection of a future measurement: used only when asked for")
    if entry.unusual:
        lines.append(f"  unusual, but right: {entry.unusual}")
    if entry.off_by_default:
        lines.append(f"  used only when asked for: {entry.off_by_default}")
    lines.append(f"  checked: {entry.provenance.level} ({entry.provenance.how})")
    if entry.note:
        lines.append(f"  note: {entry.note}")
    if entry.file:
        lines.append(f"  file: {entry.file}{f', line {entry.line}' if entry.line else ''}")
    return "\n".join(lines)


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _correlations(entry: Entry) -> list[str]:
    data = entry.data
    if not isinstance(data, GaussianData):
        return []
    found = []
    for label, matrix in data.correlations.items():
        if len(matrix) == 2:
            found.append(f"  correlation ({label}): {matrix[0, 1]:+.3g}")
        else:
            found.append(f"  correlation ({label}): matrix {len(matrix)} x {len(matrix)}")
    return found


def _systematics(entry: Entry) -> list[str]:
    """One line per source: its errors, with signs, and how it correlates the numbers."""
    sources = entry.data.sources if isinstance(entry.data, GaussianData) else ()
    if not sources:
        return []
    names = [f"{source.name} (shared)" if source.shared else source.name for source in sources]
    width = max(map(len, names))
    lines = [
        f"    {name:<{width}}  {'  '.join(f'{error:>10.4g}' for error in source.errors)}{_stated_correlation(source)}"
        for name, source in zip(names, sources, strict=True)
    ]
    return ["  systematic errors by source (a shared one is the same in all entries that name it):", *lines]


def _stated_correlation(source: SystematicSource) -> str:
    others = np.unique(source.correlation[~np.eye(len(source.errors), dtype=bool)])
    if len(others) > 1:
        return "  correlation: matrix"
    return f"  correlation {others[0]:+.3g}" if len(others) else ""


def _relations(entry: Entry) -> list[str]:
    relations = entry.relations
    supersedes = [
        one.id if one.observables is None else f"{one.id} ({', '.join(one.observables)})" for one in relations.supersedes
    ]
    named: Mapping[str, Iterable[str]] = {
        "replaces": supersedes,
        "averages": relations.inputs,
        "shares data with": relations.shares_data_with,
        "independent of": relations.independent_of,
        "correlated with": [one.id for one in relations.correlated_with],
    }
    return [f"  {words}: {', '.join(ids)}" for words, ids in named.items() if ids]
