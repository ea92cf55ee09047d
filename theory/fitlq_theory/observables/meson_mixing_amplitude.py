r"""The dispersive mixing amplitude M12 of neutral kaons and B mesons, linear in the Wilson coefficients.

.. math:: M_{12} = \frac{\langle M | \mathcal H_\mathrm{eff} | \bar M \rangle}{2 m_M}, \qquad
          \mathcal H_\mathrm{eff} = -\sum_k C_k O_k,

for M = K0, B0, Bs, operators and coefficients (GeV^-2) of the WCxf basis "WET, flavio", e.g.
:math:`O_{VLL} = (\bar s_L \gamma_\mu b_L)^2` for ``CVLL_bsbs``. The phase convention is that of the standard parametrisation
of the CKM matrix with :math:`CP |M\rangle = -|\bar M\rangle`. Amplitudes in GeV.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import Quark, alpha_strong, running_mass, top_mass_msbar

__all__ = [
    "B0",
    "BS",
    "K0",
    "OPERATORS",
    "Complex",
    "Meson",
    "box_function",
    "ckm_factor",
    "mixing_amplitude",
    "mixing_matrix_elements",
]

Complex = NDArray[np.complex128]

OPERATORS = ("CVLL", "CVRR", "CVLR", "CSLL", "CSRR", "CSLR", "CTLL", "CTRR")
_ROWS = {"u": 0, "c": 1, "t": 2}
_COLUMNS = {"d": 0, "s": 1, "b": 2}


@dataclass(frozen=True, slots=True)
class Meson:
    """A neutral meson: its name in the inputs, valence quarks (heavier first), and where its coefficients are needed."""

    name: str
    quarks: tuple[Quark, Quark]
    eft: str
    scale: float  # GeV
    flavours: int  # active at that scale

    @property
    def sector(self) -> str:
        """End of the names of the coefficients, e.g. ``bsbs``."""
        return 2 * "".join(self.quarks)


B0 = Meson("B0", ("b", "d"), "WET", 4.2, 5)
BS = Meson("Bs", ("b", "s"), "WET", 4.2, 5)
# Four flavours in the quark masses at 2 GeV, as flavio has it; three would lower R in `mixing_matrix_elements` by 0.3 %.
K0 = Meson("K0", ("s", "d"), "WET-3", 2.0, 4)


def box_function(x: float, y: float | None = None) -> float:
    r"""Inami-Lim functions :math:`S_0(x)` or, with two arguments, :math:`S_0(x, y)`, of :math:`x = m_q^2/m_W^2`.

    Unitarity is used to remove the lightest quark, whose mass is neglected.

    References
    ----------
    Inami and Lim, PTP 65 (1981) 297; hep-ph/9512380, section XII, here with the full dependence on both masses.
    """
    if y is None:
        return (4.0 * x - 11.0 * x**2 + x**3) / (4.0 * (1.0 - x) ** 2) - 1.5 * x**3 * math.log(x) / (1.0 - x) ** 3

    def part(z: float, other: float) -> float:
        bracket = 0.25 + 1.5 / (1.0 - z) - 0.75 / (1.0 - z) ** 2
        return math.log(z) / (z - other) * bracket

    return x * y * (part(x, y) + part(y, x) - 0.75 / ((1.0 - x) * (1.0 - y)))


def ckm_factor(point: ParameterPoint, up_quark: str, quarks: tuple[str, str]) -> complex:
    r""":math:`\lambda_q = V_{q i} V_{q j}^*` for the down-type `quarks` (i, j), e.g. ``("t", ("b", "s"))``: V_tb V_ts*."""
    matrix = point.shared("CKM matrix", lambda p: ckm_matrix(Vus=p["Vus"], Vub=p["Vub"], Vcb=p["Vcb"], gamma=p["gamma"]))
    row = matrix[_ROWS[up_quark]]
    return complex(row[_COLUMNS[quarks[0]]] * np.conj(row[_COLUMNS[quarks[1]]]))


def mixing_matrix_elements(point: ParameterPoint, meson: Meson) -> dict[str, float]:
    r"""Matrix elements :math:`\langle M | O_k | \bar M \rangle / (2 m_M)` of the eight operators, in GeV^3.

    With :math:`R = (m_M / (m_{q_1} + m_{q_2}))^2`, MSbar masses at the scale of the coefficients:

    .. math::
        \langle O_{VLL} \rangle &= m f^2 B_1 / 3, &
        \langle O_{SLL} \rangle &= -5 m f^2 R B_2 / 24, \\
        \langle O_{SLR} \rangle &= m f^2 R B_4 / 4, &
        \langle O_{VLR} \rangle &= -m f^2 R B_5 / 6, \\
        \langle O_{TLL} \rangle &= m f^2 R (5 B_2 - 2 B_3) / 6,

    and the same for the opposite chiralities. This normalisation of the bag parameters (vacuum insertion of hep-ph/9604387
    without its terms that are not enhanced by R) is flavio's; other papers keep those terms, so that their B4 and B5
    differ (arXiv:2212.10497: by factors 1.10 and 1.94 for B mesons). The tensor operators follow from a Fierz identity.
    """
    mass, decay_constant = point[f"m_{meson.name}"], point[f"f_{meson.name}"]
    bag = [point[f"bag_{meson.name}_{k}"] for k in (1, 2, 3, 4, 5)]
    quark_masses = sum(running_mass(point, q, meson.scale, meson.flavours) for q in meson.quarks)
    unit = mass * decay_constant**2
    enhanced = unit * (mass / quark_masses) ** 2
    vector = unit * bag[0] / 3.0
    scalar = -5.0 / 24.0 * enhanced * bag[1]
    tensor = enhanced * (5.0 * bag[1] - 2.0 * bag[2]) / 6.0
    mixed = {"CVLR": -enhanced * bag[4] / 6.0, "CSLR": enhanced * bag[3] / 4.0}
    return {"CVLL": vector, "CVRR": vector, "CSLL": scalar, "CSRR": scalar, "CTLL": tensor, "CTRR": tensor, **mixed}


def mixing_amplitude(point: ParameterPoint, meson: Meson) -> Complex:
    """M12 (GeV) as a row over (1, C_1, ..., C_8), coefficients in the order of `OPERATORS`; shape (9,)."""
    return point.shared(("meson mixing", meson.name), lambda p: _mixing_amplitude(p, meson))


def _mixing_amplitude(point: ParameterPoint, meson: Meson) -> Complex:
    elements = mixing_matrix_elements(point, meson)
    standard_model = _kaon_standard_model(point) if meson == K0 else _beauty_standard_model(point, meson)
    return np.array([standard_model, *(-elements[name] for name in OPERATORS)], dtype=np.complex128)


def _box_normalisation(point: ParameterPoint) -> float:
    """G_F^2 m_W^2 / (4 pi^2), in GeV^-2."""
    return (point["GF"] * point["m_W"] / (2.0 * np.pi)) ** 2


def _mass_ratio_squared(point: ParameterPoint, quark: str) -> float:
    mass = top_mass_msbar(point) if quark == "t" else point[f"m_{quark}"]
    return (mass / point["m_W"]) ** 2


def _beauty_standard_model(point: ParameterPoint, meson: Meson) -> complex:
    r"""Top box: :math:`M_{12} = G_F^2 m_W^2/(12\pi^2)\, m f^2 \hat B\, \lambda_t^2\, \eta\, S_0(x_t)`.

    hep-ph/9512380, section XVIII: :math:`\hat B = B(\mu)\, \alpha_s^{-6/23} (1 + \frac{5165}{3174}
    \frac{\alpha_s}{4\pi})`, five flavours, the scheme-independent eta = 0.55 of Buras, Jamin, Weisz (1990).
    """
    coupling = alpha_strong(point, meson.scale, meson.flavours)
    invariant: float = coupling ** (-6.0 / 23.0) * (1.0 + 5165.0 / 3174.0 * coupling / (4.0 * np.pi))
    bag = point[f"bag_{meson.name}_1"] * invariant
    element = point[f"m_{meson.name}"] * point[f"f_{meson.name}"] ** 2 * bag / 3.0
    box = point[f"eta_tt_{meson.name}"] * box_function(_mass_ratio_squared(point, "t"))
    return _box_normalisation(point) * element * box * ckm_factor(point, "t", meson.quarks) ** 2


def _kaon_standard_model(point: ParameterPoint) -> complex:
    r"""Short-distance amplitude with the charm contributions removed by unitarity (arXiv:1911.06822).

    .. math:: M_{12} = \frac{G_F^2 m_W^2}{12\pi^2} m f^2 \hat B_K \left[\lambda_t^2 \eta_{tt} S_{tt}
              + 2 \lambda_u \lambda_t \eta_{ut} S_{ut} + \lambda_u^2 \eta_{uu} S_{uu}\right],

    :math:`S_{tt} = S_0(x_t) + S_0(x_c) - 2 S_0(x_c, x_t)`, :math:`S_{ut} = S_0(x_c) - S_0(x_c, x_t)`,
    :math:`S_{uu} = S_0(x_c)`. The last term is real, so eps_K does not depend on its large QCD correction.
    """
    charm, top = _mass_ratio_squared(point, "c"), _mass_ratio_squared(point, "t")
    both, only_charm = box_function(charm, top), box_function(charm)
    lambda_t, lambda_u = (ckm_factor(point, q, K0.quarks) for q in "tu")
    boxes = (
        point["eta_tt_K0_ut"] * lambda_t**2 * (box_function(top) + only_charm - 2.0 * both)
        + 2.0 * point["eta_ut_K0_ut"] * lambda_u * lambda_t * (only_charm - both)
        + point["eta_uu_K0_ut"] * lambda_u**2 * only_charm
    )
    element = point["m_K0"] * point["f_K0"] ** 2 * point["BK_hat"] / 3.0
    return _box_normalisation(point) * element * boxes
