r"""Conversion of muonium (mu+ e-) into antimuonium (mu- e+) by operators that change muon and electron number by two.

The WCxf basis "flavio" has no such coefficients, so no observable of `fitlq_theory.observables` reads them. A model adds
`conversion_probability` to the observable ``P(Mu->Mubar)`` by its method `predictions`. For

.. math:: L &= C_{LL} (\bar\mu\gamma^\alpha P_L e)^2 + C_{RR} (\bar\mu\gamma^\alpha P_R e)^2 \\
              &+ C_{LR} (\bar\mu\gamma^\alpha P_L e)(\bar\mu\gamma_\alpha P_R e) + S_L (\bar\mu P_L e)^2
              + S_R (\bar\mu P_R e)^2 + h.c.

the mixing of the 1s states is :math:`T = |\psi(0)|^2` times the amplitude of the four spin states,
:math:`|\psi(0)|^2 = (m_{red}\alpha)^3/\pi`. With the levels a of muonium and b of antimuonium in a magnetic field, which acts on
them with opposite signs, unpolarised muonium decays as antimuonium with the probability

.. math:: P = \frac14 \sum_{ab} \frac{2 |T_{ba}|^2 \tau_\mu^2}{1 + (E_a - E_b)^2 \tau_\mu^2}.

Tested: 2.57e-5 (G/G_F)^2 without field for V-A, its limit of MACS (G < 0.0030 G_F, hep-ex/9807011), and the
reduction by fields of (V-A)(V+A) in hep-ph/9504218.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["MACS_FIELD", "OPERATORS", "conversion_matrix", "conversion_probability"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

OPERATORS = ("C_LL", "C_RR", "C_LR", "S_L", "S_R")
MACS_FIELD = 0.1  # T
# hyperfine splitting 4463.302 MHz and Bohr magneton in GeV and GeV/T
_HYPERFINE = 4.463302e9 * 1e-12 * 2 * math.pi * HBAR_GEV_PS
_BOHR_MAGNETON = 5.7883818e-14
_G_FACTOR = 2.00232

_SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
_ZERO, _ONE = np.zeros((2, 2)), np.eye(2)
_GAMMA = np.array([np.block([[_ZERO, _ONE], [_ONE, _ZERO]]), *(np.block([[_ZERO, s], [-s, _ZERO]]) for s in _SIGMA)])
_METRIC = np.array([1.0, -1.0, -1.0, -1.0])
_LEFT, _RIGHT = np.diag([1.0, 1.0, 0.0, 0.0]), np.diag([0.0, 0.0, 1.0, 1.0])


def conversion_probability(coefficients: ArrayLike, matrix: Complex) -> Real:
    """P for `coefficients` (..., 5) in GeV^-2 in the order of `OPERATORS` and the `matrix` of `conversion_matrix`."""
    c = np.asarray(coefficients, dtype=np.complex128)
    return np.asarray(np.einsum("...i,ij,...j->...", c.conj(), matrix, c).real)


def conversion_matrix(point: ParameterPoint, field: float = MACS_FIELD) -> Complex:
    r"""Hermitian M with :math:`P = C^\dagger M C`, shape (5, 5), in GeV^4; `field` in tesla."""
    electron, muon = point["m_e"], point["m_mu"]
    density = (electron * muon / (electron + muon) * point["alpha_em Thomson"]) ** 3 / math.pi
    lifetime = point["tau_mu"] / HBAR_GEV_PS
    magneton = 0.5 * _G_FACTOR * _BOHR_MAGNETON * field
    energies, states = np.linalg.eigh(_levels(magneton, -magneton * electron / muon))
    anti_energies, anti_states = np.linalg.eigh(_levels(-magneton, magneton * electron / muon))
    mixing = anti_states.conj().T @ (density * _spin_amplitudes()) @ states
    detuning = (anti_energies[:, None] - energies) * lifetime
    weights = 0.25 * 2 * lifetime**2 / (1 + detuning**2)
    return np.asarray(np.einsum("iba,ba,jba->ij", mixing.conj(), weights, mixing))


def _levels(electron: float, muon: float) -> Complex:
    """Hamiltonian of the spins (electron, muon), with the energies `electron` and `muon` of spins along the field."""
    spins = sum(np.kron(s, s) for s in _SIGMA)
    return np.asarray(0.25 * _HYPERFINE * spins + electron * np.kron(_SIGMA[2], _ONE) + muon * np.kron(_ONE, _SIGMA[2]))


def _spin_amplitudes() -> Complex:
    """Amplitudes (5, 4, 4) of the operators between spins (positron, muon-) and (electron, antimuon) at rest."""
    # spinors of particles and of antiparticles with spin up and down: columns; the latter have the spin reversed
    u = np.vstack([_ONE, _ONE]) / math.sqrt(2)
    reversed_spin = np.array([[0.0, -1.0], [1.0, 0.0]])
    v = np.vstack([reversed_spin, -reversed_spin]) / math.sqrt(2)
    u_bar, v_bar = u.T @ _GAMMA[0], v.T @ _GAMMA[0]

    def amplitude(first: Complex, second: Complex, metric: Real) -> Complex:
        total = np.zeros((2, 2, 2, 2), dtype=np.complex128)
        for one, two in ((first, second), (second, first)):
            direct = np.einsum("mde,m,mba->abde", u_bar @ one @ u, metric, v_bar @ two @ v)
            exchanged = np.einsum("mda,m,mbe->abde", u_bar @ one @ v, metric, v_bar @ two @ u)
            total += direct - exchanged
        # axes: positron, antimuon, muon, electron -> (positron, muon), (electron, antimuon)
        return total.transpose(0, 2, 3, 1).reshape(4, 4)

    left, right = _GAMMA @ _LEFT, _GAMMA @ _RIGHT
    one = np.ones(1)
    return np.array(
        [
            amplitude(left, left, _METRIC),
            amplitude(right, right, _METRIC),
            amplitude(left, right, _METRIC),
            amplitude(_LEFT[None], _LEFT[None], one),
            amplitude(_RIGHT[None], _RIGHT[None], one),
        ]
    )
