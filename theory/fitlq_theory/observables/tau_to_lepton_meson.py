r"""tau -> l P and tau -> l V with lepton-flavour violation: pi0, eta, eta', rho, omega, phi; l = e, mu.

Coefficients: WET-4 at 1.8 GeV, sectors mutau, taue (quark pairs uu, dd, ss and the dipoles). Amplitudes and matrix elements:
`tau_to_lepton_meson_amplitudes`. Kaons: `tau_to_lepton_strange_meson`.

.. math::
    g_R &= m_\tau v_L - m_l v_R + \tfrac12\sum_q h_q (C_{SRR}^{\tau l q} - C_{SRL}^{\tau l q}), \qquad
    v_L = \tfrac12 \sum_q f_q (C_{VLR}^{\tau l q} - C_{VLL}^{\tau l q}), \\
    g_L &= m_\tau v_R - m_l v_L + \tfrac12\sum_q h_q (C_{SRL}^{l\tau q} - C_{SRR}^{l\tau q})^*, \qquad
    v_R = \tfrac12 \sum_q f_q (C_{VRR}^{\tau l q} - C_{VLR}^{q \tau l}),

with :math:`\langle P|\bar q\gamma^\mu\gamma_5 q|0\rangle = -i f_q p^\mu`,
:math:`\langle P|\bar q\gamma_5 q|0\rangle = -i h_q`. For the pion :math:`h_q = M_\pi^2 f_q/(m_u+m_d)`. For eta and eta' the
anomaly enters: in the flavour basis of Feldmann, Kroll and Stech (hep-ph/9802409) with mixing angle phi

.. math::
    \eta:\quad f_{u,d} = \tfrac{f_q}{\sqrt2}\cos\phi, \quad f_s^\eta = -f_s\sin\phi, \quad
    2 m_{u,d} h_{u,d} = \tfrac{H_q}{\sqrt2}\cos\phi, \quad 2 m_s h_s = -H_s\sin\phi

(:math:`\eta'`: cos -> sin, -sin -> cos), where the mass matrix gives

.. math::
    H_q &= f_q (M_\eta^2\cos^2\phi + M_{\eta'}^2\sin^2\phi) - \sqrt2 f_s (M_{\eta'}^2 - M_\eta^2)\sin\phi\cos\phi, \\
    H_s &= f_s (M_{\eta'}^2\cos^2\phi + M_\eta^2\sin^2\phi) - \tfrac{1}{\sqrt2} f_q (M_{\eta'}^2 - M_\eta^2)\sin\phi\cos\phi .

H_q is a difference of large terms, of the size of its error: the scalar couplings of u and d to eta and eta' are known in order
of magnitude only. Operators with gluons (heavy quarks) are not in the basis. Vector mesons, in the narrow-width limit:

.. math:: g_L = \tfrac12 M \sum_q f_q (C_{VLL}^{\tau l q} + C_{VLR}^{\tau l q}), \qquad
          t_R = 2 \sum_q f_{\perp,q} C_{TRR}^{\tau l q} - \frac{2 e Q f}{M} C_\gamma^{\tau l},

the other chirality with :math:`C_{VRR}`, :math:`C_{VLR}^{q\tau l}` and the conjugates of :math:`C_{TRR}^{l\tau q}`,
:math:`C_\gamma^{l\tau}`; Q is the sum of quark charges weighted like the currents, and D = d + i e Q A.

flavio 2.7.1 takes m_u + m_d at 2 GeV for the pion; the option ``flavio-2.7.1`` of the choice ``M->ll'`` follows it.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, as_flavio
from fitlq_theory.observables.tau_to_lepton_meson_amplitudes import TauMasses, pseudoscalar_width, vector_width
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, running_mass
from fitlq_theory.real_rows import linear

__all__ = ["observables", "pseudoscalar_couplings"]

Complex = NDArray[np.complex128]

_EFT, _SCALE, _FLAVOURS = "WET-4", 1.8, 4
_LATTICE_SCALE = 2.0  # of f_perp and of the light quark masses, three flavours
_CHARGES = {"u": 2 / 3, "d": -1 / 3, "s": -1 / 3}
_VECTOR_CONTENT = {
    "rho0": {"u": 1 / math.sqrt(2), "d": -1 / math.sqrt(2)},
    "omega": {"u": 1 / math.sqrt(2), "d": 1 / math.sqrt(2)},
    "phi": {"s": 1.0},
}
_PSEUDOSCALAR_QUARKS = {"pi0": "ud", "eta": "uds", "eta'": "uds"}
_TEX = {"pi0": r"\pi^0", "eta": r"\eta", "eta'": r"\eta'", "rho0": r"\rho^0", "omega": r"\omega", "phi": r"\phi"}
_SHORT = {"pi0": "pi", "rho0": "rho"}


def pseudoscalar_couplings(point: ParameterPoint, meson: str) -> dict[str, tuple[float, float]]:
    """f_q (GeV) and h_q (GeV^2) for each quark q of pi0, eta or eta'."""
    if meson == "pi0":
        coupling = point["f_pi+"] / math.sqrt(2)
        ratio = point["m_pi0"] ** 2 / _sum_of_light_masses(point)
        return {"u": (coupling, coupling * ratio), "d": (-coupling, -coupling * ratio)}
    sine, cosine = math.sin(point["mixing angle of eta"]), math.cos(point["mixing angle of eta"])
    light, strange = point["f_pi+"] * point["f_q/f_pi of eta"], point["f_pi+"] * point["f_s/f_pi of eta"]
    eta, prime = point["m_eta"] ** 2, point["m_eta'"] ** 2
    mixing = (prime - eta) * sine * cosine
    h_light = light * (eta * cosine**2 + prime * sine**2) - math.sqrt(2) * strange * mixing
    h_strange = strange * (prime * cosine**2 + eta * sine**2) - light / math.sqrt(2) * mixing
    in_light, in_strange = (cosine / math.sqrt(2), -sine) if meson == "eta" else (sine / math.sqrt(2), cosine)
    couplings = {q: (light * in_light, h_light * in_light / (2 * _mass(point, q))) for q in ("u", "d")}
    return {**couplings, "s": (strange * in_strange, h_strange * in_strange / (2 * _mass(point, "s")))}


def _sum_of_light_masses(point: ParameterPoint) -> float:
    if as_flavio(point.choices):
        return point["m_u"] + point["m_d"]  # at 2 GeV
    return running_mass(point, "u", _SCALE, _FLAVOURS) + running_mass(point, "d", _SCALE, _FLAVOURS)


def _mass(point: ParameterPoint, quark: str) -> float:
    """The mean mass of u and d for either of them: isospin."""
    if quark == "s":
        return running_mass(point, "s", _SCALE, _FLAVOURS)
    return 0.5 * (running_mass(point, "u", _SCALE, _FLAVOURS) + running_mass(point, "d", _SCALE, _FLAVOURS))


def _sector_names(lepton: str, quarks: str, *, vector: bool) -> tuple[str, ...]:
    """Coefficients read, in a fixed order."""
    forward, backward = f"tau{lepton}", f"{lepton}tau"
    names: list[str] = [f"Cgamma_{forward}", f"Cgamma_{backward}"] if vector else []
    for quark in quarks:
        pair = 2 * quark
        names += [f"{c}_{forward}{pair}" for c in ("CVLL", "CVRR", "CVLR")] + [f"CVLR_{pair}{forward}"]
        if vector:
            names += [f"CTRR_{forward}{pair}", f"CTRR_{backward}{pair}"]
        else:
            names += [f"{c}_{order}{pair}" for c in ("CSRR", "CSRL") for order in (forward, backward)]
    return tuple(names)


class _Rows:
    """Rows over x by coefficient name."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def __call__(self, terms: dict[str, float]) -> Complex:
        """The sum of the named coefficients with factors."""
        row = np.zeros(len(self._names) + 1)
        for name, factor in terms.items():
            row[1 + self._names.index(name)] += factor
        return linear(row)

    def conjugate(self, terms: dict[str, float]) -> Complex:
        """The sum of their complex conjugates."""
        return self(terms).conj()


def _tensor_running(point: ParameterPoint) -> float:
    """f_perp at 1.8 GeV over its value at 2 GeV: one loop, exponent 4/(33 - 2 n_f), four flavours above m_c."""
    threshold = point["m_c"]
    three = alpha_strong(point, threshold, 3) / alpha_strong(point, _LATTICE_SCALE, 3)
    four = alpha_strong(point, _SCALE, 4) / alpha_strong(point, threshold, 4)
    return float(three ** (4 / 27) * four ** (4 / 25))


def _lifetime(point: ParameterPoint) -> float:
    return point["tau_tau"] / HBAR_GEV_PS


def _pseudoscalar(point: ParameterPoint, _arguments: Arguments, *, meson: str, lepton: str) -> Forms:
    masses = TauMasses(point["m_tau"], point[f"m_{lepton}"], point[f"m_{meson}"])
    rows = _Rows(_sector_names(lepton, _PSEUDOSCALAR_QUARKS[meson], vector=False))
    forward, backward = f"tau{lepton}", f"{lepton}tau"
    couplings = pseudoscalar_couplings(point, meson)
    v_l: dict[str, float] = {}
    v_r: dict[str, float] = {}
    s_l: dict[str, float] = {}
    s_r: dict[str, float] = {}
    for q, (f, h) in couplings.items():
        v_l |= {f"CVLR_{forward}{2 * q}": f / 2, f"CVLL_{forward}{2 * q}": -f / 2}
        v_r |= {f"CVRR_{forward}{2 * q}": f / 2, f"CVLR_{2 * q}{forward}": -f / 2}
        s_r |= {f"CSRR_{forward}{2 * q}": h / 2, f"CSRL_{forward}{2 * q}": -h / 2}
        s_l |= {f"CSRL_{backward}{2 * q}": h / 2, f"CSRR_{backward}{2 * q}": -h / 2}
    vector_l, vector_r = rows(v_l), rows(v_r)
    left: Complex = masses.tau * vector_r - masses.lepton * vector_l + rows.conjugate(s_l)
    right: Complex = masses.tau * vector_l - masses.lepton * vector_r + rows(s_r)
    return Forms(_lifetime(point) * pseudoscalar_width(masses, left, right)[None])


def _vector(point: ParameterPoint, _arguments: Arguments, *, meson: str, lepton: str) -> Forms:
    masses = TauMasses(point["m_tau"], point[f"m_{lepton}"], point[f"m_{meson}"])
    content = _VECTOR_CONTENT[meson]
    rows = _Rows(_sector_names(lepton, "".join(content), vector=True))
    forward, backward = f"tau{lepton}", f"{lepton}tau"
    coupling = point[f"f_{meson}"]
    transverse = 2 * point[f"f_perp_{meson}"] * _tensor_running(point)
    charge = sum(_CHARGES[q] * weight for q, weight in content.items())
    electric = math.sqrt(4 * math.pi * alpha_electromagnetic(point, _SCALE))
    dipole = -2 * electric * charge * coupling / masses.meson
    g_l: dict[str, float] = {}
    g_r: dict[str, float] = {}
    t_r, t_l = {f"Cgamma_{forward}": dipole}, {f"Cgamma_{backward}": dipole}
    for q, weight in content.items():
        factor = 0.5 * masses.meson * coupling * weight
        g_l |= {f"CVLL_{forward}{2 * q}": factor, f"CVLR_{forward}{2 * q}": factor}
        g_r |= {f"CVRR_{forward}{2 * q}": factor, f"CVLR_{2 * q}{forward}": factor}
        t_r[f"CTRR_{forward}{2 * q}"] = transverse * weight
        t_l[f"CTRR_{backward}{2 * q}"] = transverse * weight
    form = vector_width(masses, (rows(g_l), rows(g_r)), (rows.conjugate(t_l), rows(t_r)))
    return Forms(_lifetime(point) * form[None])


def _observable(meson: str, lepton: str) -> Observable:
    vector = meson in _VECTOR_CONTENT
    quarks = "".join(_VECTOR_CONTENT[meson]) if vector else _PSEUDOSCALAR_QUARKS[meson]
    short = _SHORT.get(meson, meson)
    return Observable(
        name=f"BR(tau->{short}{lepton})",
        tex=rf"\mathrm{{BR}}(\tau^-\to {LEPTON_TEX[lepton]}^-{_TEX[meson]})",
        description=f"branching ratio of tau- -> {lepton}- {meson}",
        coefficients=tuple(Coefficient(name, _EFT, _SCALE) for name in _sector_names(lepton, quarks, vector=vector)),
        forms=partial(_vector if vector else _pseudoscalar, meson=meson, lepton=lepton),
        reference="derived in the code; arXiv:1403.5781 (operators, hadronic matrix elements); hep-ph/9802409 (eta)",
        aliases=tuple(dict.fromkeys((f"BR(tau->{lepton}{short})", f"BR(tau->{lepton}{meson})"))),
    )


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios into an electron or a muon and a neutral meson without strangeness."""
    mesons = (*_PSEUDOSCALAR_QUARKS, *_VECTOR_CONTENT)
    return tuple(_observable(meson, lepton) for meson in mesons for lepton in ("mu", "e"))
