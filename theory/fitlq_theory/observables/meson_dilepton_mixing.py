r"""Bs -> V l1 l2 of mesons that mix: untagged rates, integrated over time.

A final state is reached from both mesons. Integrated over time, the sum of an angular coefficient I of the decays of
:math:`\bar B_s` and of its counterpart :math:`\tilde I` for :math:`B_s` into the same state is, with
:math:`y = \Delta\Gamma/2\Gamma` (arXiv:1502.05509, eqs. (42), (48)),

.. math::
    \frac{I + \tilde I - y\, h}{1 - y^2}, \qquad
    h = -2\,\mathrm{Re}\left(\frac qp \tilde A^\dagger K A\right)
      = 2\,\mathrm{Re}\left(\frac{M_{12}}{|M_{12}|} A^\dagger K \tilde A\right).

K is the kernel of I, A the amplitudes of :math:`\bar B_s`, :math:`-\tilde A` those of :math:`B_s` into the same state with
:math:`CP|B_s\rangle = -|\bar B_s\rangle` as in M12. This follows from the mass eigenstates :math:`p B_s \pm q \bar B_s` with
widths :math:`(1 \pm y)\Gamma`, the lighter one first, and :math:`q/p = -M_{12}^*/|M_{12}|`. The current of the b quark is C-odd
as a vector, C-even as an axial vector, scalar density or pseudoscalar density, and Hermitian conjugation of
:math:`\bar l_1 \gamma_5 l_2` gives a sign. Therefore :math:`\tilde A` follows from the amplitudes of the decay of the antiquark
(coefficients c*, exchanged leptons) with helicities + and - exchanged and S with the opposite sign. In the angles of the b decay
:math:`\tilde I_i = \bar I_i` for i = 1, 2, 3, 4, 7 and :math:`-\bar I_i` for 5, 6, 8, 9: untagged measurements see S_i of the
former and A_i of the latter.

As :math:`\tilde A` is linear in c*, h is the real part of a symmetric, not a Hermitian form, and depends on the phase of
M12, which new physics in mixing changes: :math:`h = (h_1\, \mathrm{Re} M_{12} + h_2\, \mathrm{Im} M_{12})/|M_{12}|`. CP
violation in mixing, :math:`|q/p| \ne 1`, is neglected (1e-5 in the Standard Model).

flavio 2.7.1 has the complex conjugate phase of mixing: it adds to the phase of the CKM factors of the decays instead of
cancelling it, and h changes with the phases of quark fields. Besides it takes the principal branch of the root in
:math:`q/p = -\sqrt{M_{12}^*/M_{12}}`, which has the opposite sign if the real part of M12 is negative. The option
``flavio-2.7.1`` of the choice ``b->s ll`` does both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient, Combination, Forms
from fitlq_theory.effective_coefficients import follows_flavio
from fitlq_theory.observables.meson_dilepton_amplitudes import VECTOR_AMPLITUDES
from fitlq_theory.observables.meson_dilepton_angular import integrated_forms
from fitlq_theory.observables.meson_mixing_amplitude import BS, OPERATORS, mixing_amplitude
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_linear, from_symmetric

__all__ = [
    "FLIPPED_BY_CP",
    "MIXING_COEFFICIENTS",
    "half_width_ratio",
    "interference_forms",
    "into_same_state",
    "time_integrated",
    "with_mixing",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# angular coefficients that have the opposite sign in the decay of the antiparticle into the same state
FLIPPED_BY_CP = ("5", "6s", "6c", "8", "9")
MIXING_COEFFICIENTS = tuple(Coefficient(f"{operator}_{BS.sector}", BS.eft, BS.scale) for operator in OPERATORS)
# amplitudes of the antiquark in the order of those into the same state
_EXCHANGED = [VECTOR_AMPLITUDES.index(name) for name in ("0V", "0A", "-V", "-A", "+V", "+A", "P", "S")]
_VALUES = 2  # axes of values of forms, instead of three of forms
_PARTS = 3  # forms of a rate: without mixing, and the factors of Re M12 and Im M12
_SCALAR = VECTOR_AMPLITUDES.index("S")


def half_width_ratio(point: ParameterPoint) -> float:
    """y of the Bs mesons."""
    return 0.5 * point[f"DeltaGamma/Gamma_{BS.name}"]


def into_same_state(rows: Complex) -> Complex:
    """Amplitudes of the decay of the antiquark (..., 8, k) as those of Bs into the final state of the b decay."""
    exchanged = rows[..., _EXCHANGED, :].copy()
    exchanged[..., _SCALAR, :] *= -1
    return np.asarray(exchanged)


def interference_forms(kernels: Complex, decay: Complex, antiquark: Complex) -> Complex:
    """Symmetric forms S with h = Re(M12* c1^T S c2)/|M12| of each angular coefficient.

    Parameters
    ----------
    kernels : ndarray, shape (n, i, 8, 8)
        Times weights of the nodes.
    decay : ndarray, shape (n, 8, k)
        Rows over c1 of the amplitudes of the b decay.
    antiquark : ndarray, shape (n, 8, l)
        Rows over c2* of the amplitudes of the decay of the antiquark into the antiparticles.

    Returns
    -------
    ndarray of complex, shape (i, k, l)
    """
    return np.asarray(2 * integrated_forms(kernels, decay, into_same_state(antiquark)).conj())


def with_mixing(point: ParameterPoint, plain: Real, symmetric: Complex) -> Real:
    """The three forms of a rate (or of one angular coefficient) of which `time_integrated` makes an observable.

    Parameters
    ----------
    point : ParameterPoint
    plain : ndarray, shape (m, m)
        Form of the sum over both mesons without width difference, in the coefficients of the leptons.
    symmetric : ndarray, shape (k, k), m = 2k - 1
        As from `interference_forms`. Or values of both at N points, each (N,).

    Returns
    -------
    ndarray, shape (3, m, m) or (3, N)
        The form without mixing and the factors of the real and the imaginary part of M12/abs(M12).
    """
    y = half_width_ratio(point)
    real = np.real if symmetric.ndim == 1 else from_symmetric
    phase = 1j if follows_flavio(point) else -1j
    return np.stack([plain, -y * real(symmetric), -y * real(phase * symmetric)]) / (1 - y**2)


def _mixing_forms(point: ParameterPoint, parts: Real) -> Real:
    """`parts` (k, m, m) and real and imaginary part of M12 in units of the Standard Model: (k + 2, M, M) with mixing last.

    Values (k, N) get those of the Standard Model: (k + 2, N).
    """
    amplitude = mixing_amplitude(point, BS)
    amplitude = amplitude / abs(amplitude[0])
    if parts.ndim == _VALUES:
        phase = np.array([[amplitude[0].real], [amplitude[0].imag]])
        return np.concatenate([parts, np.broadcast_to(phase, (2, parts.shape[1]))])
    own, mixing = parts.shape[-1], 2 * len(OPERATORS)
    forms = np.zeros((len(parts) + 2, own + mixing, own + mixing))
    forms[:-2, :own, :own] = parts
    positions = np.r_[0, own : own + mixing]
    forms[-2:, positions[:, None], positions] = np.stack([from_linear(amplitude), from_linear(-1j * amplitude)])
    return forms


def _modulus(a: Real, b: Real) -> Real:
    return np.hypot(a, b)


def _modulus_of_flavio(a: Real, b: Real) -> Real:
    return np.copysign(np.hypot(a, b), a)


@dataclass(frozen=True, slots=True)
class _Mixed:
    """(..., 3n + 2) forms -> (..., n) values f0 + (f1 a + f2 b)/|M12|; the last two are a, b = Re M12, Im M12."""

    modulus: Callable[[Real, Real], Real]

    def values(self, f: Real) -> Real:
        a, b = f[..., -2, None], f[..., -1, None]
        parts = f[..., :-2].reshape(*f.shape[:-1], -1, 3)
        return np.asarray(parts[..., 0] + (parts[..., 1] * a + parts[..., 2] * b) / self.modulus(a, b))

    def chained(self, f: Real, gradient: Real) -> Real:
        """Derivatives by the forms from those by the values, (..., n)."""
        a, b = f[..., -2, None], f[..., -1, None]
        r = self.modulus(a, b)
        first, second = (f[..., :-2].reshape(*f.shape[:-1], -1, 3)[..., k] for k in (1, 2))
        found = np.empty_like(f)
        found[..., :-2] = np.stack([gradient, gradient * a / r, gradient * b / r], axis=-1).reshape(*f.shape[:-1], -1)
        turned = np.sum(gradient * (first * b - second * a) / r**3, axis=-1)
        found[..., -2], found[..., -1] = turned * b[..., 0], -turned * a[..., 0]
        return found

    def value(self, f: Real) -> Real:
        return np.asarray(self.values(f)[..., 0])

    def value_gradient(self, f: Real) -> Real:
        return self.chained(f, np.ones((*f.shape[:-1], 1)))

    def ratio(self, f: Real) -> Real:
        values = self.values(f)
        return np.asarray(values[..., 0] / values[..., 1])

    def ratio_gradient(self, f: Real) -> Real:
        values = self.values(f)
        return self.chained(f, np.stack([1 / values[..., 1], -values[..., 0] / values[..., 1] ** 2], axis=-1))


def _combinations(mixed: _Mixed) -> tuple[Combination, Combination]:
    return Combination(mixed.value, mixed.value_gradient), Combination(mixed.ratio, mixed.ratio_gradient)


# a rate, from three forms and M12, and a ratio of two such; one object each, see `Forms`
_STANDARD = _combinations(_Mixed(_modulus))
_FLAVIO = _combinations(_Mixed(_modulus_of_flavio))


def time_integrated(point: ParameterPoint, parts: Real) -> Forms:
    """The observable made of `parts` as from `with_mixing`, (3, m, m) for a rate, (6, m, m) for a ratio of two."""
    forms = _mixing_forms(point, parts)
    value, ratio = _FLAVIO if follows_flavio(point) else _STANDARD
    is_rate = len(parts) == _PARTS
    simpler = None
    if parts.ndim != _VALUES:
        # without new physics in mixing its phase is a number
        a, b = forms[-2:, 0, 0]
        simpler = Forms(
            np.tensordot([1.0, a, b], parts.reshape(-1, _PARTS, *parts.shape[1:]), (0, 1)), (1.0, -1.0)[: len(parts) // _PARTS]
        )
    return Forms(forms, (1.0,) * len(forms), value if is_rate else ratio, simpler)
