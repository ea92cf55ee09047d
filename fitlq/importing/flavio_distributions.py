"""Probability distributions written as mappings (`distribution: ...`) in flavio's files, one observable at a time.

A gamma distribution in x with shape a, position loc and width scale is the Poisson likelihood of a - 1 observed events with
an expected background -loc/scale, x/scale being the signal; that is how it is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fitlq.importing.constraint_text import parse_value
from fitlq.importing.pieces import Counts, Curve, Limit, NotExpressible, Number, Piece

__all__ = ["piece_of"]

Fields = Mapping[str, Any]
_HALF_NORMAL_LEVEL, _HALF_NORMAL_QUANTILE = 0.9, 1.6448536269514722  # 90 % of a half-normal lie below 1.6449 widths


def piece_of(value: Any) -> Piece:
    """What `value` (text, a distribution, or a list of them) says about one observable.

    Raises
    ------
    NotExpressible
        The schema has no form for it, or it cannot be understood.
    """
    if isinstance(value, Mapping):
        return _distribution(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _convolved([piece_of(one) for one in value])
    return parse_value(str(value))


def _convolved(pieces: Sequence[Piece]) -> Piece:
    """Several distributions of one observable are convolved; here that is possible for errors about one central value."""
    if len(pieces) == 1:
        return pieces[0]
    numbers = [piece for piece in pieces if isinstance(piece, Number)]
    if not numbers or len(numbers) < len(pieces) or len({number.central for number in numbers}) > 1:
        msg = "several distributions of one observable that are not errors of one central value"
        raise NotExpressible(msg)
    return Number(numbers[0].central, tuple(error for number in numbers for error in number.errors))


def _distribution(fields: Fields) -> Piece:
    kind = str(fields.get("distribution"))
    if kind in _REFUSED:
        msg = f"distribution {kind!r}: {_REFUSED[kind]}"
        raise NotExpressible(msg)
    if kind not in _READERS:
        msg = f"distribution {kind!r} is not known"
        raise NotExpressible(msg)
    try:
        return _READERS[kind](fields)
    except (KeyError, TypeError, ValueError) as error:
        problem = f"has no {error.args[0]!r}" if isinstance(error, KeyError) else f"cannot be read ({error})"
        msg = f"distribution {kind!r} {problem}"
        raise NotExpressible(msg) from None


def _normal(fields: Fields) -> Number:
    error = float(fields["standard_deviation"])
    return Number(float(fields["central_value"]), ((error, error),))


def _asymmetric_normal(fields: Fields) -> Number:
    errors = float(fields["right_deviation"]), float(fields["left_deviation"])
    return Number(float(fields["central_value"]), (errors,))


def _half_normal(fields: Fields) -> Limit:
    width = float(fields["standard_deviation"])
    if float(fields["central_value"]) != 0 or width <= 0:
        msg = "distribution 'half_normal' that does not start at zero and go upwards"
        raise NotExpressible(msg)
    return Limit(_HALF_NORMAL_QUANTILE * width, _HALF_NORMAL_LEVEL)


def _upper_limit(fields: Fields) -> Limit:
    return Limit(float(fields["limit"]), float(fields["confidence_level"]))


def _gamma_limit(fields: Fields) -> Counts:
    return Counts(**_events(fields), upper=float(fields["limit"]), cl=float(fields["confidence_level"]))


def _gamma_counts(fields: Fields) -> Counts:
    return Counts(**_events(fields), per_event=float(fields.get("scale_factor", 1.0)))


def _gamma(fields: Fields) -> Counts:
    scale, background = float(fields["scale"]), -float(fields["loc"]) / float(fields["scale"])
    if background < 0 or float(fields["a"]) < 1:
        msg = "distribution 'gamma' that is no Poisson likelihood (position above zero, or shape below one)"
        raise NotExpressible(msg)
    deviation = fields.get("gaussian_standard_deviation")
    error = {} if not deviation else {"bkg_err": float(deviation)}
    return Counts(float(fields["a"]) - 1.0, background, **error, per_event=scale)


def _events(fields: Fields) -> dict[str, float]:
    """Two of the three numbers total = signal + background are enough."""
    given = {key: fields.get(f"counts_{key}") for key in ("total", "background", "signal")}
    known = {key: float(value) for key, value in given.items() if value is not None}
    if len(known) < 2:
        msg = f"counts of which only {', '.join(known) or 'nothing'} is given; two of total, background, signal are needed"
        raise NotExpressible(msg)
    total = known["total"] if "total" in known else known["background"] + known["signal"]
    found = (
        {"n_obs": total, "n_bkg": known["background"]} if "background" in known else {"n_obs": total, "n_sig": known["signal"]}
    )
    error = fields.get("background_std", fields.get("background_variance"))  # the second is flavio's older name of the first
    return found if not error else {**found, "bkg_err": float(error)}


def _numerical(fields: Fields) -> Curve:
    points, values = tuple(map(float, fields["x"])), tuple(map(float, fields["y"]))
    if len(points) != len(values):
        msg = f"distribution 'numerical' with {len(points)} points and {len(values)} values"
        raise NotExpressible(msg)
    return Curve(points, values)


_READERS: Mapping[str, Callable[[Fields], Piece]] = {
    "normal": _normal,
    "asymmetric_normal": _asymmetric_normal,
    "half_normal": _half_normal,
    "gaussian_upper_limit": _upper_limit,
    "gamma_upper_limit": _gamma_limit,
    "general_gamma_upper_limit": _gamma_limit,
    "gamma_counting_process": _gamma_counts,
    "general_gamma_counting_process": _gamma_counts,
    "gamma_positive": _gamma,
    "general_gamma_positive": _gamma,
    "numerical": _numerical,
}

_REFUSED: Mapping[str, str] = {
    "delta": "a number without an error would have infinite weight",
    "uniform": "a range in which all values are equally likely",
    "discrete_uniform": "a range in which all values are equally likely",
    "log_normal": "a factor as error",
    "gamma": "also for negative values; only the one for positive values is a counting experiment",
    "kernel_density_estimate": "samples, not numbers; write the density as 'numerical'",
    "gaussian_kde": "samples, not numbers; write the density as 'numerical'",
}
