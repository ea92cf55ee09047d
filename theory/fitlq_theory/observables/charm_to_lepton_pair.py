r"""D0 -> mu mu and e e.

Amplitudes: `lepton_pair_amplitudes`, with :math:`N = \frac{4G_F}{\sqrt2} V_{cb}^*V_{ub}\frac{\alpha_e(\mu)}{4\pi}` and a
factor m_c in the scalar operators; coefficients ``C10_cumumu`` etc. at 2 GeV, four flavours. In the Standard Model the decay goes
through two photons; of that amplitude the absorptive part is known, added without interference:

.. math:: \frac{\mathrm{BR}(ll)}{\mathrm{BR}(\gamma\gamma)} \geq
          \frac{\alpha^2 m_l^2}{2\beta M^2} \ln^2\frac{1-\beta}{1+\beta}
          \approx 2.8\times10^{-6}\ (\mu\mu).

The same expression gives the well-known 1.2e-5 for KL. The factor 2.7e-5 quoted for D0 in the literature (hep-ph/0112235, from
memory) is not reproduced by it. Mixing (y = 0.7 %) is neglected.

D0 -> e mu has no coefficients in the WCxf basis "flavio", which lists the sector cu for equal lepton flavours only.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, PairKinematics, pair_amplitudes, pair_coefficients
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import modulus_squared

__all__ = ["observables"]

_EFT, _SCALE, _FLAVOURS = "WET-4", 2.0, 4


def _two_photons(point: ParameterPoint, kinematics: PairKinematics) -> float:
    """Branching ratio through two real photons, the lower limit from unitarity."""
    beta = kinematics.beta_plus
    ratio = (point["alpha_e(0)"] * kinematics.positive / kinematics.mass) ** 2 / (2 * beta)
    return float(ratio * math.log((1 - beta) / (1 + beta)) ** 2 * point["BR(D0->gammagamma)"])


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    kinematics = PairKinematics(point["m_D0"], point[f"m_{lepton}"], point[f"m_{lepton}"])
    charm, up = (running_mass(point, quark, _SCALE, _FLAVOURS) for quark in ("c", "u"))
    p, s = pair_amplitudes(kinematics, charm / (charm + up), equal=True)
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, _SCALE) / (4 * math.pi)
    rate = kinematics.rate(point["f_D+"], float(coupling * abs(ckm[1, 2] * ckm[0, 2])))
    squares = modulus_squared(np.stack([np.concatenate([[0.0], row]) for row in (p, s)]))
    form = rate * point["tau_D0"] / HBAR_GEV_PS * squares.sum(axis=0)
    form[0, 0] += _two_photons(point, kinematics)
    return Forms(form[None])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(D0 -> mu mu), BR(D0 -> e e)."""
    return tuple(
        Observable(
            name=f"BR(D0->{lepton}{lepton})",
            tex=rf"\mathrm{{BR}}(D^0\to {LEPTON_TEX[lepton]}^+{LEPTON_TEX[lepton]}^-)",
            description=f"branching ratio of D0 -> {lepton}+ {lepton}-; Standard Model: two-photon unitarity limit",
            coefficients=pair_coefficients("cu", lepton, lepton, _EFT, _SCALE),
            forms=partial(_branching_ratio, lepton=lepton),
            reference="hep-ph/0112235 (two photons); arXiv:1602.00881, eq. (5), with the quarks replaced",
        )
        for lepton in ("mu", "e")
    )
