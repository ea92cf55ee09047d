r"""Angular observables of B -> V l l in the convention of LHCb: S_i, A_i, P_i, P_i' and combinations.

With :math:`S_i = \int (I_i + \bar I_i)`, :math:`A_i = \int (I_i - \bar I_i)` and the sum D of both rates, all over the same bin:

.. math::

    S_i/D,\; A_i/D, \quad F_L = -S_{2c}/D, \quad A_{FB} = (\tfrac34 S_{6s} + \tfrac38 S_{6c})/D, \quad
    A_{FB}^{CP} = (\tfrac34 A_{6s} + \tfrac38 A_{6c})/D \\
    P_1 = \frac{S_3}{2 S_{2s}}, \quad P_2 = \frac{S_{6s}}{8 S_{2s}}, \quad P_3 = -\frac{S_9}{4 S_{2s}}, \quad
    A_T^{Im} = \frac{A_9}{2 S_{2s}}, \quad A_T^{Re} = \frac{S_{6s}}{4 S_{2s}}, \quad
    P'_{4,5,6,8} = \frac{S_{4,5,7,8}}{2\sqrt{-S_{2s} S_{2c}}}

Signs of P_i: arXiv:1512.04442. For massless leptons :math:`S_{2s} = (1 - F_L) D/4`; LHCb neglects the mass in its fits of
[0.1, 0.98] GeV^2,
which correspond to neither definition exactly.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Combination, Forms
from fitlq_theory.observables.dilepton_observables import side_by_side
from fitlq_theory.observables.meson_dilepton_angular import VECTOR_COEFFICIENTS
from fitlq_theory.observables.meson_dilepton_forms import AngularForms
from fitlq_theory.observables.meson_dilepton_observables import Channel, Parts, Quantity, rate_quantities
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["difference_quantities", "vector_quantities"]

Real = NDArray[np.float64]

_TRANSVERSE: Parts = (("2s", 1.0),)
_LONGITUDINAL: Parts = (("2c", -1.0),)
_FORWARD_BACKWARD: Parts = (("6s", 0.75), ("6c", 0.375))
_PRIMED: dict[str, Parts] = {f"P{n}p": ((i, 0.5),) for n, i in (("4", "4"), ("5", "5"), ("6", "7"), ("8", "8"))}


def _over_rate(parts: Parts, channel: Channel, point: ParameterPoint, arguments: Arguments, *, difference: bool = False) -> Forms:
    forms = channel.forms(point, arguments)
    return Forms(np.stack([forms.combined(parts, difference=difference), channel.rate(forms)]), (1.0, -1.0))


def _over_transverse(
    parts: Parts, channel: Channel, point: ParameterPoint, arguments: Arguments, *, difference: bool = False
) -> Forms:
    forms = channel.forms(point, arguments)
    return Forms(np.stack([forms.combined(parts, difference=difference), forms.combined(_TRANSVERSE)]), (1.0, -1.0))


def _primed_forms(parts: Parts, forms: AngularForms) -> Real:
    return np.stack([forms.combined(p) for p in (parts, _TRANSVERSE, _LONGITUDINAL)])


def _primed(parts: Parts, channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    return Forms(_primed_forms(parts, channel.forms(point, arguments)), (1.0, -0.5, -0.5))


def _angular_quantities() -> list[Quantity]:
    found = []
    for i in VECTOR_COEFFICIENTS:
        parts: Parts = ((i, 1.0),)
        found.append(Quantity(f"S{i}", f"S_{{{i}}}", f"CP-averaged angular coefficient {i}", partial(_over_rate, parts)))
        asymmetry = partial(_over_rate, parts, difference=True)
        found.append(Quantity(f"A{i}", f"A_{{{i}}}", f"CP asymmetry of angular coefficient {i}", asymmetry))
    return found


def vector_quantities() -> tuple[Quantity, ...]:
    """All quantities of one channel, the rates among them."""
    transverse: tuple[tuple[str, str, Parts, bool], ...] = (
        ("P1", "P_1", (("3", 0.5),), False),
        ("P2", "P_2", (("6s", 0.125),), False),
        ("P3", "P_3", (("9", -0.25),), False),
        ("ATIm", r"A_T^{\mathrm{Im}}", (("9", 0.5),), True),
        ("ATRe", r"A_T^{\mathrm{Re}}", (("6s", 0.25),), False),
    )
    return (
        *rate_quantities(),
        Quantity("FL", "F_L", "longitudinal polarisation fraction", partial(_over_rate, _LONGITUDINAL)),
        Quantity("AFB", "A_{FB}", "forward-backward asymmetry of the leptons", partial(_over_rate, _FORWARD_BACKWARD)),
        Quantity(
            "AFBCP",
            "A_{FB}^{CP}",
            "CP asymmetry of the forward-backward asymmetry",
            partial(_over_rate, _FORWARD_BACKWARD, difference=True),
        ),
        *_angular_quantities(),
        *(
            Quantity(name, tex, f"optimised angular observable {name}", partial(_over_transverse, parts, difference=difference))
            for name, tex, parts, difference in transverse
        ),
        *(
            Quantity(name, f"P_{name[1]}'", f"optimised angular observable P{name[1]}'", partial(_primed, parts))
            for name, parts in _PRIMED.items()
        ),
    )


def _primed_difference(f: Real) -> Real:
    return np.asarray(f[..., 0] / np.sqrt(f[..., 1] * f[..., 2]) - f[..., 3] / np.sqrt(f[..., 4] * f[..., 5]))


def _primed_difference_gradient(f: Real) -> Real:
    first, second = 1 / np.sqrt(f[..., 1] * f[..., 2]), 1 / np.sqrt(f[..., 4] * f[..., 5])
    one, two = f[..., 0] * first, f[..., 3] * second
    parts = (first, -0.5 * one / f[..., 1], -0.5 * one / f[..., 2], -second, 0.5 * two / f[..., 4], 0.5 * two / f[..., 5])
    return np.stack(parts, axis=-1)


def _ratio_difference(f: Real) -> Real:
    return np.asarray(f[..., 0] / f[..., 1] - f[..., 2] / f[..., 3])


def _ratio_difference_gradient(f: Real) -> Real:
    parts = (1 / f[..., 1], -f[..., 0] / f[..., 1] ** 2, -1 / f[..., 3], f[..., 2] / f[..., 3] ** 2)
    return np.stack(parts, axis=-1)


PRIMED_DIFFERENCE = Combination(_primed_difference, _primed_difference_gradient)
RATIO_DIFFERENCE = Combination(_ratio_difference, _ratio_difference_gradient)


def _both_leptons(channel: Channel) -> tuple[Channel, Channel]:
    return channel, Channel(channel.mode, "e", channel.angular)


def _difference_of_primed(parts: Parts, channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    muon, electron = (_primed_forms(parts, c.forms(point, arguments)) for c in _both_leptons(channel))
    return Forms(side_by_side(muon, electron), (1.0,) * 6, PRIMED_DIFFERENCE)


def _difference_of_asymmetries(channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    muon, electron = (_over_rate(_FORWARD_BACKWARD, c, point, arguments).quadratic for c in _both_leptons(channel))
    return Forms(side_by_side(muon, electron), (1.0,) * 4, RATIO_DIFFERENCE)


def difference_quantities() -> tuple[Quantity, ...]:
    """Muons minus electrons: P'_i and A_FB."""
    return (
        *(
            Quantity(
                f"Dmue_{name}",
                f"D_{{P_{name[1]}'}}^{{\\mu e}}",
                f"P{name[1]}' of muons minus that of electrons",
                partial(_difference_of_primed, parts),
            )
            for name, parts in _PRIMED.items()
        ),
        Quantity(
            "Dmue_AFB",
            r"D_{A_{FB}}^{\mu e}",
            "forward-backward asymmetry of muons minus that of electrons",
            _difference_of_asymmetries,
        ),
    )
