r"""Dipole and photon-penguin coefficients of charged leptons from one loop of a leptoquark and a quark (any boson and fermion).

A fermion F with charge Q_F and N_c colours and a boson with charge Q_B couple to leptons l_i with :math:`Q_F + Q_B = -1` by

.. math::

    \text{scalar } S:\quad L &= \bar F (L_i P_L + R_i P_R) l_i\, S^* + h.c. \\
    \text{vector } V:\quad L &= \bar F \gamma^\alpha (L_i P_L + R_i P_R) l_i\, V^*_\alpha + h.c.

where l_i turns into F and the boson with charge Q_B. For interactions of charge-conjugate quarks, F is the conjugate (Q_F of the
antiquark). With :math:`x = m_F^2/m_B^2` and external masses neglected beside those of the loop,

.. math::

    C_\gamma^{ij} &= \frac{e N_c}{32\pi^2 m_B^2} \left[ (m_i L_i L_j^* + m_j R_i R_j^*)\, f(x)
                     + m_F R_i L_j^*\, g(x) \right], \qquad f = -(Q_F f_F + Q_B f_B),\; g = -(Q_F g_F + Q_B g_B) \\
    C_V^{ij, f} &= \frac{Q_f e^2 N_c}{16\pi^2 m_B^2}\, L_i L_j^*\, (Q_F h_F + Q_B h_B)

are the coefficients of
:math:`\bar l_j \sigma^{\alpha\beta} P_R l_i F_{\alpha\beta}` (WCxf `Cgamma_ij`, GeV^-1) and of
:math:`(\bar l_j \gamma^\alpha P_L l_i)(\bar f \gamma_\alpha f)`, the latter alike for R. The covariant derivative is
:math:`\partial + i e Q A`, as in WCxf. A diagonal dipole is :math:`(g-2)/2 = 4 m\, \mathrm{Re}\, C_\gamma/e`.

Vectors are massive gauge bosons (magnetic moment of a gauge boson, :math:`\kappa = 1`), in unitary gauge or, which is the same,
with Goldstone bosons that couple like :math:`m_F/m_V`; a vector of another origin has divergent loops. For m_F = 0 the functions
g_F and h_F of the photon coupling to the fermion contain ln x, which belongs to the running below m_B.

References
----------
Leveille, Nucl. Phys. B137 (1978) 63 (Feynman-parameter integrals); arXiv:hep-ph/0302221 (closed forms). The functions are
written in the integrals of `feynman_integrals`; tests compare with adaptive quadrature, with the functions D0', D0 of the
Standard Model and the contribution of the W to the magnetic moment of the muon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError
from fitlq_theory.loop_functions.feynman_integrals import SMALLEST_RATIO, feynman_integral, power_integral

__all__ = ["SCALAR", "VECTOR", "BosonLoop", "dipole_coefficient", "penguin_coefficient"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Function = Callable[[ArrayLike], Real]

_CHARGE_TOLERANCE = 1e-9  # of charges given as 0.3333...


@dataclass(frozen=True, slots=True)
class BosonLoop:
    """The six functions of x of one spin of the boson, named as in the module docstring."""

    f_fermion: Function
    f_boson: Function
    g_fermion: Function
    g_boson: Function
    h_fermion: Function
    h_boson: Function

    def same_chirality(self, x: ArrayLike, fermion_charge: float, boson_charge: float) -> Real:
        """f(x), multiplying the mass of the external lepton."""
        return np.asarray(-(fermion_charge * self.f_fermion(x) + boson_charge * self.f_boson(x)))

    def flipped_chirality(self, x: ArrayLike, fermion_charge: float, boson_charge: float) -> Real:
        """g(x), multiplying the mass of the fermion in the loop."""
        return np.asarray(-(fermion_charge * self.g_fermion(x) + boson_charge * self.g_boson(x)))

    def penguin(self, x: ArrayLike, fermion_charge: float, boson_charge: float) -> Real:
        """Q_F h_F + Q_B h_B."""
        return np.asarray(fermion_charge * self.h_fermion(x) + boson_charge * self.h_boson(x))


def _ratio(x: ArrayLike) -> Real:
    return np.asarray(x, dtype=np.float64)


def _vector_f_fermion(x: ArrayLike) -> Real:
    # half of -2 t (1-t) (2-t) - x t^2 (1+t) over 1 - t + x t; 2 - t = 1 + (1-t)
    light = feynman_integral(1, 1, x) + feynman_integral(1, 2, x)
    return -light - 0.5 * _ratio(x) * (power_integral(2, x) + power_integral(3, x))


def _vector_f_boson(x: ArrayLike) -> Real:
    # half of 2 (1-t)^2 (2-t) + x t (1-t) (1+t) over 1 - t + x t, where t is 1 - t of the boson's parametrisation
    heavy = feynman_integral(1, 1, x) + feynman_integral(2, 1, x)
    return feynman_integral(0, 2, x) + feynman_integral(0, 3, x) + 0.5 * _ratio(x) * heavy


def _vector_h_fermion(x: ArrayLike) -> Real:
    return np.asarray(1.5 * power_integral(1, x) - power_integral(2, x) / 3 - 0.5 * power_integral(3, x) + 1 / 12)


def _vector_h_boson(x: ArrayLike) -> Real:
    ratio = np.maximum(_ratio(x), SMALLEST_RATIO)
    falling = 0.5 * power_integral(3, x) + power_integral(2, x) / 3 - 2 * power_integral(1, x) + power_integral(0, x)
    return np.asarray(np.log(ratio) / 6 + 7 / 12 - falling)


SCALAR = BosonLoop(
    f_fermion=lambda x: 0.5 * feynman_integral(2, 1, x),
    f_boson=lambda x: -0.5 * feynman_integral(1, 2, x),
    g_fermion=lambda x: power_integral(2, x),
    g_boson=lambda x: -feynman_integral(1, 1, x),
    h_fermion=lambda x: 0.5 * power_integral(2, x) - power_integral(3, x) / 6,
    h_boson=lambda x: feynman_integral(0, 3, x) / 6,
)
VECTOR = BosonLoop(
    f_fermion=_vector_f_fermion,
    f_boson=_vector_f_boson,
    g_fermion=lambda x: 4 * feynman_integral(1, 1, x) + _ratio(x) * power_integral(2, x),
    g_boson=lambda x: -4 * feynman_integral(0, 2, x) - _ratio(x) * feynman_integral(1, 1, x),
    h_fermion=_vector_h_fermion,
    h_boson=_vector_h_boson,
)


def dipole_coefficient(
    loop: BosonLoop,
    boson_mass: ArrayLike,
    fermion_masses: ArrayLike,
    lepton_masses: tuple[float, float],
    couplings: tuple[tuple[ArrayLike, ArrayLike], tuple[ArrayLike, ArrayLike]],
    charges: tuple[float, float],
    colours: int,
    electric_charge: float,
) -> Complex:
    r"""C_gamma of the module docstring in GeV^-1, summed over the fermions in the loop.

    Parameters
    ----------
    loop : BosonLoop
        `SCALAR` or `VECTOR`.
    boson_mass : array_like, shape (...)
        In GeV.
    fermion_masses : array_like, shape (..., n)
        Masses of the fermions in the loop in GeV, zero allowed.
    lepton_masses : tuple of float
        m_i of the decaying and m_j of the other lepton.
    couplings : tuple
        ((L_i, R_i), (L_j, R_j)), each of shape (..., n).
    charges : tuple of float
        (Q_F, Q_B); their sum must be -1.
    colours : int
        N_c.
    electric_charge : float
        e > 0.

    Returns
    -------
    ndarray of complex, shape (...)

    Raises
    ------
    InputError
        Charges that do not add up to that of the lepton.
    """
    _check_charges(charges)
    (left_i, right_i), (left_j, right_j) = ((np.asarray(c, dtype=np.complex128) for c in pair) for pair in couplings)
    mass = np.asarray(boson_mass, dtype=np.float64)[..., None]
    fermion = np.asarray(fermion_masses, dtype=np.float64)
    x = (fermion / mass) ** 2
    same = lepton_masses[0] * left_i * left_j.conj() + lepton_masses[1] * right_i * right_j.conj()
    bracket = same * loop.same_chirality(x, *charges) + fermion * right_i * left_j.conj() * loop.flipped_chirality(x, *charges)
    return np.asarray(electric_charge * colours / (32 * np.pi**2) * np.sum(bracket / mass**2, axis=-1))


def penguin_coefficient(
    loop: BosonLoop,
    boson_mass: ArrayLike,
    fermion_masses: ArrayLike,
    couplings: tuple[ArrayLike, ArrayLike],
    charges: tuple[float, float],
    colours: int,
    electric_charge: float,
) -> Complex:
    r"""C_V of the module docstring divided by Q_f, in GeV^-2, summed over the fermions in the loop.

    For a vector, x-independent terms, which cancel when couplings are unitary, are those of Inami and Lim; without that
    cancellation the loop diverges.

    Parameters
    ----------
    couplings : tuple
        (L_i, L_j) of one chirality, each of shape (..., n). The others as in `dipole_coefficient`.
    """
    _check_charges(charges)
    first, second = (np.asarray(c, dtype=np.complex128) for c in couplings)
    mass = np.asarray(boson_mass, dtype=np.float64)[..., None]
    x = (np.asarray(fermion_masses, dtype=np.float64) / mass) ** 2
    terms = first * second.conj() * loop.penguin(x, *charges) / mass**2
    return np.asarray(electric_charge**2 * colours / (16 * np.pi**2) * np.sum(terms, axis=-1))


def _check_charges(charges: tuple[float, float]) -> None:
    if abs(sum(charges) + 1) > _CHARGE_TOLERANCE:
        msg = f"charges of fermion and boson in the loop must add up to -1, found {charges[0]!r} and {charges[1]!r}"
        raise InputError(msg)
