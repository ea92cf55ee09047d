r"""Effective degrees of freedom of the Standard Model plasma, and the combination that enters the relic density.

Energy density :math:`\rho = \frac{\pi^2}{30} g_\rho T^4`, entropy density :math:`s = \frac{2\pi^2}{45} g_s T^3`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from fitlq_theory.strict_yaml import load_yaml

__all__ = ["DegreesOfFreedom", "standard_model_plasma"]

Real = NDArray[np.float64]

_ELECTRON_MASS = 0.51099895e-3  # GeV
_FERMION = 7.0 / 8.0  # energy or entropy of a massless fermion, in units of that of a boson
_PHOTONS, _ELECTRONS, _NEUTRINOS = 2.0, 4.0 * _FERMION, 6.0 * _FERMION
_COLD = (5e-6, 7e-4)  # GeV; the table begins at 1e-3
_CONSTANT = (1e3, 1e4)  # GeV; above the table
_GEV_PER_MEV = 1e-3
_NODES, _WEIGHTS = np.polynomial.laguerre.laggauss(40)


@dataclass(frozen=True)
class DegreesOfFreedom:
    """Degrees of freedom at increasing temperatures, interpolated monotonically in log T and constant outside.

    Attributes
    ----------
    temperature : ndarray
        GeV.
    energy_values, entropy_values : ndarray
        g_rho and g_s there.
    """

    temperature: Real
    energy_values: Real
    entropy_values: Real

    @cached_property
    def _interpolators(self) -> tuple[PchipInterpolator, PchipInterpolator]:
        nodes = np.log(self.temperature)
        return PchipInterpolator(nodes, self.energy_values), PchipInterpolator(nodes, self.entropy_values)

    def _at(self, which: int, temperature: ArrayLike, order: int = 0) -> Real:
        first, last = np.log(self.temperature[[0, -1]])
        log_t = np.log(np.asarray(temperature, dtype=np.float64))
        found = self._interpolators[which](np.clip(log_t, first, last), order)
        if order:
            found = np.where((log_t > first) & (log_t < last), found, 0.0)
        return np.asarray(found)

    def energy(self, temperature: ArrayLike) -> Real:
        """g_rho at `temperature` (GeV)."""
        return self._at(0, temperature)

    def entropy(self, temperature: ArrayLike) -> Real:
        """g_s at `temperature` (GeV)."""
        return self._at(1, temperature)

    def root(self, temperature: ArrayLike) -> Real:
        r""":math:`g_*^{1/2} = \frac{g_s}{\sqrt{g_\rho}} (1 + \frac13 \frac{d\ln g_s}{d\ln T})`, Nucl. Phys. B 360 (1991) 145."""
        entropy = self.entropy(temperature)
        slope = self._at(1, temperature, 1) / entropy
        return np.asarray(entropy / np.sqrt(self.energy(temperature)) * (1.0 + slope / 3.0))


def _electrons(temperature: Real) -> tuple[Real, Real]:
    """Energy and entropy of electrons and positrons relative to massless ones, each 1 at high temperature."""
    ratio = (_ELECTRON_MASS / temperature)[:, None]
    momentum = _NODES  # in units of T
    energy = np.sqrt(momentum**2 + ratio**2)
    occupation = np.exp(momentum) / (np.exp(energy) + 1.0) * momentum**2
    massless = np.sum(_WEIGHTS * np.exp(momentum) / (np.exp(momentum) + 1.0) * momentum**3)
    density = np.sum(_WEIGHTS * occupation * energy, axis=1) / massless
    pressure = np.sum(_WEIGHTS * occupation * momentum**2 / energy, axis=1) / massless
    return density, 0.25 * (3.0 * density + pressure)


@cache
def standard_model_plasma() -> DegreesOfFreedom:
    """The table of arXiv:1606.07494 from 1 MeV on; below, photons, electrons and neutrinos.

    Neutrinos are taken to decouple all at once, before electrons and positrons annihilate.
    """
    name = "effective_degrees_of_freedom.yaml"
    content = load_yaml(files("fitlq_theory.inputs").joinpath("tables", name).read_text(encoding="utf-8"), name)
    rows = np.array(content["table"], dtype=np.float64)
    cold = np.geomspace(*_COLD, 25)
    density, entropy = _electrons(cold)
    photons_and_electrons = _PHOTONS + _ELECTRONS * entropy
    neutrinos = photons_and_electrons / (_PHOTONS + _ELECTRONS)  # (T_nu / T)^3
    energy_cold = _PHOTONS + _ELECTRONS * density + _NEUTRINOS * neutrinos ** (4.0 / 3.0)
    plateau = [float(content["plateau"])] * 2
    return DegreesOfFreedom(
        np.concatenate([cold, _GEV_PER_MEV * 10.0 ** rows[:, 0], _CONSTANT]),
        np.concatenate([energy_cold, rows[:, 1], plateau]),
        np.concatenate([photons_and_electrons + _NEUTRINOS * neutrinos, rows[:, 1] / rows[:, 2], plateau]),
    )
