"""Make `trident_light_vector_*.yaml`: trident rates with a light L_mu - L_tau gauge boson relative to the Standard Model.

Physics and normalisation: `trident_integration`. Quasi-Monte-Carlo with independent scrambled Sobol sequences; the scatter
between them gives the integration error. All masses share the points, so the tables are smooth in the mass.

Run: ``python -m fitlq_theory.inputs.tables.make_trident_table [FOLDER]`` (about a minute; needs scipy; seeds are fixed).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from fitlq_theory.inputs import load_inputs
from fitlq_theory.inputs.tables.trident_integration import GEV_CM2, Constants, Setup, draw, ratio_sums
from fitlq_theory.light_vector import TRIDENT_TABLES

__all__ = ["RatioCoefficients", "central_target", "integrate", "main", "shipped_constants"]

Real = NDArray[np.float64]

MASSES = np.logspace(np.log10(0.003), 2.0, 91)
SHOWN = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0])
POINTS = 2**16  # per sequence
TARGETS = {"CCFR": {"Fe": 1}, "CHARM-II": {"Si": 1, "O": 2}}  # nuclei per formula unit: iron, glass taken as silica
MUON_ENERGIES = {"CCFR": 9.0, "CHARM-II": 3.0}  # GeV, cuts to show the effect of muon identification; not the experiments'
# of the printed variation only (scattering on single protons), not of the table; CODATA 2018, from memory
PROTON_MASS, PROTON_RADIUS = 0.93827, 0.841  # GeV, fm


@dataclass(frozen=True, slots=True)
class RatioCoefficients:
    """sigma/sigma_SM = 1 + a g^2 + b g^4 with relative integration errors, each (n_masses,); sigma_SM in cm^2."""

    cross_section: float
    a: Real
    b: Real
    a_error: Real
    b_error: Real


def shipped_constants() -> Constants:
    """Muon mass, Fermi constant, weak mixing angle and alpha_em(0) of the default inputs."""
    parameters = load_inputs().parameters
    return Constants(*(parameters[name].value for name in ("m_mu", "GF", "s2w", "alpha_em Thomson")))


def central_target(experiment: str) -> tuple[Setup, ...]:
    """Neutrinos of the mean energy of "CCFR" or "CHARM-II" on each kind of nucleus of its target, without cuts."""
    parameters = load_inputs().parameters

    def value(name: str) -> float:
        return parameters[f"trident {name}"].value

    return tuple(
        Setup(
            neutrino_energy=value(f"{experiment} neutrino energy"),
            target_mass=value(f"{nucleus} mass"),
            target_charge=int(value(f"{nucleus} charge")),
            charge_radius=value(f"{nucleus} charge radius"),
            skin=value("nuclear skin"),
            number=number,
        )
        for nucleus, number in TARGETS[experiment].items()
    )


def _sums(masses: Real, cube: Real, setup: Setup, constants: Constants) -> Real:
    standard_model, linear, quadratic = ratio_sums(masses, draw(cube, setup, constants), constants)
    return np.concatenate([[standard_model], linear, quadratic])


def integrate(
    masses: Real, target: Sequence[Setup], constants: Constants, seeds: Sequence[int], points: int = POINTS
) -> RatioCoefficients:
    """Coefficients for Z' masses in GeV, rates of the nuclei of the target added; errors by the jackknife over sequences."""
    cubes = (qmc.Sobol(7, scramble=True, seed=seed).random(points) for seed in seeds)
    table = np.array([sum(_sums(masses, cube, setup, constants) for setup in target) for cube in cubes])
    mean, count = table.mean(0), len(seeds)
    left_out = (table.sum(0) - table) / (count - 1)
    ratios = left_out[:, 1:] / left_out[:, :1]
    errors = np.sqrt((count - 1) * ratios.var(0)) / (mean[1:] / mean[0])
    a, b = np.split(mean[1:] / mean[0], 2)
    a_error, b_error = np.split(errors, 2)
    return RatioCoefficients(float(mean[0] * GEV_CM2), a, b, a_error, b_error)


def _variations(experiment: str, target: Sequence[Setup]) -> dict[str, tuple[Setup, ...]]:
    energy = load_inputs().parameters[f"trident {experiment} neutrino energy"]
    cut = MUON_ENERGIES[experiment]
    energies = (energy.value - energy.error, energy.value + energy.error)
    protons = sum(setup.number * setup.target_charge for setup in target)
    variations = {f"neutrino energy {e:g} GeV": tuple(replace(setup, neutrino_energy=e) for setup in target) for e in energies}
    variations |= {
        f"muon energies above {cut:g} GeV": tuple(replace(setup, minimum_muon_energy=cut) for setup in target),
        "charge radii +0.05 fm": tuple(replace(setup, charge_radius=setup.charge_radius + 0.05) for setup in target),
        "the protons as free particles instead": (Setup(energy.value, PROTON_MASS, 1, PROTON_RADIUS, skin=0.01, number=protons),),
    }
    if len(target) > 1:
        variations |= {f"{n} only": (setup,) for n, setup in zip(TARGETS[experiment], target, strict=True)}
    return variations


def _variation_lines(experiment: str, target: Sequence[Setup], constants: Constants) -> list[str]:
    base = integrate(SHOWN, target, constants, range(100, 104))
    lines = ["variations:  # relative change of a and b at the masses shown; cross_section relative to the central one"]
    lines.append(f"  masses: [{', '.join(f'{m:g}' for m in SHOWN)}]")
    for name, varied in _variations(experiment, target).items():
        result = integrate(SHOWN, varied, constants, range(100, 104))
        a, b = result.a / base.a - 1.0, result.b / base.b - 1.0
        lines += [
            f'  "{name}":',
            f"    cross_section: {result.cross_section / base.cross_section:.4g}",
            f"    a: [{', '.join(f'{x:.3f}' for x in a)}]",
            f"    b: [{', '.join(f'{x:.3f}' for x in b)}]",
        ]
    return lines


def _table_text(experiment: str) -> str:
    constants, target = shipped_constants(), central_target(experiment)
    result = integrate(MASSES, target, constants, range(32))
    nuclei = " + ".join(f"{number} {nucleus}" for nucleus, number in TARGETS[experiment].items())
    lines = [
        f"name: {TRIDENT_TABLES[experiment].removesuffix('.yaml')}",
        "description: >-",
        "  sigma/sigma_SM = 1 + a g^2 + b g^4 of nu_mu N -> nu_mu N mu+ mu- with an L_mu - L_tau gauge boson, mass m (GeV)",
        'source: "make_trident_table.py in this folder; couplings as in arXiv:1406.2332"',
        f'experiment: "{experiment}"',
        f"neutrino_energy: {target[0].neutrino_energy:g}  # GeV",
        f'target: "{nuclei}, each coherent"',
        f"standard_model_cross_section: {result.cross_section:.4e}  # cm^2, of the nuclei named in target together",
        f"integration_error: {max(result.a_error.max(), result.b_error.max()):.1e}  # relative, largest of all entries",
        *_variation_lines(experiment, target, constants),
        "table:",
    ]
    lines += [f"  - {{m: {m:.8g}, a: {a:.6e}, b: {b:.6e}}}" for m, a, b in zip(MASSES, result.a, result.b, strict=True)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Compute the tables and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    folder: Path = parser.parse_args(arguments).folder
    for experiment, name in TRIDENT_TABLES.items():
        (folder / name).write_text(_table_text(experiment), encoding="utf-8")


if __name__ == "__main__":
    main()
