r"""Rates of l0- -> l1- l2- l3+ from helicity amplitudes, with the masses of all leptons.

The amplitudes are those of operators (l1 Gamma l0)(l2 Gamma' l3), called *direct*, the same with l1 and l2 exchanged,
(l2 Gamma l0)(l1 Gamma' l3), called *crossed*, and of the dipole (l1 sigma l0) F followed by a photon that turns into
l2- l3+. Fermi statistics gives the crossed ones a minus sign; with l1 = l2 every operator contributes both.

The photon part follows from :math:`L = C\, \bar l_1 \sigma^{\alpha\beta} P l_0 F_{\alpha\beta}
+ e \sum_l \bar l \gamma^\alpha l A_\alpha` (charge -1, covariant derivative :math:`\partial + i e Q A` of WCxf). The equation of
motion :math:`A^\alpha = J^\alpha / q^2` gives

.. math:: L_{eff} = \frac{2 i e C}{q^2} q_\alpha\, (\bar l_1 \sigma^{\alpha\beta} P l_0)(\bar l_2 \gamma_\beta l_3),
          \qquad q = p_2 + p_3.

Nothing is expanded in masses, and no Fierz identity is used.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["STRUCTURES", "massive_rates"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# (kind, chirality of the fermion l0, chirality of l3, whether crossed); for V the chirality is that of the current, for S that
# of the right-hand field; the dipole D has the chirality of l0 only
STRUCTURES = (
    *itertools.product("V", "LR", "LR", (False, True)),
    *itertools.product("S", "L", "L", (False, True)),
    *itertools.product("S", "R", "R", (False, True)),
    ("D", "L", "", False),
    ("D", "R", "", False),
)
_NODES = 24  # in each variable; the rates differ from those of 80 nodes by 1e-6 (tau -> 3e) or less
_DIGITS = 7  # of masses in phase space: errors of the light masses, 2e-8, need no new integration

_SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
_ZERO, _ONE = np.zeros((2, 2)), np.eye(2)
# chiral representation, upper index; metric (+, -, -, -)
_GAMMA = np.array([np.block([[_ZERO, _ONE], [_ONE, _ZERO]]), *(np.block([[_ZERO, s], [-s, _ZERO]]) for s in _SIGMA)])
_METRIC = np.array([1.0, -1.0, -1.0, -1.0])
_PROJECTOR = {"L": np.diag([1.0, 1.0, 0.0, 0.0]), "R": np.diag([0.0, 0.0, 1.0, 1.0])}
_REST = np.array([1.0, 0.0, 0.0, 0.0])


def _slash(momentum: Real) -> Complex:
    return np.asarray(np.einsum("...m,m,mij->...ij", momentum, _METRIC, _GAMMA))


def _spinors(momentum: Real, mass: float, sign: int) -> Complex:
    """u (sign +1) or v (sign -1) spinors of both spins: columns of (p-slash + sign m) over root(E + m), shape (n, 4, 2)."""
    # eigenvectors of gamma^0 with eigenvalue `sign`
    rest = np.vstack([_ONE, sign * _ONE]) / math.sqrt(2.0)
    matrix = _slash(momentum) + sign * mass * np.eye(4)
    return np.asarray(sign * matrix @ rest / np.sqrt(momentum[:, :1, None] + mass))


def _momenta(mass: float, masses: tuple[float, float, float], s: Real, cosine: Real) -> tuple[Real, Real, Real]:
    """Momenta of l1, l2, l3 in the rest frame of l0 for the invariant mass squared s of (l2, l3) and the angle in their frame."""
    m1, m2, m3 = masses
    e1 = (mass**2 + m1**2 - s) / (2 * mass)
    p1 = np.sqrt(np.maximum(e1**2 - m1**2, 0.0))
    root = np.sqrt(s)
    e2, e3 = (s + m2**2 - m3**2) / (2 * root), (s + m3**2 - m2**2) / (2 * root)
    k = np.sqrt(np.maximum(e2**2 - m2**2, 0.0))
    sine = np.sqrt(1 - cosine**2)
    boost, speed = (mass - e1) / root, p1 / root  # gamma and gamma beta of the pair, which moves along -z
    zero = np.zeros_like(s)
    pair = [
        np.stack([boost * e - speed * kz, kx, zero, boost * kz - speed * e], axis=-1)
        for e, kx, kz in ((e2, k * sine, k * cosine), (e3, -k * sine, -k * cosine))
    ]
    return np.stack([e1, zero, zero, p1], axis=-1), pair[0], pair[1]


def _current(left: Complex, matrix: Complex, right: Complex) -> Complex:
    """u-bar Gamma u for all spins: shape (n, ..., 2, 2) with the axes of `matrix` (..., 4, 4) in between."""
    between = (slice(None), *(np.newaxis,) * (matrix.ndim - 2))
    return np.asarray(_bar(left)[between] @ matrix @ right[between])


def _bar(spinors: Complex) -> Complex:
    return np.asarray(np.swapaxes(spinors.conj(), -1, -2) @ _GAMMA[0])


def _contracted(first: Complex, second: Complex) -> Complex:
    """Two currents contracted with the metric, spins (n, a, b, c, d)."""
    return np.asarray(np.einsum("nmab,nmcd->nabcd", first * _METRIC[:, None, None], second))


def _contact(mothers: Complex, first: Complex, second: Complex, third: Complex) -> Iterator[tuple[tuple[str, str, str], Complex]]:
    """Amplitudes of (first Gamma mother)(second Gamma' third), spins (first, mother, second, third)."""
    scalar_a = {x: _current(first, _PROJECTOR[x], mothers) for x in "LR"}
    scalar_b = {x: _current(second, _PROJECTOR[x], third) for x in "LR"}
    vector_a = {x: _current(first, _GAMMA @ _PROJECTOR[x], mothers) for x in "LR"}
    vector_b = {x: _current(second, _GAMMA @ _PROJECTOR[x], third) for x in "LR"}
    for x, y in itertools.product("LR", "LR"):
        yield ("V", x, y), _contracted(vector_a[x], vector_b[y])
    for x in "LR":
        yield ("S", x, x), np.einsum("nab,ncd->nabcd", scalar_a[x], scalar_b[x])


def _dipole(
    mothers: Complex, first: Complex, second: Complex, third: Complex, q: Real, charge: float
) -> Iterator[tuple[tuple[str, str, str], Complex]]:
    """Amplitudes of the dipole and a photon of momentum q, spins as in `_contact`."""
    square = np.einsum("nm,m,nm->n", q, _METRIC, q)
    slash = _slash(q)
    # i sigma^{ab} q_a = -(qslash gamma^b - gamma^b qslash)/2
    sigma = -0.5 * (slash[:, None] @ _GAMMA - _GAMMA @ slash[:, None])
    bar = _bar(first)[:, None] * (2 * charge / square)[:, None, None, None]
    pair = _current(second, _GAMMA, third)
    for x in "LR":
        yield ("D", x, ""), _contracted(bar @ sigma @ (_PROJECTOR[x] @ mothers)[:, None], pair)


def _amplitudes(mass: float, momenta: tuple[Real, Real, Real], masses: tuple[float, float, float]) -> Complex:
    """All amplitudes, shape (structures, n, 16), in the order of `STRUCTURES`; e = 1 and the dipole coefficient times 1/mass."""
    p1, p2, p3 = momenta
    mothers = _spinors(np.broadcast_to(mass * _REST, p1.shape), mass, 1)
    first, second = _spinors(p1, masses[0], 1), _spinors(p2, masses[1], 1)
    third = _spinors(p3, masses[2], -1)
    found: dict[tuple[str, str, str, bool], Complex] = {}
    for key, amplitude in _contact(mothers, first, second, third):
        found[(*key, False)] = amplitude
    for key, amplitude in _contact(mothers, second, first, third):
        found[(*key, True)] = -np.einsum("nabcd->ncbad", amplitude)
    for key, amplitude in _dipole(mothers, first, second, third, p2 + p3, mass):
        found[(*key, False)] = amplitude
    if masses[0] == masses[1]:
        for key, amplitude in _dipole(mothers, second, first, third, p1 + p3, mass):
            found[(*key, True)] = -np.einsum("nabcd->ncbad", amplitude)
    keys = [*STRUCTURES, *(("D", x, "", True) for x in "LR" if masses[0] == masses[1])]
    return np.array([found[key].reshape(len(p1), -1) for key in keys])


def _grid(mass: float, masses: tuple[float, float, float], nodes: int) -> tuple[Real, Real, Real]:
    """s, cosine and weights of phase space, the photon poles in both pairs resolved by logarithmic variables."""
    m1, m2, m3 = masses
    t, w = np.polynomial.legendre.leggauss(nodes)
    u, w = 0.5 * (t + 1), 0.5 * w
    # quadratic at both ends, where phase space has square roots
    v, dv = u**2 * (3 - 2 * u), 6 * u * (1 - u) * w
    low, high = (m2 + m3) ** 2, (mass - m1) ** 2
    s = low * (high / low) ** v
    p1 = np.sqrt(np.maximum(((mass**2 + m1**2 - s) / (2 * mass)) ** 2 - m1**2, 0.0))
    k = np.sqrt(np.maximum(((s + m2**2 - m3**2) ** 2 / (4 * s)) - m2**2, 0.0))
    ds = s * math.log(high / low) * dv
    weight_s = ds / (2 * math.pi) * p1 / (4 * math.pi * mass) * k / (4 * math.pi * np.sqrt(s))
    # invariant mass squared of (l1, l3) = a + b cosine, with l3 opposite to l2 in the frame of the pair
    root = np.sqrt(s)
    e1 = (mass**2 - s - m1**2) / (2 * root)
    e3 = (s + m3**2 - m2**2) / (2 * root)
    k1 = np.sqrt(np.maximum(e1**2 - m1**2, 0.0))
    a, b = m1**2 + m3**2 + 2 * e1 * e3, 2 * k1 * k
    ratio = (a + b) / (a - b)
    other = (a - b)[:, None] * ratio[:, None] ** u
    cosine = np.clip((other - a[:, None]) / b[:, None], -1.0, 1.0)
    weight_c = 0.5 * other * np.log(ratio)[:, None] / b[:, None] * w
    return np.repeat(s, nodes), cosine.ravel(), (weight_s[:, None] * weight_c).ravel()


def massive_rates(mass: float, masses: tuple[float, float, float], nodes: int = _NODES) -> Complex:
    r"""Hermitian H with :math:`\Gamma = \frac{m_0^5}{1536 \pi^3} A^\dagger H A`.

    Parameters
    ----------
    mass : float
        Mass of l0 (GeV).
    masses : tuple of float
        Masses of l1-, l2- and l3+. Equal masses of the first two mean the same particle.
    nodes : int
        Number of nodes in each of the two variables of phase space.

    Returns
    -------
    ndarray of complex, shape (14, 14)
        For amplitudes A in the order of `STRUCTURES`: coefficients in GeV^-2; for the dipole e C/m_0. Read-only. Depends on the
        ratios of masses, of which seven digits are used.
    """
    first, second, third = (_rounded(m) for m in masses)
    return _rates(_rounded(mass), (first, second, third), nodes)


def _rounded(mass: float) -> float:
    return float(f"{mass:.{_DIGITS - 1}e}")


@lru_cache(maxsize=128)
def _rates(mass: float, masses: tuple[float, float, float], nodes: int) -> Complex:
    s, cosine, weights = _grid(mass, masses, nodes)
    amplitudes = _amplitudes(mass, _momenta(mass, masses, s, cosine), masses)
    # mean over the spin of l0, width, and the unit of the result
    factor = 0.5 / (2 * mass) * 1536 * math.pi**3 / mass**5
    if masses[0] == masses[1]:
        # the same particle: operators act in both ways, on half of phase space
        crossed = np.array([_crossed(index, amplitudes) for index in range(len(STRUCTURES))])
        amplitudes, factor = amplitudes[: len(STRUCTURES)] + crossed, 0.5 * factor
    rates = factor * np.einsum("inh,n,jnh->ij", amplitudes.conj(), weights, amplitudes, optimize=True)
    rates.flags.writeable = False
    return np.asarray(rates)


def _crossed(index: int, amplitudes: Complex) -> Complex:
    """Amplitude with l1 and l2 exchanged; those of the dipole follow after the `STRUCTURES`."""
    kind, chirality, other, crossed = STRUCTURES[index]
    if kind == "D":
        return np.asarray(amplitudes[len(STRUCTURES) + "LR".index(chirality)])
    return np.asarray(amplitudes[STRUCTURES.index((kind, chirality, other, not crossed))])
