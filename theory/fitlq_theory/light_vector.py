r"""A light vector boson Z' of L_mu - L_tau: muon g-2, kinetic mixing, neutrino tridents, and B -> K(*) Z' of one paper.

.. math:: L = -g Z'_a (\bar\mu\gamma^a\mu - \bar\tau\gamma^a\tau
                        + \bar\nu_\mu\gamma^a P_L\nu_\mu - \bar\nu_\tau\gamma^a P_L\nu_\tau)

Masses in GeV, couplings dimensionless. Functions broadcast over their arguments and return arrays. The Z' is light on the
scale of the processes, so these are no forms in Wilson coefficients; models add them as direct predictions.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.strict_yaml import load_yaml

__all__ = [
    "TRIDENT_TABLES",
    "anomalous_magnetic_moment",
    "b_to_k_vector_branching_ratio",
    "b_to_kstar_vector_branching_ratio",
    "kinetic_mixing",
    "top_penguin_coupling",
    "trident_mass_range",
    "trident_ratio",
]

Real = NDArray[np.float64]

# experiment -> table of the trident rate for its beam and target
TRIDENT_TABLES = {"CCFR": "trident_light_vector_ccfr.yaml", "CHARM-II": "trident_light_vector_charm2.yaml"}

# trapezoid rule in u = log(x'/(1-x')), x' = 1-x: the integrand is analytic for |Im u| < pi/2 and falls like exp(2u) and
# exp(-u), so the error of the step below is exp(-pi^2/step) = 1e-12 and that of the cut ends is below 1e-10
_LOGIT_STEP = 0.36
_LOGIT_RANGE = (-18.0, 24.0)


def anomalous_magnetic_moment(coupling: ArrayLike, mass: ArrayLike, lepton_mass: ArrayLike) -> Real:
    r"""Contribution of a vector boson with coupling `coupling` (vector) to the anomalous moment (g-2)/2 of a lepton.

    .. math:: \Delta a = \frac{g^2}{4\pi^2}\int_0^1 dx\, \frac{m^2 x^2 (1-x)}{m^2 x^2 + M^2 (1-x)}

    Parameters
    ----------
    coupling, mass, lepton_mass : array_like
        g, M > 0 and m > 0 (GeV); broadcast against each other.

    Returns
    -------
    ndarray
        Relative accuracy 1e-8 for M/m between 1e-3 and 1e3. Limits g^2/(8 pi^2) (M << m) and g^2 m^2/(12 pi^2 M^2) (M >> m).

    References
    ----------
    arXiv:hep-ph/0104141; the integral as in arXiv:1406.2332. Checked against adaptive quadrature.
    """
    ratio = np.square(np.asarray(mass, dtype=np.float64) / np.asarray(lepton_mass, dtype=np.float64))
    nodes = np.arange(_LOGIT_RANGE[0], _LOGIT_RANGE[1], _LOGIT_STEP)
    y = 1.0 / (1.0 + np.exp(-nodes))  # 1 - x
    x = 1.0 / (1.0 + np.exp(nodes))
    integral = np.sum(_LOGIT_STEP * x**3 * y**2 / (x**2 + ratio[..., None] * y), axis=-1)
    return np.asarray(np.square(coupling) / (4.0 * np.pi**2) * integral)


def kinetic_mixing(
    coupling: ArrayLike,
    muon_mass: float,
    tau_mass: float,
    alpha_em: float,
    momentum_squared: ArrayLike = 0.0,
) -> Real:
    r"""Magnitude of the photon-Z' mixing induced by muon and tau loops, for no mixing at high scales.

    .. math:: \epsilon(q^2) = \frac{e g}{2\pi^2}\int_0^1 dx\, x(1-x)\ln\frac{m_\tau^2 - x(1-x) q^2}{m_\mu^2 - x(1-x) q^2}

    Parameters
    ----------
    coupling : array_like
        Gauge coupling g.
    muon_mass, tau_mass : float
        GeV.
    alpha_em : float
        At zero momentum transfer; e^2 = 4 pi alpha.
    momentum_squared : array_like
        q^2 in GeV^2, below the muon threshold (a mixing that is real).

    Raises
    ------
    InputError
        `momentum_squared` at or above 4 m_mu^2.

    References
    ----------
    arXiv:1702.01497; at q^2 = 0 it is e g/(12 pi^2) ln(m_tau^2/m_mu^2).
    """
    q2 = np.asarray(momentum_squared, dtype=np.float64)
    if np.any(q2 >= 4.0 * muon_mass**2):
        msg = f"kinetic mixing: q2 must be below 4 m_mu^2 = {4.0 * muon_mass**2:.5g} GeV^2, found {np.max(q2):.5g}"
        raise InputError(msg)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    product = 0.25 * (1.0 - nodes**2)  # x (1-x)
    logarithm = np.log((tau_mass**2 - product * q2[..., None]) / (muon_mass**2 - product * q2[..., None]))
    integral = np.sum(0.5 * weights * product * logarithm, axis=-1)
    return np.asarray(np.sqrt(4.0 * np.pi * alpha_em) * np.asarray(coupling) / (2.0 * np.pi**2) * integral)


@cache
def _trident_table(experiment: str) -> tuple[Real, Real, Real]:
    """Masses, log a, log b."""
    if experiment not in TRIDENT_TABLES:
        raise UnknownNameError(unknown_name_message("trident experiment", experiment, TRIDENT_TABLES))
    name = TRIDENT_TABLES[experiment]
    text = files("fitlq_theory.inputs").joinpath("tables", name).read_text(encoding="utf-8")
    rows = load_yaml(text, name)["table"]
    mass, a, b = (np.array([row[key] for row in rows]) for key in ("m", "a", "b"))
    return mass, np.log(a), np.log(b)


def trident_mass_range(experiment: str) -> tuple[float, float]:
    """Smallest and largest Z' mass (GeV) of `trident_ratio`."""
    mass = _trident_table(experiment)[0]
    return float(mass[0]), float(mass[-1])


def trident_ratio(coupling: ArrayLike, mass: ArrayLike, experiment: str) -> Real:
    r"""Rate of nu_mu N -> nu_mu N mu+ mu- with a Z' of L_mu - L_tau, divided by the Standard Model's.

    1 + a(M) g^2 + b(M) g^4, coherent, for neutrinos of 160 GeV on iron ("CCFR") or 23.7 GeV on silica, the nuclei Si and
    2 O weighted with their rates ("CHARM-II"); the same for antineutrinos. log a and log b are interpolated linearly in
    log M between 91 masses. The tables come from ``inputs/tables/make_trident_table.py``: full four-body Born integration
    with a virtual photon, integration error 0.1 %, interpolation error below 0.2 %. A light Z' changes the rate at
    CHARM-II 2.6 times as much (a) and 3.9 times as much (b) as at CCFR, at 0.1 GeV 2.4 and 3.4 times, above 5 GeV about
    equally (within 10 %).

    Theory uncertainty of (ratio - 1):

    ========  =============  =====  ============
    table     below 0.3 GeV  1 GeV  above 10 GeV
    ========  =============  =====  ============
    CCFR      15 %           7 %    1 %
    CHARM-II  25 %           10 %   2 %
    ========  =============  =====  ============

    It covers, for M below 0.3 GeV (CCFR; CHARM-II): the beam (130 to 190 GeV: +13 to -10 % of a, +18 to -13 % of b;
    18.7 to 28.7 GeV: +14 to -10 %, +22 to -15 %); neutrinos scattering on single protons, which are not included (a and b
    fall by 9 and 10 %; 11 and 15 % if they make up 16 %; 26 % of the rate, their share without Pauli blocking); muon
    energy cuts (2 %; 4 to 10 % for 3 to 5 GeV); the charge radius (1 %; 2 %); and that glass is not pure silica (4 %).

    Parameters
    ----------
    coupling, mass : array_like
        g and M (GeV); broadcast against each other.
    experiment : {"CCFR", "CHARM-II"}
        Beam and target.

    Raises
    ------
    UnknownNameError
        An experiment without a table.
    InputError
        A mass outside the table, 0.003 to 100 GeV.

    References
    ----------
    arXiv:1406.2332 (process, CCFR). For M -> infinity the ratio is that of a four-fermion interaction,
    1 + (2 gV h + h^2) V/(gV^2 V + gA^2 A), h = v^2 g^2/M^2, with vector and axial-vector parts V = 0.90 A (CCFR) or
    0.78 A (CHARM-II) where the formula of that paper has V = A: shifts smaller by 2.4 % or 5.7 %.
    """
    masses, log_a, log_b = _trident_table(experiment)
    given = np.asarray(mass, dtype=np.float64)
    low, high = trident_mass_range(experiment)
    outside = ~((given >= low) & (given <= high))
    if np.any(outside):
        msg = f"trident rate: the Z' mass must be in [{low:g}, {high:g}] GeV, found {given[outside].flat[0]:g} GeV"
        raise InputError(msg)
    log_masses, at = np.log(masses), np.log(given)
    g2 = np.square(np.asarray(coupling, dtype=np.float64))
    return np.asarray(1.0 + np.exp(np.interp(at, log_masses, log_a)) * g2 + np.exp(np.interp(at, log_masses, log_b)) * g2**2)


def top_penguin_coupling(
    mixing: ArrayLike, *, top_mass: float, w_mass: float, fermi_constant: float, alpha_em: float, vts_vtb: complex
) -> NDArray[np.complex128]:
    r"""Coupling C_Z' of (sbar gamma^a P_L b) Z'_a as printed in arXiv:2309.12904, eq. (13); kept for comparison only.

    .. math:: C = \frac{4\sqrt2 G_F V_{ts}^* V_{tb}}{16\pi^2} m_t^2 Q_t e\epsilon I_0(x_t),\quad
              I_0(x) = \int_0^1 \frac{y\,dy}{1+(x-1)y} = \frac1{x-1} - \frac{\ln x}{(x-1)^2}

    Not physical: a Z' that couples to quarks through kinetic mixing couples to the conserved electromagnetic current,
    and its on-shell b -> s amplitude vanishes like its squared mass. No model of this package uses it.

    Parameters
    ----------
    mixing : array_like
        Kinetic mixing epsilon.
    top_mass, w_mass : float
        GeV (MSbar top mass).
    fermi_constant : float
        GeV^-2.
    alpha_em : float
    vts_vtb : complex
        V_ts^* V_tb.
    """
    x = (top_mass / w_mass) ** 2
    loop = 1.0 / (x - 1.0) - np.log(x) / (x - 1.0) ** 2
    charge = 2.0 / 3.0 * np.sqrt(4.0 * np.pi * alpha_em)
    factor = 4.0 * np.sqrt(2.0) * fermi_constant * vts_vtb / (16.0 * np.pi**2) * top_mass**2 * charge * loop
    return np.asarray(factor * np.asarray(mixing), dtype=np.complex128)


def b_to_k_vector_branching_ratio(
    penguin_coupling: ArrayLike, mass: ArrayLike, *, form_factor: float, b_mass: float, width: float
) -> Real:
    r"""BR(B+ -> K+ Z') = m_B^3 |C f_+(m_Z'^2)|^2 / (64 pi m_Z'^2 Gamma_B), arXiv:2309.12904, eq. (16), phase space set to 1.

    `penguin_coupling` as `top_penguin_coupling` (read its caveat), `mass` and `b_mass` in GeV, `width` Gamma_B in GeV.
    """
    amplitude = np.abs(np.asarray(penguin_coupling)) * form_factor
    return np.asarray(amplitude**2 * b_mass**3 / (64.0 * np.pi * np.square(mass) * width))


def b_to_kstar_vector_branching_ratio(
    penguin_coupling: ArrayLike, mass: ArrayLike, *, form_factor: float, b_mass: float, kstar_mass: float, width: float
) -> Real:
    r"""BR(B0 -> K*0 Z') = m_B m_K*^2 |C A_12(m_Z'^2)|^2 / (pi m_Z'^2 Gamma_B), arXiv:2309.12904, eq. (17), phase space 1.

    Arguments as `b_to_k_vector_branching_ratio`; `form_factor` is A_12, `kstar_mass` in GeV.
    """
    amplitude = np.abs(np.asarray(penguin_coupling)) * form_factor
    return np.asarray(amplitude**2 * b_mass * kstar_mass**2 / (np.pi * np.square(mass) * width))
