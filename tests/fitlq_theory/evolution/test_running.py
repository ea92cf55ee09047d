"""Running from the scale of new physics against wilson 2.5.2, and the properties of compiled evolutions."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pytest

from fitlq_theory.contracts import Coefficient
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.evolution import Evolution, EvolutionInputs, compile_evolution, default_inputs, evolve, rgevolve_data
from fitlq_theory.wilson_coefficients import WilsonCoefficients, extension_names

from .conftest import reference
from .test_matching import as_wilson

RUNS = reference("wilson_running.json")["runs"]


@pytest.fixture(scope="module")
def all_runs(wilson_inputs: EvolutionInputs) -> Evolution:
    """One evolution that serves every reference run; what a run does not switch on is zero in it."""
    sources = sorted({name for run in RUNS for name in run["wcs"]})
    names = rgevolve_data.sector_of("WET")
    kaons = {n: swapped for n in names if (swapped := _exchanged_neutrinos(n))}
    targets = {
        Coefficient(name, run["to_eft"], run["to_scale"])
        for run in RUNS
        for wanted in run["values"]
        for name in (wanted, kaons.get(wanted, wanted))
    }
    return compile_evolution(sources, sorted(targets), inputs=wilson_inputs, scales=(1000.0, 10000.0))


def _exchanged_neutrinos(name: str) -> str | None:
    found = re.fullmatch(r"(C[LR]_sd)nu(\w+)nu(\w+)", name)
    return f"{found[1]}nu{found[3]}nu{found[2]}" if found else None


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run['point']}-{run['scale']:g}-{run['to_eft']}-{run['to_scale']:g}")
def test_against_wilson(run: dict[str, Any], all_runs: Evolution) -> None:
    values = dict.fromkeys(all_runs.sources, 0j) | {name: complex(*pair) for name, pair in run["wcs"].items()}
    evolved = all_runs.apply(values, run["scale"])
    here = (run["to_eft"], run["to_scale"])
    result = {target.name: complex(value) for target, value in evolved.items() if (target.eft, target.scale) == here}
    assert run["values"]
    for name, pair in run["values"].items():
        # Both have one-loop running. Coefficients from one tree-level term agree to 1e-4 on the nodes (2, 5 TeV) and 8e-4
        # between; sums that cancel are sensitive to the CKM matrix inside the running of rgevolve, up to 2e-3.
        assert as_wilson(result, name) == pytest.approx(complex(*pair), rel=2.5e-3, abs=0), name


S1_TREE = {
    "CVL_bctaunutau": 0.012896,
    "CSL_bctaunutau": 0.077375,
    "CT_bctaunutau": -0.019344,
    "CL_bsnutaunutau": -7.031 - 0.190j,
}
S1_RATIO = {"CVL_bctaunutau": 1.044, "CSL_bctaunutau": 1.709, "CT_bctaunutau": 0.881, "CL_bsnutaunutau": 1.073}


def s1_benchmark(mass: float = 1500.0) -> dict[str, complex]:
    left, right = (0.01, 0.10, 0.8), -0.6
    values: dict[str, complex] = {}
    for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
        values[f"lq1_33{i + 1}{j + 1}"] = left[i] * left[j] / (4 * mass**2)
        values[f"lq3_33{i + 1}{j + 1}"] = -values[f"lq1_33{i + 1}{j + 1}"]
    for i in range(3):
        values[f"lequ1_33{i + 1}2"] = left[i] * right / (2 * mass**2)
        values[f"lequ3_33{i + 1}2"] = -left[i] * right / (8 * mass**2)
    return values | {"eu_3322": right**2 / (2 * mass**2)}


@pytest.mark.parametrize("name", list(S1_TREE))
def test_s1_benchmark_table(name: str, wilson_inputs: EvolutionInputs) -> None:
    """Coefficients at 4.8 GeV over tree-level ones with the CKM matrix of flavio 2.7.1, for S1 at 1.5 TeV."""
    result = evolve(s1_benchmark(), scale=1500.0, to_scale=4.8, inputs=wilson_inputs)
    # the printed ratios have four digits; interpolation adds a few 1e-4
    assert abs(result[name] / S1_TREE[name]) == pytest.approx(S1_RATIO[name], rel=2e-3, abs=0)


SOURCES = tuple(sorted(s1_benchmark()))
TARGETS = (
    Coefficient("CVL_bctaunutau", "WET", 4.8),
    Coefficient("CSL_bctaunutau", "WET", 4.8),
    Coefficient("CL_bsnutaunutau", "WET", 4.8),
    Coefficient("CL_bsnutaunumu", "WET", 4.8),
    Coefficient("CL_sdnutaunutau", "WET-3", 2.0),
    Coefficient("CVLL_bsbs", "WET", 4.2),
    Coefficient("CVLL_ucuc", "WET-4", 2.0),
)


@pytest.fixture(scope="module")
def evolution(wilson_inputs: EvolutionInputs) -> Evolution:
    return compile_evolution(SOURCES, TARGETS, inputs=wilson_inputs, scales=(1000.0, 10000.0))


def random_points(count: int) -> np.ndarray[Any, np.dtype[np.complex128]]:
    rng = np.random.default_rng(7)
    return 1e-9 * (rng.normal(size=(count, len(SOURCES))) + 1j * rng.normal(size=(count, len(SOURCES))))


def test_compiled_agrees_with_evolve(evolution: Evolution, wilson_inputs: EvolutionInputs) -> None:
    compiled = evolution.apply(s1_benchmark(3000.0), 3000.0)
    for eft, scale in (("WET", 4.8), ("WET", 4.2), ("WET-4", 2.0), ("WET-3", 2.0)):
        direct = evolve(s1_benchmark(3000.0), scale=3000.0, to_scale=scale, to_eft=eft, inputs=wilson_inputs)
        for target in TARGETS:
            if (target.eft, target.scale) == (eft, scale):
                assert complex(compiled[target]) == pytest.approx(direct[target.name], rel=1e-9, abs=1e-30), target


def test_real_linear(evolution: Evolution) -> None:
    one, two = random_points(2)
    combined = evolution.apply_array(2.5 * one - 0.5 * two, 1700.0)
    separate = 2.5 * evolution.apply_array(one, 1700.0) - 0.5 * evolution.apply_array(two, 1700.0)
    np.testing.assert_allclose(combined, separate, rtol=1e-9, atol=1e-12 * np.abs(separate).max())


def test_vectorised_equals_loop(evolution: Evolution) -> None:
    points, scales = random_points(50), np.geomspace(1000.0, 10000.0, 50)
    fixed, varying = evolution.apply_array(points, 1300.0), evolution.apply_array(points, scales)
    at_1300 = evolution.at(1300.0)
    for k, point in enumerate(points):
        np.testing.assert_allclose(fixed[k], at_1300.apply_array(point), rtol=1e-10, atol=0)
        np.testing.assert_allclose(varying[k], evolution.apply_array(point, float(scales[k])), rtol=1e-10, atol=0)
    grid = evolution.apply_array(points.reshape(5, 10, -1), scales.reshape(5, 10))
    np.testing.assert_allclose(grid.reshape(50, -1), varying, rtol=1e-12, atol=0)


def test_apply_by_name_with_a_scale_per_point(evolution: Evolution) -> None:
    scales = np.array([1100.0, 2000.0, 9000.0])
    result = evolution.apply(s1_benchmark(), scales)
    for k, scale in enumerate(scales):
        single = evolution.apply(s1_benchmark(), float(scale))
        for target in TARGETS:
            assert complex(result[target][k]) == pytest.approx(complex(single[target]), rel=1e-12, abs=0)


def test_round_trip_through_plain_arrays(evolution: Evolution) -> None:
    header, arrays = evolution.to_arrays()
    again = Evolution.from_arrays(json.loads(json.dumps(header)), arrays)
    assert (again.sources, again.targets, again.eft) == (evolution.sources, evolution.targets, evolution.eft)
    point = random_points(1)[0]
    np.testing.assert_array_equal(again.apply_array(point, 2500.0), evolution.apply_array(point, 2500.0))
    with pytest.raises(InputError, match="damaged"):
        Evolution.from_arrays(header, {**arrays, "matrices": arrays["matrices"][:1]})


def test_continuous_at_the_nodes(evolution: Evolution) -> None:
    point = random_points(1)[0]
    below, at, above = (evolution.apply_array(point, 2000.0 * factor) for factor in (1 - 1e-7, 1.0, 1 + 1e-7))
    np.testing.assert_allclose(below, at, rtol=1e-6, atol=0)
    np.testing.assert_allclose(above, at, rtol=1e-6, atol=0)


def test_fast_enough_for_a_minimiser(evolution: Evolution) -> None:
    fixed, point = evolution.at(1500.0), random_points(1)[0]
    fixed.apply_array(point)
    start = time.process_time()
    for _ in range(1000):
        fixed.apply_array(point)
    # about 2 microseconds each; the bound leaves room for a busy machine
    assert (time.process_time() - start) / 1000 < 50e-6


def test_dineutrino_coefficients_follow_the_coupling(wilson_inputs: EvolutionInputs) -> None:
    ours = default_inputs()
    values = {"lq1_3323": 1e-9, "lq3_3323": -1e-9}
    high = evolve(values, scale=1500.0, to_scale=91.1876, to_eft="WET", inputs=ours)["CL_bsnutaunutau"]
    low = evolve(values, scale=1500.0, to_scale=4.8, inputs=ours)["CL_bsnutaunutau"]
    # alpha_e times the coefficient is invariant
    assert low * ours.alpha_e(4.8) == pytest.approx(high * ours.alpha_e(91.1876), rel=1e-9, abs=0)
    assert 1.025 < abs(low / high) < 1.04
    fixed = [
        evolve(values, scale=1500.0, to_scale=scale, to_eft="WET", inputs=wilson_inputs)["CL_bsnutaunutau"]
        for scale in (91.1876, 4.8)
    ]
    assert fixed[0] == pytest.approx(fixed[1], rel=1e-9, abs=0)


def test_every_coefficient_of_the_theory_comes_out() -> None:
    values = {"lq1_3323": np.array([1e-8, 2e-8]), "ld_2323": 2e-8j}
    result = evolve(values, scale=2000.0, to_scale=4.8)
    charm = {name for name in extension_names("WET") if "_cu" in name}
    assert set(result) == set(rgevolve_data.sector_of("WET")) | charm
    assert all(np.shape(value) == (2,) for value in result.values())
    alone = evolve({"lq1_3323": 2e-8, "ld_2323": 2e-8j}, scale=2000.0, to_scale=4.8)
    for name in ("C9_bstautau", "CR_bsnutaunumu", "CVL_bctaunutau"):
        assert np.asarray(result[name])[1] == pytest.approx(alone[name], rel=1e-10, abs=0)
        assert alone[name] != 0


@pytest.mark.parametrize(("scale", "eft"), [(91.1876, "WET"), (4.2, "WET"), (4.1, "WET-4"), (1.3, "WET-4"), (1.0, "WET-3")])
def test_theory_follows_from_the_scale(scale: float, eft: str) -> None:
    given = WilsonCoefficients("SMEFT", "Warsaw up", 1000.0, {"lq1_3323": 1e-9})
    assert evolve(given, to_scale=scale).eft == eft


def test_in_two_steps() -> None:
    start = WilsonCoefficients("SMEFT", "Warsaw up", 2000.0, s1_benchmark())
    direct = evolve(start, to_scale=4.2, to_eft="WET-4")
    # M_Z and 16.494234 GeV are nodes, so no interpolation enters
    for middle in (91.1876, 16.494234):
        stopped = evolve(start, to_scale=middle, to_eft="WET")
        again = evolve(stopped, to_scale=4.2, to_eft="WET-4")
        for name in ("CVLL_sdsd", "CL_sdnutaunutau", "CSL_sctaunutau", "C9_sdmumu"):
            # single precision of the tables; terms beyond next-to-leading order in meson mixing, 2e-5
            tolerance = 1e-4 if name == "CVLL_sdsd" else 1e-5
            assert again.values[name] == pytest.approx(direct.values[name], rel=tolerance, abs=0), name


def test_smeft_to_smeft() -> None:
    values = {"lequ1_3332": -1e-7, "lequ3_3332": 0.25e-7}
    result = evolve(values, scale=1500.0, to_scale=91.1876, to_eft="SMEFT")
    # wilson 2.5.2 at 1500 GeV: 1.253 (the interpolation of rgevolve 0.2.0 gives 1.321)
    assert result["lequ1_3332"] == pytest.approx(-1.253e-7, rel=2e-3, abs=0)
    back = evolve(values, scale=1000.0, to_scale=1000.0, to_eft="SMEFT")
    assert back["lequ1_3332"] == pytest.approx(-1e-7, rel=1e-6, abs=0)
    assert back["lequ3_3332"] == pytest.approx(0.25e-7, rel=1e-6, abs=0)


def test_dineutrino_currents_do_not_run() -> None:
    for eft in ("WET", "WET-4", "WET-3"):
        for sector in (name for name in rgevolve_data.sectors(eft) if re.match("(sb|db|sd)nu", name)):
            for node in range(len(rgevolve_data.scale_nodes(eft))):
                matrix = rgevolve_data.running_matrix(eft, sector, node)
                # so it does not matter that the tables use the conjugate coefficients for "sd"
                np.testing.assert_allclose(matrix, np.eye(len(matrix)), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": {"lq1_3332": 1e-8}}, "complex conjugate of lq1_3323"),
        ({"values": {"lq_3333": 1e-8}}, "lq1_3333"),
        ({"values": {"lq1_3333": 1e-8j}}, "lq1_3333 is real by hermiticity"),
        ({"values": {"lq1_3333": float("nan")}}, "lq1_3333 must be finite"),
        ({"scale": 80.0}, "80 GeV is outside the range of the running, 91.1876 to 1e"),
        ({"scale": float("nan")}, "nan GeV is outside"),
        ({"scale": np.array([1000.0, 2e6])}, "2e.06 GeV is outside"),
        ({"scale": None}, "scale is missing"),
        ({"values": {"lq1_3333": "big"}}, "lq1_3333 must be a number"),
        (
            {"values": {"lq1_3333": [1e-8, 2e-8]}, "scale": [1e3, 2e3, 3e3]},
            r"one length, found scale \(3,\), lq1_3333 \(2,\)",
        ),
        ({"to_scale": 0.3}, "WET-3 coefficients = 0.3 GeV is outside"),
        ({"to_scale": -1.0}, "to_scale must be a positive number"),
        ({"to_scale": 2.0, "to_eft": "WET-5"}, "unknown effective theory 'WET-5'"),
        ({"to_scale": 3.0, "to_eft": "WET-3"}, "outside the range of the running, 0.77526 to 2 GeV"),
        ({"values": {"C9_bsmumu": 1.0}, "eft": "WET", "scale": 4.8, "to_scale": 91.1876, "to_eft": "SMEFT"}, "evolved up"),
    ],
)
def test_wrong_input(arguments: dict[str, Any], message: str) -> None:
    call = {"values": {"lq1_3333": 1e-8}, "scale": 1000.0, "to_scale": 4.8} | arguments
    with pytest.raises(InputError, match=message):
        evolve(call.pop("values"), **call)


def test_wrong_use_of_a_compiled_evolution(evolution: Evolution) -> None:
    good = s1_benchmark()
    with pytest.raises(UnknownNameError, match="did you mean 'lq1_3333'"):
        evolution.apply(good | {"lq1_3334": 1.0}, 2000.0)
    with pytest.raises(InputError, match=r"no value for .* eu_3322"):
        evolution.apply({name: value for name, value in good.items() if name != "eu_3322"}, 2000.0)
    with pytest.raises(InputError, match="lq1_3333 is real by hermiticity"):
        evolution.apply(good | {"lq1_3333": 1e-9j}, 2000.0)
    with pytest.raises(InputError, match="the high scale is missing"):
        evolution.apply(good)
    with pytest.raises(InputError, match="900 GeV is outside"):
        evolution.at(900.0)


def test_scale_of_wilson_coefficients_is_theirs() -> None:
    given = WilsonCoefficients("SMEFT", "Warsaw up", 1000.0, {"lq1_3323": 1e-9})
    with pytest.raises(InputError, match="carry their own"):
        evolve(given, scale=1000.0, to_scale=4.8)  # type: ignore[call-overload]


def test_nothing_given_nothing_out() -> None:
    assert set(evolve({}, scale=1000.0, to_scale=4.8).values()) == {0j}
    empty = evolve({"lq1_3333": np.empty(0)}, scale=np.empty(0), to_scale=4.8)
    assert {np.shape(value) for value in empty.values()} == {(0,)}


def test_quiet_and_light() -> None:
    code = (
        "import sys, fitlq_theory.evolution as e; assert 'h5py' not in sys.modules\n"
        "e.evolve({'lq1_3323': 1e-9}, scale=2000.0, to_scale=4.8); assert 'rgevolve.tools' not in sys.modules"
    )
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
