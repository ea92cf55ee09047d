r"""Angular coefficients of B -> P l1 l2 and B -> V l1 l2 as Hermitian forms in the helicity amplitudes.

Signs of LHCb (arXiv:1506.03970, appendix C); there every coefficient is the plain combination of amplitudes below, while the
convention of arXiv:0811.1214 differs by a sign in 4, 6s, 6c, 7 and 9. With
:math:`L = \lambda(q^2, m_1^2, m_2^2)/4q^2`, :math:`e = \sqrt{(m_1^2+L)(m_2^2+L)}`, :math:`r = \sqrt{\lambda(q^2, m_1^2, m_2^2)}`,
:math:`\sigma_\pm = (m_1 \pm m_2)/\sqrt{q^2}` and
:math:`n = \sqrt{\lambda(m_B^2, m_M^2, q^2)}\, r/(2^9 \pi^3 m_B^3 q^2)`, :math:`I_i = \frac{32}{3} n g_i` for a vector meson:

.. math::

    g_{1s} &= \sum_\pm \left[ (\tfrac e2 + \tfrac L4)(|V|^2+|A|^2) + \tfrac{m_1 m_2}{2}(|V|^2-|A|^2) \right], \quad
    g_{2s} = \tfrac L4 \sum_\pm (|V|^2+|A|^2) \\
    g_{1c} &= e(|0V|^2+|0A|^2) + m_1 m_2(|0V|^2-|0A|^2) + (e-m_1m_2+L)|S|^2 + (e+m_1m_2+L)|P|^2 \\
    g_{2c} &= -L(|0V|^2+|0A|^2), \quad g_3 + i g_9 = -L \sum_{X=V,A} H_+^X H_-^{X*}, \quad
    g_4 + i g_8 = \tfrac L2 \sum_X (H_+^X H_0^{X*} + H_0^X H_-^{X*}) \\
    g_{6s} &= \tfrac r2 \mathrm{Re}(H_+^V H_+^{A*} - H_-^V H_-^{A*}), \quad
    g_{6c} = -r\, \mathrm{Re}(\sigma_- H_0^A P^* + \sigma_+ H_0^V S^*) \\
    g_5 + i g_7 &= \tfrac r4 [ H_+^V H_0^{A*} + H_+^A H_0^{V*} - H_0^V H_-^{A*} - H_0^A H_-^{V*}
      + \sigma_+ (H_+^V S^* + S H_-^{V*}) + \sigma_- (H_+^A P^* + P H_-^{A*}) ]

The rate is :math:`d\Gamma/dq^2 = \frac34 (2I_{1s} + I_{1c}) - \frac14 (2I_{2s} + I_{2c})`. For a pseudoscalar
:math:`d\Gamma/dq^2 = 2G_0`, :math:`A_{FB} = G_1/2G_0`, :math:`F_H = (G_0+G_2)/G_0` with

.. math::

    G_0 &= n [ (4(e+m_1m_2) + \tfrac43 L)|V|^2 + (4(e-m_1m_2)+\tfrac43 L)|A|^2 + 4(e-m_1m_2+L)|S|^2 + 4(e+m_1m_2+L)|P|^2 ] \\
    G_1 &= -4 n r\, \mathrm{Re}(\sigma_+ V S^* + \sigma_- A P^*), \quad G_2 = -\tfrac{16}{3} n L (|V|^2+|A|^2)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.observables.meson_dilepton_amplitudes import PSEUDOSCALAR_AMPLITUDES, VECTOR_AMPLITUDES, kallen

__all__ = [
    "PSEUDOSCALAR_COEFFICIENTS",
    "VECTOR_COEFFICIENTS",
    "integrated_forms",
    "pseudoscalar_kernels",
    "vector_kernels",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

VECTOR_COEFFICIENTS = ("1s", "1c", "2s", "2c", "3", "4", "5", "6s", "6c", "7", "8", "9")
PSEUDOSCALAR_COEFFICIENTS = ("G0", "G1", "G2")
# weight, coefficient of the real part, of the imaginary part ("" for none), the two amplitudes: weight * h_a h_b^*
_Term = tuple[Real, str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Leptons:
    """The symbols of the module docstring; each (n,)."""

    normalisation: Real
    momentum: Real  # L
    energy: Real  # e
    root: Real  # r
    masses: float  # m_1 m_2
    total: Real  # sigma_+
    gap: Real  # sigma_-


def _leptons(q2: Real, meson_masses: tuple[float, float], lepton_masses: tuple[float, float]) -> _Leptons:
    (mass, light), (first, second) = meson_masses, lepton_masses
    triangle = kallen(q2, first**2, second**2)
    momentum, root = triangle / (4 * q2), np.sqrt(triangle)
    hadrons = np.sqrt(kallen(mass**2, light**2, q2))
    return _Leptons(
        normalisation=hadrons * root / (2**9 * math.pi**3 * mass**3 * q2),
        momentum=momentum,
        energy=np.sqrt((first**2 + momentum) * (second**2 + momentum)),
        root=root,
        masses=first * second,
        total=(first + second) / np.sqrt(q2),
        gap=(first - second) / np.sqrt(q2),
    )


def vector_kernels(q2: Real, meson_masses: tuple[float, float], lepton_masses: tuple[float, float]) -> Complex:
    """Hermitian matrices K with I_i = h^dagger K_i h for a vector meson.

    Parameters
    ----------
    q2 : ndarray, shape (n,)
        GeV^2.
    meson_masses, lepton_masses : tuple of float
        Of the B meson and the vector meson; of the negative and the positive lepton (b decay). GeV.

    Returns
    -------
    ndarray of complex, shape (n, 12, 8, 8)
        Order `VECTOR_COEFFICIENTS`, `VECTOR_AMPLITUDES`; I_i in GeV^-1 (rate per GeV^2) for amplitudes with their factor N.
    """
    leptons = _leptons(q2, meson_masses, lepton_masses)
    terms = [*_squares(leptons), *_interference(leptons)]
    factor = 32 / 3 * leptons.normalisation
    return _assembled(terms, factor, VECTOR_COEFFICIENTS, VECTOR_AMPLITUDES)


def _squares(x: _Leptons) -> Iterator[_Term]:
    for current, sign in (("V", 1), ("A", -1)):
        for helicity in "+-":
            amplitude = helicity + current
            yield 0.5 * x.energy + 0.25 * x.momentum + 0.5 * sign * x.masses, "1s", "", amplitude, amplitude
            yield 0.25 * x.momentum, "2s", "", amplitude, amplitude
        yield x.energy + sign * x.masses, "1c", "", "0" + current, "0" + current
        yield -x.momentum, "2c", "", "0" + current, "0" + current
    yield x.energy - x.masses + x.momentum, "1c", "", "S", "S"
    yield x.energy + x.masses + x.momentum, "1c", "", "P", "P"


def _interference(x: _Leptons) -> Iterator[_Term]:
    for current in "VA":
        yield -x.momentum, "3", "9", "+" + current, "-" + current
        yield 0.5 * x.momentum, "4", "8", "+" + current, "0" + current
        yield 0.5 * x.momentum, "4", "8", "0" + current, "-" + current
    yield 0.5 * x.root, "6s", "", "+V", "+A"
    yield -0.5 * x.root, "6s", "", "-V", "-A"
    yield -x.root * x.gap, "6c", "", "0A", "P"
    yield -x.root * x.total, "6c", "", "0V", "S"
    for first, second, weight in (
        ("+V", "0A", 1.0),
        ("+A", "0V", 1.0),
        ("0V", "-A", -1.0),
        ("0A", "-V", -1.0),
        ("+V", "S", x.total),
        ("S", "-V", x.total),
        ("+A", "P", x.gap),
        ("P", "-A", x.gap),
    ):
        yield 0.25 * x.root * weight, "5", "7", first, second


def pseudoscalar_kernels(q2: Real, meson_masses: tuple[float, float], lepton_masses: tuple[float, float]) -> Complex:
    """As `vector_kernels` for a pseudoscalar: (n, 3, 4, 4), order `PSEUDOSCALAR_COEFFICIENTS`, `PSEUDOSCALAR_AMPLITUDES`."""
    x = _leptons(q2, meson_masses, lepton_masses)
    terms: list[_Term] = [
        (4 * (x.energy + x.masses + x.momentum / 3), "G0", "", "V", "V"),
        (4 * (x.energy - x.masses + x.momentum / 3), "G0", "", "A", "A"),
        (4 * (x.energy - x.masses + x.momentum), "G0", "", "S", "S"),
        (4 * (x.energy + x.masses + x.momentum), "G0", "", "P", "P"),
        (-4 * x.root * x.total, "G1", "", "V", "S"),
        (-4 * x.root * x.gap, "G1", "", "A", "P"),
        (-16 / 3 * x.momentum, "G2", "", "V", "V"),
        (-16 / 3 * x.momentum, "G2", "", "A", "A"),
    ]
    return _assembled(terms, x.normalisation, PSEUDOSCALAR_COEFFICIENTS, PSEUDOSCALAR_AMPLITUDES)


def _assembled(terms: list[_Term], factor: Real, coefficients: tuple[str, ...], amplitudes: tuple[str, ...]) -> Complex:
    size = len(amplitudes)
    kernels = np.zeros((len(factor), len(coefficients), size, size), dtype=np.complex128)
    for weight, real, imaginary, first, second in terms:
        # Re(h_a h_b^*) and Im(h_a h_b^*) as h^dagger K h
        a, b, value = amplitudes.index(first), amplitudes.index(second), 0.5 * factor * weight
        i = coefficients.index(real)
        kernels[:, i, a, b] += value
        kernels[:, i, b, a] += value
        if imaginary:
            j = coefficients.index(imaginary)
            kernels[:, j, b, a] -= 1j * value
            kernels[:, j, a, b] += 1j * value
    return kernels


def integrated_forms(kernels: Complex, left: Complex, right: Complex) -> Complex:
    """Sum over nodes of left^dagger K right.

    Parameters
    ----------
    kernels : ndarray, shape (n, c, a, a)
        Multiplied with the weights of the nodes.
    left, right : ndarray, shape (n, a, k) and (n, a, l)
        Amplitudes as rows over coefficients; the same array twice gives Hermitian forms.

    Returns
    -------
    ndarray of complex, shape (c, k, l)
    """
    nodes, coefficients, size, _ = kernels.shape
    columns = right.shape[2]
    applied = (kernels.reshape(nodes, coefficients * size, size) @ right).reshape(nodes, coefficients, size, columns)
    # nodes and amplitudes together are the inner dimension of one matrix product
    inner = applied.transpose(0, 2, 1, 3).reshape(nodes * size, coefficients * columns)
    summed = left.conj().reshape(nodes * size, -1).T @ inner
    return np.asarray(summed.reshape(-1, coefficients, columns).transpose(1, 0, 2))
