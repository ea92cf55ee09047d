r"""What the Belle II measurement of B+ -> K+ nu nubar sees of another q2 spectrum.

The published branching ratio, 2.3(7)e-5 (arXiv:2311.14647), is the size of a signal with the *Standard Model* spectrum. A
spectrum of another shape is selected with another efficiency and falls into other bins. Each bin b of the fit expects

.. math:: n_b = \int dq^2\, \rho_b(q^2)\, \frac{p(q^2)}{p_{SM}(q^2)} \frac{BR}{BR_{SM}}

events, with p normalised spectra and rho_b the published density of Standard Model events (HEPData 10.17182/hepdata.166082,
arXiv:2507.12393). A fit of one strength of the Standard Model shape with uncertainties :math:`\sqrt{N_b}` returns

.. math:: BR_{fit} = \kappa\, BR, \qquad \kappa = \int dq^2\, p(q^2) K(q^2), \qquad
          K(q^2) = \frac{\sum_b (s_b/N_b)\, \rho_b(q^2)}{p_{SM}(q^2) \sum_b s_b^2/N_b}, \qquad s_b = \int \rho_b

so that kappa is a mean of one function K. A fit compares 2.3(7)e-5 with BR_SM + kappa BR(new); comparing with BR_SM + BR(new)
(`total`) is what papers often do and takes kappa = 1.

Approximations: systematic uncertainties do not enter the weights of the bins (with equal weights instead,
kappa of the inclusive tag is the ratio of efficiencies: larger by up to 22 % where it is above 0.5, by a factor 1.3 to 2.6
below); the two tags are
combined with the errors published for their sum, not bin by bin; K is interpolated between the 100 columns of generated q2.
The published likelihood has none of these limitations. The measured branching ratio is used at any size of the signal; the
bins with large counts are dominated by background.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.invisible.rates import branching_ratio, spectrum
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["TAGS", "acceptance", "acceptance_at", "efficiency", "expected_events"]

Real = NDArray[np.float64]

TAGS = ("combined", "inclusive", "hadronic")
_DECAY = "B+->Knunu"
_COLUMNS = 100
_CONTROL_REGION = "B"


@cache
def _table() -> dict[str, Any]:
    name = "belle2_knunu_response.yaml"
    text = files("fitlq_theory.inputs").joinpath("tables", name).read_text(encoding="utf-8")
    table: dict[str, Any] = load_yaml(text, name)
    return table


def expected_events(tag: str) -> dict[str, Real]:
    """Standard Model events by bin of the fit, each (100,), by column of generated q2; `tag` is inclusive or hadronic."""
    if tag not in TAGS[1:]:
        raise UnknownNameError(unknown_name_message("tag of the Belle II measurement", tag, TAGS[1:]))
    unit = float(_table()[tag]["unit"])
    return {
        name: unit * np.pad(np.array(row, dtype=np.float64), (0, _COLUMNS - len(row)))
        for name, row in _table()[tag]["rows"].items()
    }


def _centres() -> Real:
    return np.asarray((np.arange(_COLUMNS) + 0.5) * float(_table()["column_width"]), dtype=np.float64)


def _standard_model_shape(point: ParameterPoint, q2: Real) -> Real:
    """Normalised spectrum of neutrinos: lambda^(3/2) f_+^2, the vector current of massless fermions, in GeV^-2."""
    shape = spectrum(point, _DECAY, "chiV", "V", q2, 0.0)
    return np.asarray(shape / branching_ratio(point, _DECAY, "chiV", "V", 0.0))


def _over_spectrum(point: ParameterPoint, events: Real) -> Real:
    """Events per column over the Standard Model spectrum there; 0 for a column beyond the end point."""
    shape = _standard_model_shape(point, _centres())
    return np.divide(events, shape, out=np.zeros_like(events), where=shape > 0.0)


def _kernel(point: ParameterPoint, tag: str) -> Real:
    """K at the centres of the columns, normalised to kappa = 1 for the Standard Model."""
    if tag == "combined":
        weights = {name: 1.0 / float(error) for name, error in _table()["squared_errors"].items()}
        rows = [weight / sum(weights.values()) * _shared_kernel(point, name) for name, weight in weights.items()]
        return np.asarray(np.sum(rows, axis=0))
    observed = _table()[tag]["observed"]
    events = np.sum([row.sum() / observed[name] * row for name, row in expected_events(tag).items()], axis=0)
    kernel = _over_spectrum(point, events)
    rate = branching_ratio(point, _DECAY, "chiV", "V", 0.0)
    return np.asarray(kernel * rate / _seen(point, "chiV", "V", 0.0, kernel))


def _shared_kernel(point: ParameterPoint, tag: str) -> Real:
    if tag not in TAGS:
        raise UnknownNameError(unknown_name_message("tag of the Belle II measurement", tag, TAGS))
    return point.shared(("belle2 acceptance", tag), lambda p: _kernel(p, tag))


def _seen(point: ParameterPoint, operator: str, quark: str, mass: ArrayLike, kernel: Real) -> Real:
    centres = _centres()
    return branching_ratio(point, _DECAY, operator, quark, mass, weight=lambda q2: np.interp(q2, centres, kernel))


def acceptance(point: ParameterPoint, operator: str, quark: str, mass: ArrayLike, tag: str = "combined") -> Real:
    """kappa: branching ratio that Belle II would report over the true one, for B+ -> K+ + invisible pair.

    Parameters
    ----------
    operator, quark, mass
        As `branching_ratio`; one value for each mass, 1 for masses above threshold (where there is no rate).
    tag : {"combined", "inclusive", "hadronic"}
        The measurement it is meant for: 2.3(7)e-5, 2.7(7)e-5 or 1.1(1.1)e-5.
    """
    rate = branching_ratio(point, _DECAY, operator, quark, mass)
    seen = _seen(point, operator, quark, mass, _shared_kernel(point, tag))
    return np.divide(seen, rate, out=np.ones_like(seen), where=rate > 0.0)


def acceptance_at(point: ParameterPoint, q2: ArrayLike, tag: str = "combined") -> Real:
    """kappa of a line in q2 (GeV^2): B+ -> K+ and a single invisible particle of mass squared q2.

    Raises
    ------
    InputError
        A negative q2.
    """
    at = np.asarray(q2, dtype=np.float64)
    if not np.all(at >= 0.0):
        msg = f"q2 must not be negative, found {np.min(at):g} GeV^2"
        raise InputError(msg)
    return np.asarray(np.interp(at, _centres(), _shared_kernel(point, tag)))


def efficiency(point: ParameterPoint, q2: ArrayLike, tag: str = "inclusive") -> Real:
    """Approximate efficiency of the signal region at `q2` (GeV^2): selected over produced decays of charged B mesons."""
    rows = [row for name, row in expected_events(tag).items() if not name.startswith(_CONTROL_REGION)]
    produced = float(_table()["charged_b_mesons"]) * float(_table()["standard_model_branching_ratio"])
    at_centres = _over_spectrum(point, np.sum(rows, axis=0)) / (produced * float(_table()["column_width"]))
    return np.asarray(np.interp(np.asarray(q2, dtype=np.float64), _centres(), at_centres))
