"""Angular coefficients of Lambda_b -> Lambda l l against explicit spinors, for massive leptons and all lepton currents."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.observables import baryon_dilepton_coefficients as angular

Complex = NDArray[np.complex128]

ALPHA = 0.6
LABELS = [
    "V perp0",
    "V para0",
    "V perp1",
    "V para1",
    "A perp0",
    "A para0",
    "A perp1",
    "A para1",
    "P perp",
    "P para",
    "S perp",
    "S para",
]
ONE, ZERO = np.eye(2), np.zeros((2, 2))
SIGMA = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
GAMMA = np.array(
    [np.block([[ONE, ZERO], [ZERO, -ONE]])] + [np.block([[ZERO, s], [-s, ZERO]]) for s in SIGMA], dtype=np.complex128
)
GAMMA_5 = np.block([[ZERO, ONE], [ONE, ZERO]]).astype(np.complex128)
# polarisations of the lepton pair, lower index; the time-like part is contained in P
POLARISATIONS = {
    1: -np.array([0, -1, -1j, 0]) / np.sqrt(2),
    -1: -np.array([0, 1, -1j, 0]) / np.sqrt(2),
    0: -np.array([0, 0, 0, 1]),
}


def spinor(momentum: NDArray[np.float64], mass: float, spin: Complex, *, antiparticle: bool = False) -> Complex:
    energy = np.sqrt(momentum @ momentum + mass**2)
    lower = np.einsum("i,ijk,k->j", momentum, SIGMA, spin) / (energy + mass)
    upper, norm = spin, np.sqrt(energy + mass)
    return norm * np.concatenate([lower, upper] if antiparticle else [upper, lower])


def lepton_amplitudes(mass: float, theta: float) -> dict[str, Complex]:
    """ubar Gamma v for q2 = 1, summed over spins later: arrays over four spin states."""
    momentum = np.sqrt(0.25 - mass**2) * np.array([np.sin(theta), 0.0, np.cos(theta)])
    found: dict[str, list[complex]] = {}
    for a, b in itertools.product(np.eye(2), np.eye(2)):
        bar = spinor(momentum, mass, a).conj() @ GAMMA[0]
        v = spinor(-momentum, mass, b, antiparticle=True)
        for h, e in POLARISATIONS.items():
            slashed = np.einsum("m,mij->ij", e, GAMMA)
            found.setdefault(f"V{h}", []).append(bar @ slashed @ v)
            found.setdefault(f"A{h}", []).append(bar @ slashed @ GAMMA_5 @ v)
        found.setdefault("P", []).append(bar @ GAMMA_5 @ v)
        found.setdefault("S", []).append(bar @ v)
    return {k: np.array(v) for k, v in found.items()}


def distribution(amplitudes: dict[str, complex], mass: float, theta_l: float, theta_h: float, phi: float) -> float:
    """Sum over spins of |sum of helicity amplitudes|^2; spin of the parent along the axis is s - helicity."""
    leptons = lepton_amplitudes(mass, theta_l)
    half = 0.5 * theta_h
    wigner = {(1, 1): np.cos(half), (1, -1): -np.sin(half), (-1, 1): np.sin(half), (-1, -1): np.cos(half)}
    total = 0.0
    for parent, proton in itertools.product((1, -1), (1, -1)):
        amplitude = np.zeros(4, dtype=np.complex128)
        for s, helicity in itertools.product((1, -1), (1, 0, -1)):
            if s - 2 * helicity != parent:
                continue
            part = np.zeros(4, dtype=np.complex128)
            for current in ("V", "A"):
                h = abs(helicity)
                strength = (amplitudes[f"{current} perp{h}"] + s * amplitudes[f"{current} para{h}"]) / np.sqrt(2)
                part -= strength * leptons[f"{current}{helicity}"]  # the metric of space-like polarisations
            if helicity == 0:
                for current in ("P", "S"):
                    part += (amplitudes[f"{current} perp"] + s * amplitudes[f"{current} para"]) / np.sqrt(2) * leptons[current]
            amplitude += part * wigner[s, proton] * np.exp(0.5j * s * phi)
        total += 0.5 * (1 + proton * ALPHA) * float(np.sum(np.abs(amplitude) ** 2))
    return total


def structures(theta_l: float, theta_h: float, phi: float) -> list[float]:
    """Of K_1ss ... K_4s with the angle of the other lepton and the azimuth of arXiv:1410.2115."""
    s, c = np.sin(theta_l), -np.cos(theta_l)
    lepton = [s**2, c**2, c]
    sine = np.sin(theta_h)
    azimuth = [s * c * sine * np.sin(phi), s * sine * np.sin(phi), s * c * sine * np.cos(phi), s * sine * np.cos(phi)]
    return lepton + [x * np.cos(theta_h) for x in lepton] + azimuth


@pytest.mark.parametrize("mass", [1e-7, 0.2, 0.45])
@pytest.mark.parametrize("seed", range(3))
def test_coefficients_follow_from_spinors(mass: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    amplitudes = {label: complex(*rng.normal(size=2)) for label in LABELS}
    angles = rng.uniform((0, 0, 0), (np.pi, np.pi, 2 * np.pi), size=(40, 3))
    rates = [distribution(amplitudes, mass, *point) for point in angles]
    fitted, residual, _, _ = np.linalg.lstsq(np.array([structures(*point) for point in angles]), np.array(rates), rcond=None)
    assert residual[0] < 1e-20 * np.sum(np.square(rates))  # the ten structures are all there are
    found = []
    for name in angular.LAMBDA_COEFFICIENTS:
        value = sum(
            float(weight(np.array([mass**2]))[0]) * (part * amplitudes[a] * np.conj(amplitudes[b])).real
            for weight, part, a, b in angular.coefficient_terms(name)
        )
        found.append(value * (ALPHA if name[0] in "234" else 1.0))
    # also the normalisation is the same at q2 = 1
    np.testing.assert_allclose(found, fitted, rtol=0, atol=1e-9 * np.abs(fitted).max())
