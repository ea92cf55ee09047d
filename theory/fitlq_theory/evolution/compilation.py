"""Building an `Evolution`: running above the weak scale, matching, running below, multiplied once into matrices.

Running comes from rgevolve (one-loop SMEFT, QCD and QED below; Delta F = 2 corrected to next-to-leading order in QCD when the
inputs say so), matching from `fitlq_theory.evolution.matching`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient
from fitlq_theory.errors import InputError
from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.charm_lepton_flavour import is_charm_lepton_flavour, matching_rows, running, split_name
from fitlq_theory.evolution.compiled_evolution import Evolution
from fitlq_theory.evolution.effective_theories import from_scale, source_sector, to_scale, tower
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.meson_mixing_running import MIRRORED_OPERATORS, OPERATORS, correction
from fitlq_theory.evolution.normalisation import coupling_ratio
from fitlq_theory.evolution.scale_grid import nodes_around
from fitlq_theory.wilson_coefficients import check_coefficient_name, extension_names, known_names

__all__ = ["compile_evolution"]

Real = NDArray[np.float64]

_MIXING_SECTORS = {"sbsb": "bsbs", "dbdb": "bdbd", "sdsd": "sdsd", "cucu": "ucuc"}  # and the end of their coefficients


def compile_evolution(
    sources: Sequence[str],
    targets: Sequence[Coefficient],
    *,
    inputs: EvolutionInputs,
    scales: tuple[float, float],
    eft: str = "SMEFT",
) -> Evolution:
    """Compile the evolution of `sources` at a high scale to `targets`.

    Parameters
    ----------
    sources : sequence of str
        WCxf names; SMEFT in the basis "Warsaw up", the WETs in "flavio".
    targets : sequence of Coefficient
        Name, EFT and scale (GeV) wanted: WET from 2 GeV to M_Z, WET-4 from 1.3 to 4.2 GeV, WET-3 from 0.775 to 2 GeV,
        SMEFT from M_Z on. A target that no source feeds gets zeros.
    inputs : EvolutionInputs
        CKM matrix, G_F and electroweak couplings. Charged currents, dineutrino, vector semileptonic and Delta F = 2
        coefficients and those of c -> u l l' are matched with them; for all others only the normalisation is theirs
        (see `matching`).
    scales : (float, float)
        Range of the high scale in GeV; both ends equal for a fixed one. For SMEFT inside [91.1876, 1e6].
    eft : str
        Theory of the sources.

    Raises
    ------
    InputError, UnknownNameError
        An unknown name (with the nearest ones) or a scale outside the range of the running.
    """
    for name in sources:
        check_coefficient_name(name, eft)
        if name in extension_names(eft) and not is_charm_lepton_flavour(name):
            msg = f"{name} is not in the WCxf basis and does not run: give it at the scale of the observable"
            raise InputError(msg)
    for target in targets:
        check_coefficient_name(target.name, target.eft)
        tower(eft, target.eft)
    if len(set(sources)) != len(sources):
        msg = "a Wilson coefficient is listed twice among the sources"
        raise InputError(msg)
    nodes, columns = _source_columns(tuple(sources), eft, scales, inputs)
    matrices = np.zeros((len(nodes), 2 * len(targets), 2 * len(sources)))
    for (target_eft, sector, scale), positions in _grouped(targets).items():
        fed_from = source_sector(eft, target_eft, sector)
        if fed_from not in columns:
            continue  # another lepton-flavour sector: no coefficient of it can contribute
        where, start = columns[fed_from]
        down = to_scale(eft, target_eft, sector, scale, inputs)
        block = np.stack(
            [
                np.concatenate([_rows(targets[k], sector, corrected, inputs) for k in positions]) @ columns_of_node
                for corrected, columns_of_node in zip(
                    _corrected(down, target_eft, sector, scale, nodes, inputs), start, strict=True
                )
            ]
        )
        matrices[np.ix_(range(len(nodes)), _parts(positions), _parts(where))] = block
    if eft == "SMEFT":
        _add_charm_from_smeft(matrices, targets, columns, inputs)
    else:
        _add_charm_from_wet(matrices, sources, targets, nodes, inputs)
    real = known_names(eft)
    real_sources = np.array([real[name] for name in sources], dtype=np.bool_)
    return Evolution(eft, tuple(sources), real_sources, tuple(targets), nodes, matrices)


def _add_charm_from_smeft(
    matrices: Real, targets: Sequence[Coefficient], columns: dict[str, tuple[list[int], Real]], inputs: EvolutionInputs
) -> None:
    """Fill the rows of (c u)(l l') with two lepton flavours, which the tables do not have, from SMEFT sources."""
    for k, target in enumerate(targets):
        if target.eft == "SMEFT" or not is_charm_lepton_flavour(target.name):
            continue
        sector, primed, kind = split_name(target.name)
        smeft, rows = matching_rows(sector, primed, inputs)
        if smeft in columns:
            where, start = columns[smeft]
            down = np.kron(running(rgevolve_data.reference_scale("WET"), target.scale, primed, inputs)[kind], np.eye(2))
            matrices[np.ix_(range(len(matrices)), _parts([k]), _parts(where))] = down @ rows @ start


def _add_charm_from_wet(
    matrices: Real, sources: Sequence[str], targets: Sequence[Coefficient], nodes: Real, inputs: EvolutionInputs
) -> None:
    """The same from sources in a weak effective theory."""
    given = [(position, split_name(name)) for position, name in enumerate(sources) if is_charm_lepton_flavour(name)]
    for k, target in enumerate(targets):
        if not given or not is_charm_lepton_flavour(target.name):
            continue
        sector, primed, kind = split_name(target.name)
        for n, node in enumerate(nodes.tolist()):
            row = running(node, target.scale, primed, inputs)[kind]
            for position, (other, chirality, operator) in given:
                if (other, chirality) == (sector, primed):
                    matrices[n][np.ix_(_parts([k]), _parts([position]))] = row[operator] * np.eye(2)


def _parts(positions: Sequence[int]) -> list[int]:
    """Positions of the real and imaginary parts."""
    return [2 * k + part for k in positions for part in (0, 1)]


def _source_columns(
    sources: tuple[str, ...], eft: str, scales: tuple[float, float], inputs: EvolutionInputs
) -> tuple[Real, dict[str, tuple[list[int], Real]]]:
    """Nodes of the high scale, and sector -> (positions of its sources, columns at the reference scale)."""
    by_sector: dict[str, list[int]] = {}
    for k, name in enumerate(sources):
        if not is_charm_lepton_flavour(name):
            by_sector.setdefault(rgevolve_data.sector_of(eft)[name], []).append(k)
    grid = rgevolve_data.scale_nodes(eft)
    nodes = np.array([grid[node] for node in nodes_around(grid, *scales, f"the scale of {eft} coefficients")])
    columns = {}
    for sector, positions in by_sector.items():
        _, start = from_scale(eft, sector, tuple(sources[k] for k in positions), *scales)
        if eft != "SMEFT":
            ratios = [[coupling_ratio(sources[k], scale, inputs) for k in positions] for scale in nodes.tolist()]
            start = start / np.repeat(ratios, 2, axis=1)[:, None, :]
        columns[sector] = (positions, start)
    return nodes, columns


def _grouped(targets: Sequence[Coefficient]) -> dict[tuple[str, str, float], list[int]]:
    groups: dict[tuple[str, str, float], list[int]] = {}
    for k, target in enumerate(targets):
        if target.name in extension_names(target.eft):
            continue  # not in the tables
        sector = rgevolve_data.sector_of(target.eft)[target.name]
        groups.setdefault((target.eft, sector, target.scale), []).append(k)
    return groups


def _corrected(down: Real, target_eft: str, sector: str, scale: float, nodes: Real, inputs: EvolutionInputs) -> Iterator[Real]:
    """`down`, for each node of the high scale, with the running of Delta F = 2 coefficients corrected if that is wanted."""
    if inputs.alpha_s is None or sector not in _MIXING_SECTORS:
        yield from (down for _ in nodes)
        return
    component = rgevolve_data.components(target_eft, sector)
    for node in nodes.tolist():
        small = correction(scale, node, inputs.alpha_s)
        whole = np.eye(len(down))
        for names in (OPERATORS, MIRRORED_OPERATORS):
            for part in ("R", "I"):
                where = [component[f"{name}_{_MIXING_SECTORS[sector]}", part] for name in names]
                whole[np.ix_(where, where)] = small
        yield whole @ down


def _rows(target: Coefficient, sector: str, matrix: Real, inputs: EvolutionInputs) -> Real:
    """Rows (Re, Im) of one target."""
    component = rgevolve_data.components(target.eft, sector)
    rows = np.zeros((2, matrix.shape[1]))
    rows[0] = matrix[component[target.name, "R"]]
    if (target.name, "I") in component:
        rows[1] = matrix[component[target.name, "I"]]
    return rows * (1.0 if target.eft == "SMEFT" else coupling_ratio(target.name, target.scale, inputs))
