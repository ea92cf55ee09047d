"""flavio's format: a file with every form of a block, the golden report, and the comparison with the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq.importing import ImportReport, import_flavio
from fitlq.measurements import CountingData, GaussianData, GridData, LimitData, MeasurementVocabulary, check_paths, load_entries
from fitlq.measurements.describe import describe_value
from fitlq_theory.errors import InputError
from fitlq_theory.observables import load_registry

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, Path]:
    folder = tmp_path_factory.mktemp("flavio") / "out"
    return import_flavio(DATA / "measurements.yml", folder), folder


@pytest.fixture(scope="module")
def entries(imported: tuple[ImportReport, Path]) -> dict[str, Any]:
    return load_entries([imported[1]])[0]


def test_the_report_is_the_golden_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = import_flavio(DATA / "measurements.yml", "out")
    assert f"{report.text}\n" == (DATA / "report.txt").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "report.txt").read_text(encoding="utf-8") == f"{report.text}\n"


def test_what_is_written_passes_the_check(imported: tuple[ImportReport, Path]) -> None:
    found = check_paths([imported[1]], MeasurementVocabulary(load_registry()))
    assert [one for one in found if not one.note] == []


def test_one_file_per_experiment_and_the_unknown_names(imported: tuple[ImportReport, Path]) -> None:
    assert imported[0].files == ("lab-other.yaml", "lab.yaml", "not-stated.yaml", "vocabulary.yaml")
    assert "invented<bins>" in imported[0].unknown_names
    assert "BR(B+->munu)" not in imported[0].unknown_names


def test_every_number_is_written_or_reported(imported: tuple[ImportReport, Path]) -> None:
    for block in imported[0].blocks:
        assert block.found == block.written + len(block.not_expressed), block.name


def test_numbers_with_errors(entries: dict[str, Any]) -> None:
    entry = entries["lab-errors-2020-values"]
    assert isinstance(entry.data, GaussianData)
    central = dict(zip((o.name for o in entry.observables), entry.data.central, strict=True))
    assert central == {
        "invented(two)": 5.3e-7,
        "invented(one)": 3.334e-13,
        "invented(sides)": 0.262,
        "invented(four)": 1.0,
        "invented(latex)": -0.5,
    }
    errors = {component.label: component for component in entry.data.errors}
    assert list(errors) == ["stat", "syst", "ext", "total"]
    assert errors["stat"].plus.tolist() == [2e-7, 0.0, 0.041, 0.1, 0.0]
    assert errors["stat"].minus.tolist() == [2e-7, 0.0, 0.039, 0.1, 0.0]
    # third and fourth error in quadrature: 0.3 and 0.4 make 0.5
    np.testing.assert_allclose(errors["ext"].plus, [0, 0, 0, 0.5, 0], rtol=1e-14, atol=0)
    assert errors["total"].plus.tolist() == [0.0, 1.3e-15, 0.0, 0.0, 0.1]


def test_correlations(entries: dict[str, Any]) -> None:
    three = entries["lab-correlated-2023"].data
    assert three.correlations["total"].tolist() == [[1, 0.1, 0.2], [0.1, 1, -0.3], [0.2, -0.3, 1]]
    # asymmetric errors survive beside a correlation
    np.testing.assert_allclose([three.plus[0], three.minus[0]], np.hypot([0.03, 0.02], 0.01), rtol=1e-14, atol=0)
    assert entries["lab-one-number-for-all-2012"].data.correlations["total"][0, 1] == -0.27
    joint = entries["lab-joint-2015"].data
    # two covariances added: variances 0.09 + 0.16 and 0.36 + 0.64, covariance 0.5 * 0.4 * 0.8 = 0.16
    np.testing.assert_allclose(joint.covariance(), [[0.25, 0.16], [0.16, 1.0]], rtol=1e-12, atol=0)


def test_grids_counts_and_limits(entries: dict[str, Any]) -> None:
    grid = entries["lab-grid-2013"].data
    assert isinstance(grid, GridData)
    assert [axis.tolist() for axis in grid.axes] == [[0, 1, 2], [0, 1, 2, 3]]
    assert grid.values[1].tolist() == [0.1, 1.0, 0.5, 0.1]
    counts = entries["lab-counts-2018-counts-1"].data
    assert isinstance(counts, CountingData)
    assert (counts.cl, counts.channels[0].ses, counts.channels[0].bkg_err) == (None, 0.5, 1.5)
    # a gamma distribution of shape 4, position -6 and width 2: three events, three expected background events
    assert (counts.channels[1].n_obs, counts.channels[1].n_bkg, counts.channels[1].ses) == (3.0, 3.0, 2.0)
    assert entries["lab-counts-2018-counts-2"].data.channels[0].n_sig == -2.0
    limit = entries["lab-limit-1993"].data
    assert isinstance(limit, LimitData)
    assert limit.upper is not None
    assert (limit.cl, limit.upper.tolist()) == (0.9, [4.3e-12])


def test_the_wide_bin_does_not_stand_beside_the_narrow_ones(entries: dict[str, Any]) -> None:
    assert len(entries["lab-and-other-bins-2022-values-1"].observables) == 2
    assert "may hold the same data" in entries["lab-and-other-bins-2022-values-2"].off_by_default


def test_a_date_for_blocks_without_a_year(tmp_path: Path) -> None:
    report = import_flavio(DATA / "measurements.yml", tmp_path / "out", date="2024-05")
    (block,) = (one for one in report.blocks if one.name == "No year at all")
    assert block.entries == ("no-year-at-all",)
    assert load_entries([tmp_path / "out"])[0]["no-year-at-all"].date_text == "2024-05"


def _as_text(entry: Any, index: int) -> str:
    plus, minus = float(entry.data.plus[index]), float(entry.data.minus[index])
    central = float(entry.data.central[index])
    power = int(np.floor(np.log10(max(plus, minus))))
    return f"{central / 10.0**power:.9f} +{plus / 10.0**power:.9f} -{minus / 10.0**power:.9f} e{power}"


def test_what_the_database_has_is_recognised_and_compared(tmp_path: Path) -> None:
    """Entries that name a block of flavio's file, written in that format, agree with themselves; a changed number does not."""
    known = [
        entry
        for entry in load_entries()[0].values()
        if "flavio" in entry.refs and isinstance(entry.data, GaussianData) and not any(o.arguments for o in entry.observables)
    ]
    assert known
    chosen = known[:5]
    lines = []
    for entry in chosen:
        lines += [f"'{entry.refs['flavio'].replace(chr(39), chr(39) * 2)}':", f"  experiment: {entry.experiment[0]}"]
        lines += ["  inspire: 'Someone:2020abc'", "  values:"]
        names = dict.fromkeys(observable.name for observable in entry.observables)
        lines += [f"    '{name}': {_as_text(entry, [o.name for o in entry.observables].index(name))}" for name in names]
    source = tmp_path / "own.yml"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = import_flavio(source, tmp_path / "out")
    for entry, block in zip(chosen, report.blocks, strict=True):
        assert block.off_by_default == (f"the database has this result: {entry.id}",)
        assert f"agree with {entry.id}" in block.line or f"agrees with {entry.id}" in block.line
        assert "DIFFERENT" not in block.line
    first = describe_value(chosen[0], 0)
    changed = source.read_text(encoding="utf-8").replace(_as_text(chosen[0], 0), "1.0 ± 0.5 e3", 1)
    source.write_text(changed, encoding="utf-8")
    block = import_flavio(source, tmp_path / "other").blocks[0]
    assert "DIFFERENT" in block.line
    assert first in block.line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c", "line 1"),
        ("- 1\n- 2\n", "constraints"),
        ("x: {experiment: Lab}\n", "no block has `values`"),
        ("just words", "not a file of measurements in flavio's format"),
        ("schema: fitlq-measurements/1\nsource: a\nentries: []\n", "is a fitlq file already"),
        ("A 2020:\n  values: {a: 1 ± 1}\nA 2020:\n  values: {a: 1 ± 1}\n", "given twice"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, text: str, message: str) -> None:
    source = tmp_path / "file.yml"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        import_flavio(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("values: {a: 1 ± 1, b: 2 ± 1}\n  correlation: [[1, 2, 3], [1, 2]]", "correlation matrix"),
        ("values: {a: 1 ± 1, b: 2 ± 1}\n  correlation: [[1, 0.3], [0.4, 1]]", "both triangles"),
        ("values: {a: 1 ± 1, b: 2 ± 1}\n  correlation: [[2, 0.3], [2]]", "diagonal is not 1"),
        ("values: {a: 1 ± 1, b: < 2 @ 90% CL}\n  correlation: 0.1", "not all Gaussian"),
        ("values: {a: 1 ± 1, b: 2 ± 1}\n  correlation: 1.5", "between -1 and 1"),
        ("observables: [a, b]\n  values: {distribution: multivariate_normal, central_value: [1, 2]}", "standard_deviation"),
        ("observables: [a, b]\n  values: {distribution: triangle}", "triangle"),
        ("values: [{name: a}]", "needs name and value"),
        ("values: {a: {distribution: gamma_upper_limit, limit: 1, confidence_level: 0.9}}", "counts of which only nothing"),
        ("values: {a: {distribution: numerical, x: [1, 2], y: [1]}}", "2 points and 1 values"),
        ("values: {BR(B+->munu): {distribution: normal}}", "standard_deviation"),
    ],
)
def test_blocks_that_cannot_be_expressed_are_reported(tmp_path: Path, block: str, reason: str) -> None:
    source = tmp_path / "file.yml"
    source.write_text(f"Lab 2020:\n  experiment: Lab\n  {block}\nLab good 2021:\n  values: {{good: 1 ± 1}}\n", encoding="utf-8")
    report = import_flavio(source, tmp_path / "out")
    assert report.blocks[0].written == 0
    assert reason in report.blocks[0].line
    assert report.blocks[1].written == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="nothing is overwritten"):
        import_flavio(DATA / "measurements.yml", tmp_path)
