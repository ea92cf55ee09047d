r"""Mass and width differences and q/p of a neutral meson from its mixing amplitudes.

The Hamiltonian in the basis (M, anti-M) has the off-diagonal elements

.. math:: A = M_{12} - \tfrac{i}{2} \Gamma_{12}, \qquad B = M_{12}^* - \tfrac{i}{2} \Gamma_{12}^*, \qquad
          M_{12} - \tfrac{i}{2} \Gamma_{12} = \langle M | \mathcal H | \bar M \rangle / (2 m),

and the eigenstates :math:`|1, 2\rangle = p |M\rangle \mp r |\bar M\rangle` with :math:`r = p \sqrt{B/A}`, the root with a
positive real part: with :math:`CP |M\rangle = -|\bar M\rangle` state 1 is the one that is even when CP is conserved. Then

.. math:: (m_1 - m_2) - \tfrac{i}{2} (\Gamma_1 - \Gamma_2) = -2 A \sqrt{B/A}, \qquad |q/p| = |B/A|^{1/2}, \qquad
          \phi = \arg \sqrt{B/A} \in (-\pi/2, \pi/2].

Everything here is a function of (Re M12, Im M12, Re Gamma12, Im Gamma12), the last axis of the arguments; x and y follow in
units of Gamma, so give the amplitudes in units of the width. Vectorised over all leading axes, with derivatives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Combination

__all__ = [
    "DISPERSIVE_IMAGINARY",
    "DISPERSIVE_PHASE",
    "MASS_DIFFERENCE",
    "MIXING_MODULUS",
    "MIXING_PHASE",
    "RELATIVE_PHASE",
    "WIDTH_DIFFERENCE",
    "WIDTH_PHASE",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# derivatives of A and B with respect to Re M12, Im M12, Re Gamma12, Im Gamma12
_D_FORWARD = np.array([1.0, 1j, -0.5j, 0.5])
_D_BACKWARD = np.array([1.0, -1j, -0.5j, -0.5])


def _amplitudes(forms: Real) -> tuple[Complex, Complex]:
    dispersive, absorptive = forms[..., 0] + 1j * forms[..., 1], forms[..., 2] + 1j * forms[..., 3]
    return dispersive - 0.5j * absorptive, dispersive.conj() - 0.5j * absorptive.conj()


def _splitting(forms: Real) -> Complex:
    """x - i y with x = (m_1 - m_2)/Gamma and y = (Gamma_1 - Gamma_2)/(2 Gamma)."""
    forward, backward = _amplitudes(forms)
    return np.asarray(-2.0 * forward * np.sqrt(backward / forward))


def _splitting_gradient(forms: Real) -> Complex:
    forward, backward = (a[..., None] for a in _amplitudes(forms))
    half = -forward * np.sqrt(backward / forward)  # its square is A B
    return np.asarray((backward * _D_FORWARD + forward * _D_BACKWARD) / half)


def _log_root(forms: Real) -> Complex:
    """Logarithm of (B/A)^(1/2): log of abs(q/p) plus i times the phase."""
    forward, backward = _amplitudes(forms)
    return np.asarray(0.5 * np.log(backward / forward))


def _log_root_gradient(forms: Real) -> Complex:
    forward, backward = (a[..., None] for a in _amplitudes(forms))
    return np.asarray(0.5 * (_D_BACKWARD / backward - _D_FORWARD / forward))


def _polar_gradient(real: Real, imaginary: Real) -> Real:
    """Derivatives of the argument of a complex number with respect to its parts; shape (..., 2)."""
    return np.stack([-imaginary, real], axis=-1) / (real**2 + imaginary**2)[..., None]


def _dispersive_phase(forms: Real) -> Real:
    """Argument of -M12: zero for an x > 0 that conserves CP."""
    return np.asarray(np.arctan2(-forms[..., 1], -forms[..., 0]))


def _width_phase(forms: Real) -> Real:
    return np.asarray(np.arctan2(-forms[..., 3], -forms[..., 2]))


def _relative_phase(forms: Real) -> Real:
    """Argument of M12 / Gamma12, between -pi and pi."""
    real = forms[..., 0] * forms[..., 2] + forms[..., 1] * forms[..., 3]
    imaginary = forms[..., 1] * forms[..., 2] - forms[..., 0] * forms[..., 3]
    return np.asarray(np.arctan2(imaginary, real))


def _phase_gradient(forms: Real, dispersive: float, absorptive: float) -> Real:
    first = dispersive * _polar_gradient(forms[..., 0], forms[..., 1])
    return np.concatenate([first, absorptive * _polar_gradient(forms[..., 2], forms[..., 3])], axis=-1)


def _dispersive_imaginary(forms: Real) -> Real:
    """2 Im(M12 Gamma12^*) / abs(Gamma12)."""
    imaginary = forms[..., 1] * forms[..., 2] - forms[..., 0] * forms[..., 3]
    return np.asarray(2.0 * imaginary / np.hypot(forms[..., 2], forms[..., 3]))


def _dispersive_imaginary_gradient(forms: Real) -> Real:
    modulus = np.hypot(forms[..., 2], forms[..., 3])
    first = np.stack([-forms[..., 3], forms[..., 2], forms[..., 1], -forms[..., 0]], axis=-1) * (2.0 / modulus)[..., None]
    along = forms[..., 2:] * (_dispersive_imaginary(forms) / modulus**2)[..., None]
    first[..., 2:] -= along
    return first


MASS_DIFFERENCE = Combination(lambda f: _splitting(f).real, lambda f: _splitting_gradient(f).real)
WIDTH_DIFFERENCE = Combination(lambda f: -_splitting(f).imag, lambda f: -_splitting_gradient(f).imag)
MIXING_MODULUS = Combination(
    lambda f: np.exp(_log_root(f).real),
    lambda f: np.exp(_log_root(f).real)[..., None] * _log_root_gradient(f).real,
)
MIXING_PHASE = Combination(lambda f: _log_root(f).imag, lambda f: _log_root_gradient(f).imag)
DISPERSIVE_PHASE = Combination(_dispersive_phase, lambda f: _phase_gradient(f, 1.0, 0.0))
WIDTH_PHASE = Combination(_width_phase, lambda f: _phase_gradient(f, 0.0, 1.0))
RELATIVE_PHASE = Combination(_relative_phase, lambda f: _phase_gradient(f, 1.0, -1.0))
DISPERSIVE_IMAGINARY = Combination(_dispersive_imaginary, _dispersive_imaginary_gradient)
