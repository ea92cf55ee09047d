r"""D0 -> mu mu, e e and e mu.

Amplitudes: `lepton_pair_amplitudes`, with :math:`N = \frac{4G_F}{\sqrt2} V_{cb}^*V_{ub}\frac{\alpha_e(\mu)}{4\pi}` and a
factor m_c in the scalar operators; coefficients ``C10_cumumu`` etc. at 2 GeV, four flavours. In the Standard Model the decay goes
through two photons; of that amplitude the absorptive part is known, added without interference:

.. math:: \frac{\mathrm{BR}(ll)}{\mathrm{BR}(\gamma\gamma)} \geq
          \frac{\alpha^2 m_l^2}{2\beta M^2} \ln^2\frac{1-\beta}{1+\beta}
          \approx 2.8\times10^{-6}\ (\mu\mu).

The same expression gives the well-known 1.2e-5 for KL. The factor 2.7e-5 quoted for D0 in the literature (hep-ph/0112235, from
memory) is not reproduced by it. Mixing (y = 0.7 %) is neglected.

The coefficients of D0 -> e mu, ``C9_cuemu`` etc., are an extension of the WCxf basis "flavio", which lists the sector cu for
equal lepton flavours only (`fitlq_theory.evolution.charm_lepton_flavour`). D0 contains the c quark: its decay into mu+ e- reads
``cumue``, that into e+ mu- ``cuemu``. Tensor operators do not contribute.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, PairKinematics, pair_amplitudes, pair_coefficients
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import modulus_squared

__all__ = ["observables"]

Real = NDArray[np.float64]

_EFT, _SCALE, _FLAVOURS = "WET-4", 2.0, 4


def _two_photons(point: ParameterPoint, kinematics: PairKinematics) -> float:
    """Branching ratio through two real photons, the lower limit from unitarity."""
    beta = kinematics.beta_plus
    ratio = (point["alpha_e(0)"] * kinematics.positive / kinematics.mass) ** 2 / (2 * beta)
    return float(ratio * math.log((1 - beta) / (1 + beta)) ** 2 * point["BR(D0->gammagamma)"])


def _square(point: ParameterPoint, positive: str, negative: str) -> Real:
    """Form of the branching ratio from the local operators, over the coefficients of one pair of leptons."""
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    kinematics = PairKinematics(point["m_D0"], point[f"m_{positive}"], point[f"m_{negative}"])
    charm, up = (running_mass(point, quark, _SCALE, _FLAVOURS) for quark in ("c", "u"))
    p, s = pair_amplitudes(kinematics, charm / (charm + up), equal=positive == negative)
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, _SCALE) / (4 * math.pi)
    rate = kinematics.rate(point["f_D+"], float(coupling * abs(ckm[1, 2] * ckm[0, 2])))
    squares = modulus_squared(np.stack([np.concatenate([[0.0], row]) for row in (p, s)]))
    return np.asarray(rate * point["tau_D0"] / HBAR_GEV_PS * squares.sum(axis=0))


def _equal(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    form = _square(point, lepton, lepton)
    form[0, 0] += _two_photons(point, PairKinematics(point["m_D0"], point[f"m_{lepton}"], point[f"m_{lepton}"]))
    return Forms(form[None])


def _violating(point: ParameterPoint, _arguments: Arguments, *, pairs: tuple[tuple[str, str], ...]) -> Forms:
    """Sum over charge states; `pairs` of a positive and a negative lepton."""
    blocks = [_square(point, *pair)[1:, 1:] for pair in pairs]
    size = len(blocks[0])
    form = np.zeros((1 + size * len(blocks),) * 2)
    for k, block in enumerate(blocks):
        here = slice(1 + k * size, 1 + (k + 1) * size)
        form[here, here] = block
    return Forms(form[None])


def _violating_observable(name: str, tex: str, pairs: tuple[tuple[str, str], ...], aliases: tuple[str, ...]) -> Observable:
    final = " and ".join(f"{positive}+ {negative}-" for positive, negative in pairs)
    return Observable(
        name=f"BR(D0->{name})",
        tex=rf"\mathrm{{BR}}(D^0\to {tex})",
        description=f"branching ratio of D0 -> {final}" + (", summed" if len(pairs) > 1 else " and its conjugate"),
        coefficients=tuple(c for pair in pairs for c in pair_coefficients("cu", *pair, _EFT, _SCALE)),
        forms=partial(_violating, pairs=pairs),
        reference="arXiv:1602.00881, eq. (5), with the quarks replaced; "
        "coefficients from SMEFT: arXiv:1709.04486 (matching), arXiv:1711.05270 (running)",
        aliases=aliases,
    )


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(D0 -> mu mu), BR(D0 -> e e), BR(D0 -> e mu) with each charge assignment and both."""
    equal = tuple(
        Observable(
            name=f"BR(D0->{lepton}{lepton})",
            tex=rf"\mathrm{{BR}}(D^0\to {LEPTON_TEX[lepton]}^+{LEPTON_TEX[lepton]}^-)",
            description=f"branching ratio of D0 -> {lepton}+ {lepton}-; Standard Model: two-photon unitarity limit",
            coefficients=pair_coefficients("cu", lepton, lepton, _EFT, _SCALE),
            forms=partial(_equal, lepton=lepton),
            reference="hep-ph/0112235 (two photons); arXiv:1602.00881, eq. (5), with the quarks replaced",
        )
        for lepton in ("mu", "e")
    )
    electron, muon = ("mu", "e"), ("e", "mu")  # the negative lepton
    return (
        *equal,
        _violating_observable("emu", r"e^-\mu^+", (electron,), ("BR(D0->e-mu+)", "BR(D0->mu+e-)")),
        _violating_observable("mue", r"\mu^-e^+", (muon,), ("BR(D0->mu-e+)", "BR(D0->e+mu-)")),
        _violating_observable("emu,mue", r"e^\pm\mu^\mp", (electron, muon), ("BR(D0->e+-mu-+)",)),
    )
