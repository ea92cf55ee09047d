r"""Neutrino trident production nu_mu N -> nu_mu N mu+ mu- with a light L_mu - L_tau gauge boson: four-body integration.

Process: nu_mu(k1) + N(P) -> nu_mu(k2) + N(P') + mu-(p-) + mu+(p+), coherent on a spin-0 nucleus, one virtual photon
q = P - P', q^2 = -Q^2. With K = k1 - k2, kappa = -K^2 > 0 and
L = -(GF/sqrt2) [nubar g^a (1-g5) nu][mubar g_a (gV - gA g5) mu],

    gV -> gV + v^2 g^2 / (m^2 + kappa),  gV = 1/2 + 2 s_W^2,  gA = 1/2,  v^2 = 1/(sqrt2 GF)

(arXiv:1406.2332). Hence sigma/sigma_SM = 1 + a g^2 + b g^4, where a and b are averages of 1/(m^2 + kappa) and its square
over the vector part of the Standard Model rate. The interference of vector and axial-vector couplings is odd under the
exchange of the two muons and drops out, also with a cut that treats the muons alike.

The full Born cross section is integrated: the photon is virtual, with all its polarisations (no equivalent-photon
approximation). Phase space: dPhi4 = (ds/2pi) dPhi2(k1 P -> P' W) dPhi3(W -> k2 p- p+), s = (k1 + q)^2, in the variables
log s, log Q^2, log m_pair^2, log(kappa + constant), neutrino azimuth, muon rapidity in the pair frame, muon azimuth.
Traces are taken with explicit matrices. Units GeV; lengths in fm. Not a run-time module: `make_trident_table` uses it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GEV_CM2", "Constants", "Setup", "TridentSample", "draw", "photon_cross_section", "ratio_sums"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

HBAR_C = 0.1973269804  # GeV fm, exact in the SI of 2019
GEV_CM2 = 0.3893793721e-27  # GeV^-2 in cm^2
LARGEST_MOMENTUM = 0.6  # GeV: the form factor of iron squared is below 1e-5 there
KAPPA_FLOOR = 1e-6  # GeV^2: below it the sampling in kappa is flat (smallest Z' mass squared is 9e-6)
METRIC = np.array([1.0, -1.0, -1.0, -1.0])


@dataclass(frozen=True, slots=True)
class Constants:
    """Muon mass (GeV), Fermi constant (GeV^-2), sin^2 theta_W, alpha_em(0)."""

    muon_mass: float
    fermi_constant: float
    sin2_theta_w: float
    alpha_em: float

    @property
    def vector_coupling(self) -> float:
        """gV of the Standard Model for muon neutrinos: neutral and (Fierz transformed) charged current."""
        return 0.5 + 2.0 * self.sin2_theta_w

    @property
    def vev_squared(self) -> float:
        """v^2 in GeV^2."""
        return float(1.0 / (np.sqrt(2.0) * self.fermi_constant))


AXIAL_COUPLING = 0.5


@dataclass(frozen=True, slots=True)
class Setup:
    """Beam and one kind of nucleus: energies and masses in GeV, lengths in fm, cut on each muon's laboratory energy in GeV.

    The charge distribution is a symmetrised Fermi function with the given rms radius and skin parameter; `number` multiplies
    the cross section, for targets of several kinds of nuclei.
    """

    neutrino_energy: float
    target_mass: float
    target_charge: int
    charge_radius: float
    skin: float = 0.523
    minimum_muon_energy: float = 0.0
    number: float = 1.0

    def form_factor(self, momentum: Real) -> Real:
        """Elastic charge form factor, F(0) = 1; `momentum` in GeV. Sprung, Martorell, J. Phys. A 30 (1997) 6525."""
        half_density = np.sqrt(5.0 / 3.0 * self.charge_radius**2 - 7.0 / 3.0 * (np.pi * self.skin) ** 2)
        x = momentum / HBAR_C * half_density
        y = np.pi * momentum / HBAR_C * self.skin
        return np.asarray(3.0 / (x * (x**2 + y**2)) * y / np.sinh(y) * (y / np.tanh(y) * np.sin(x) - x * np.cos(x)))


@dataclass(frozen=True, slots=True)
class TridentSample:
    """Weighted events, arrays (N,): a cross section (GeV^-2) is the sum of coupling^2 * weight; weights contain 1/N."""

    vector: Real
    axial: Real
    kappa: Real
    lowest_muon_energy: Real


def _gammas() -> tuple[Complex, Complex]:
    sigma = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=np.complex128)
    bar = sigma * METRIC[:, None, None]
    gamma = np.zeros((4, 4, 4), dtype=np.complex128)
    gamma[:, :2, 2:], gamma[:, 2:, :2] = sigma, bar
    return gamma, np.diag([-1.0, -1.0, 1.0, 1.0]).astype(np.complex128)


GAMMA, GAMMA5 = _gammas()


def _slash(vector: Real | Complex) -> Complex:
    return np.asarray(((vector * METRIC) @ GAMMA.reshape(4, 16)).reshape(*vector.shape[:-1], 4, 4))


def _dot(a: Real, b: Real) -> Real:
    return np.asarray((a * b * METRIC).sum(-1))


def _boost(vector: Real, frame: Real) -> Real:
    """From the rest frame of `frame` to the frame in which `frame` is given."""
    mass = np.sqrt(_dot(frame, frame))
    along = (vector[:, 1:] * frame[:, 1:]).sum(-1)
    energy = (vector[:, 0] * frame[:, 0] + along) / mass
    factor = along / (mass * (frame[:, 0] + mass)) + vector[:, 0] / mass
    return np.concatenate([energy[:, None], vector[:, 1:] + factor[:, None] * frame[:, 1:]], axis=1)


def _neutrino_current(energy1: Real, energy2: Real, cosine: Real, azimuth: Real) -> Complex:
    """nubar(k2) gamma^a P_L nu(k1) for k1 along +z, up to a phase, shape (N, 4); from left-handed Weyl spinors."""
    half_sin, half_cos = np.sqrt(0.5 * (1.0 - cosine)), np.sqrt(0.5 * (1.0 + cosine))
    out = np.stack([-half_sin * np.exp(-1j * azimuth), half_cos + 0j], axis=1) * np.sqrt(2.0 * energy2)[:, None]
    column = (GAMMA[:, 2:, :2])[:, :, 1]  # sigma-bar^a applied to the spinor (0, 1) of k1
    return np.asarray(np.sqrt(2.0 * energy1)[:, None] * (out.conj() @ column.T))


def _muon_trace(current: Complex, target: Real, q: Real, minus: Real, plus: Real, mass: float) -> tuple[Real, Real]:
    """Spin-summed |current_a T^{ab} target_b|^2 for a vector and an axial-vector muon current."""
    j, photon, one = _slash(current), _slash(target), mass * np.eye(4)
    virtuality = _dot(q, q)
    first = (_slash(q - plus) + one) / (virtuality - 2.0 * _dot(q, plus))[:, None, None] @ photon
    second = photon @ (_slash(minus - q) + one) / (virtuality - 2.0 * _dot(q, minus))[:, None, None]
    left, right = _slash(minus) + one, _slash(plus) - one
    traces = []
    for vertex in (j, j @ GAMMA5):
        amplitude = vertex @ first + second @ vertex
        bar = GAMMA[0] @ amplitude.conj().swapaxes(-1, -2) @ GAMMA[0]
        traces.append(np.einsum("nab,nba->n", left @ amplitude, right @ bar).real)
    return traces[0], traces[1]


def _log_map(u: Real, low: Real | float, high: Real | float) -> tuple[Real, Real]:
    """Point between low and high, flat in its logarithm, and the Jacobian."""
    span = np.log(high / low)
    value = low * np.exp(u * span)
    return np.asarray(value), np.asarray(value * span)


def _muons(u: Real, azimuth: Real, pair: Real, q: Real, mass: float) -> tuple[Real, Real, Real]:
    """Muon momenta for a pair of given momentum, polar axis along the photon in the pair frame; and the Jacobian."""
    pair_mass = np.sqrt(_dot(pair, pair))
    beta = np.sqrt(1.0 - 4.0 * mass**2 / pair_mass**2)
    reach = np.arctanh(beta)
    cosine = np.tanh((2.0 * u - 1.0) * reach) / beta
    jacobian = 2.0 * reach * (1.0 - (beta * cosine) ** 2) / beta
    sine = np.sqrt(np.maximum(1.0 - cosine**2, 0.0))
    photon = _boost(q, pair * METRIC)[:, 1:]
    z = photon / np.linalg.norm(photon, axis=1)[:, None]
    x = np.cross(z, np.array([0.0, 1.0, 0.0]))
    x /= np.linalg.norm(x, axis=1)[:, None]
    y = np.cross(z, x)
    direction = (sine * np.cos(azimuth))[:, None] * x + (sine * np.sin(azimuth))[:, None] * y + cosine[:, None] * z
    half = np.concatenate([np.zeros((len(u), 1)), (0.5 * pair_mass * beta)[:, None] * direction], axis=1)
    energy = np.concatenate([(0.5 * pair_mass)[:, None], np.zeros((len(u), 3))], axis=1)
    return _boost(energy + half, pair), _boost(energy - half, pair), jacobian * beta


@dataclass(frozen=True, slots=True)
class _Photon:
    """Neutrino-photon system: s, Q^2; in its rest frame the neutrino energy and, of the nucleus, E + p_z, E - p_z, p_x^2."""

    s: Real
    q2: Real
    energy: Real
    plus: Real
    minus: Real
    transverse2: Real


def _photon(s: Real, q2: Real, setup: Setup) -> _Photon:
    """Rest frame of W = k1 + q with k1 along z, nucleus in the x-z plane; written without cancellations."""
    product = setup.target_mass * setup.neutrino_energy  # P.k1
    energy = (s + q2) / (2.0 * np.sqrt(s))
    minus = product / energy
    plus = q2 * (2.0 * product / (s + q2) - 1.0) / np.sqrt(s)
    return _Photon(s, q2, energy, plus, minus, plus * minus - setup.target_mass**2)


def _nucleus(photon: _Photon) -> tuple[Real, Real]:
    """P, and P - q (P.k1)/(q.k1): by current conservation the same amplitude as P, without its large cancellations."""
    transverse, zero = np.sqrt(np.maximum(photon.transverse2, 0.0)), np.zeros_like(photon.s)
    plus, minus = photon.plus, photon.minus
    momentum = np.stack([0.5 * (plus + minus), transverse, zero, 0.5 * (plus - minus)], axis=1)
    longitudinal = photon.q2 * (minus / np.sqrt(photon.s) - 0.5) / np.sqrt(photon.s)
    return momentum, np.stack([longitudinal, transverse, zero, longitudinal], axis=1)


def _neutrino(u: Real, azimuth: Real, photon: _Photon, m2: Real) -> tuple[Real, Real, Real, Complex]:
    """Outgoing momentum, kappa with its Jacobian, and the neutrino current, for pairs of squared mass m2."""
    k1, k2 = photon.energy, (photon.s - m2) / (2.0 * np.sqrt(photon.s))
    shifted, jacobian = _log_map(u, KAPPA_FLOOR, 4.0 * k1 * k2 + KAPPA_FLOOR)
    kappa = np.maximum(shifted - KAPPA_FLOOR, 0.0)
    cosine = np.clip(1.0 - kappa / (2.0 * k1 * k2), -1.0, 1.0)
    sine = np.sqrt(1.0 - cosine**2)
    out = k2[:, None] * np.stack([np.ones_like(k2), sine * np.cos(azimuth), sine * np.sin(azimuth), cosine], axis=1)
    return out, kappa, jacobian, _neutrino_current(k1, k2, cosine, azimuth)


def _events(cube: Real, photon: _Photon, setup: Setup, constants: Constants) -> TridentSample:
    """Events with |M|^2 dPhi3/(ds dlog Q^2) of a nucleus of charge 1 as weight; `cube` (N, 5)."""
    mass, root, product = constants.muon_mass, np.sqrt(photon.s), setup.target_mass * setup.neutrino_energy
    m2, jacobian_m2 = _log_map(cube[:, 0], 4.0 * mass**2, photon.s)
    out, kappa, jacobian_kappa, current = _neutrino(cube[:, 1], 2.0 * np.pi * cube[:, 2], photon, m2)
    zero = np.zeros_like(root)
    q = np.stack([root - photon.energy, zero, zero, -photon.energy], axis=1)
    pair = np.stack([root, zero, zero, zero], axis=1) - out
    minus, plus, jacobian_muons = _muons(cube[:, 3], 2.0 * np.pi * cube[:, 4], pair, q, mass)
    nucleus, reduced = _nucleus(photon)
    vector, axial = _muon_trace(current, reduced, q, minus, plus, mass)
    # |M|^2 = (GF^2/2) (4 pi alpha)^2 / Q^4 * |2 j . T . 2P|^2 with j = nubar gamma P_L nu
    matrix = 8.0 * (constants.fermi_constant * 4.0 * np.pi * constants.alpha_em / photon.q2) ** 2
    # flux 1/(4 P.k1); ds/(2 pi) dQ^2/(16 pi P.k1); k1 q -> k2 + pair with dOmega = dkappa dphi / (2 E1 E2); pair -> muons
    measure = photon.q2 / (2.0 * np.pi) / (16.0 * np.pi * product) / (4.0 * product) * jacobian_m2 / (2.0 * np.pi)
    measure = measure * jacobian_kappa * 2.0 * np.pi / (2.0 * photon.energy) / (16.0 * np.pi**2 * root)
    measure = measure * jacobian_muons * 2.0 * np.pi / (32.0 * np.pi**2)
    lowest = np.minimum(_dot(nucleus, minus), _dot(nucleus, plus)) / setup.target_mass
    keep = (photon.transverse2 > 0) & (lowest >= setup.minimum_muon_energy)
    weight = np.where(keep, matrix * measure, 0.0) / len(cube)
    return TridentSample(weight * vector, weight * axial, kappa, lowest)


def photon_cross_section(cube: Real, s: float, constants: Constants) -> tuple[float, float]:
    """Cross sections nu + real photon -> nu mu+ mu- at squared energy `s`, for gV = 1 and for gA = 1, in GeV^-2.

    Limit Q^2 -> 0 of the same code: d^2 sigma/(ds dlog Q^2) = (alpha/pi)/s * sigma(nu photon) (1 - Q_min^2/Q^2).
    """
    setup = Setup(1e6 * s, 1.0, 1, 1.0)
    photon = _photon(np.full(len(cube), s), np.full(len(cube), 1e-8 * constants.muon_mass**2), setup)
    events = _events(cube, photon, setup, constants)
    unit = np.pi * s / constants.alpha_em
    return float(events.vector.sum() * unit), float(events.axial.sum() * unit)


def draw(cube: Real, setup: Setup, constants: Constants) -> TridentSample:
    """Events of neutrino scattering on the nuclei of one kind for points of the unit cube (N, 7)."""
    energy = setup.neutrino_energy
    s, jacobian_s = _log_map(cube[:, 0], 4.0 * constants.muon_mass**2, 2.0 * energy * LARGEST_MOMENTUM)
    q2, jacobian_q2 = _log_map(cube[:, 1], (s / (2.0 * energy)) ** 2, LARGEST_MOMENTUM**2)
    events = _events(cube[:, 2:], _photon(s, q2, setup), setup, constants)
    charge = setup.target_charge * setup.form_factor(np.sqrt(q2))
    weight = setup.number * charge**2 * jacobian_s * jacobian_q2 / q2
    return TridentSample(weight * events.vector, weight * events.axial, events.kappa, events.lowest_muon_energy)


def ratio_sums(masses: Real, sample: TridentSample, constants: Constants) -> tuple[float, Real, Real]:
    """Standard Model cross section (GeV^-2) and the cross sections multiplying g^2 and g^4 for each Z' mass (GeV)."""
    standard_model = np.sum(constants.vector_coupling**2 * sample.vector + AXIAL_COUPLING**2 * sample.axial)
    exchange = constants.vev_squared / (masses[:, None] ** 2 + sample.kappa)
    linear = 2.0 * constants.vector_coupling * (exchange @ sample.vector)
    return float(standard_model), linear, exchange**2 @ sample.vector
