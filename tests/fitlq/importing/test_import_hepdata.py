"""HEPData tables: small files of the same form, with invented numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq.importing import HepdataOptions, ImportReport, import_hepdata
from fitlq.importing.hepdata_units import scale_and_unit
from fitlq.measurements import GaussianData, LimitData, MeasurementVocabulary, check_paths, load_entries
from fitlq_theory.errors import InputError
from fitlq_theory.observables import load_registry

TABLE = """\
independent_variables:
- header: {name: '$q^2$', units: 'GeV$^2$'}
  values:
  - {low: 0.1, high: 0.98}
  - {low: 1.1, high: 2.5, value: 1.8}
  - {low: 2.5, high: 4.0}
dependent_variables:
- header: {name: dB/dq2, units: '10$^{-8}$ GeV$^{-2}$'}
  qualifiers:
  - {name: RE, value: B0 --> K*0 MU+ MU-}
  values:
  - value: 10
    errors:
    - {symerror: 0.7, label: stat}
    - {asymerror: {plus: 0.3, minus: -0.2}, label: syst}
    - {symerror: '4%', label: normalisation}
  - value: 3.2
    errors: [{symerror: 0.3, label: stat}, {asymerror: {plus: '', minus: -0.1}, label: 'sys,background'}]
  - {value: '-', errors: []}
- header: {name: FL}
  values:
  - {value: 0.3, errors: [{symerror: 0.1}]}
  - {value: 0.8, errors: [{asymerror: {plus: 0.06, minus: 0.02}, label: stat}, {symerror: 0.01, label: syst}]}
  - {value: 0.7, errors: [{symerror: 0.05, label: total}, {symerror: 0.04, label: stat}, {symerror: 0.03, label: syst}]}
"""
# one triangle, the bins in another order
MATRIX = """\
independent_variables:
- header: {name: q2}
  values: [{low: 1.1, high: 2.5}, {low: 0.1, high: 0.98}, {low: 1.1, high: 2.5}]
- header: {name: q2}
  values: [{low: 1.1, high: 2.5}, {low: 0.1, high: 0.98}, {low: 0.1, high: 0.98}]
dependent_variables:
- header: {name: correlation}
  values: [{value: 1.0}, {value: 1.0}, {value: 0.25}]
"""
SUBMISSION = """\
comment: about the whole record
hepdata_doi: 10.17182/hepdata.1.v1
record_ids:
- {id: 12345, type: inspire}
---
name: Table 1
location: Data from Table 7
description: A differential branching fraction.
data_file: table.yaml
---
name: Table 2
data_file: other.yaml
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("table.yaml", TABLE), ("matrix.yaml", MATRIX), ("submission.yaml", SUBMISSION)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _import(folder: Path, **options: Any) -> tuple[ImportReport, Any]:
    chosen = {"observable": "invented<X>", "experiment": ["Lab"], "date": "2026-03", "bins": "q2", "column": 1} | options
    report = import_hepdata(folder / "table.yaml", folder / "out", HepdataOptions(**chosen))
    found = check_paths([folder / "out"], MeasurementVocabulary(load_registry()))
    assert [one for one in found if not one.note] == []
    return report, load_entries([folder / "out"])[0][report.blocks[0].entries[0]]


def test_a_column_with_bins_units_errors_and_correlations(folder: Path) -> None:
    report, entry = _import(folder, correlations={"stat": folder / "matrix.yaml"}, submission=folder / "submission.yaml")
    assert [observable.args for observable in entry.observables] == [{"q2min": 0.1, "q2max": 0.98}, {"q2min": 1.1, "q2max": 2.5}]
    assert isinstance(entry.data, GaussianData)
    assert entry.data.central.tolist() == [1e-7, 3.2e-8]
    assert entry.document["data"]["unit"] == "GeV^-2"
    errors = {component.label: component for component in entry.data.errors}
    assert errors["stat"].plus.tolist() == [7e-9, 3e-9]
    # 4 % of 10 beside 0.3 and 0.2, in units of 1e-8
    np.testing.assert_allclose(errors["syst"].plus, [0.5e-8, 0.0], rtol=1e-12, atol=0)
    np.testing.assert_allclose(errors["syst"].minus, [np.hypot(0.2, 0.4) * 1e-8, 1e-9], rtol=1e-12, atol=0)
    assert entry.data.correlations["stat"].tolist() == [[1, 0.25], [0.25, 1]]
    assert entry.refs == {"hepdata": ["10.17182/hepdata.1.v1"], "inspire_recid": 12345}
    assert "Data from Table 7" in entry.note
    block = report.blocks[0]
    assert (block.found, block.written) == (3, 2)
    assert block.not_expressed == ("row 3: there is no value", "column FL (not asked for)")
    assert any("'normalisation' taken as systematic" in text for text in block.guessed)


def test_errors_without_labels_one_way_and_totals(folder: Path) -> None:
    report, entry = _import(folder, column=2)
    errors = {component.label: component for component in entry.data.errors}
    # one unlabelled error is the total; both variations upwards: the larger one, and nothing downwards
    assert errors["total"].plus.tolist() == [0.1, 0.0, 0.0]
    assert errors["stat"].plus.tolist() == [0.0, 0.06, 0.04]
    assert errors["stat"].minus.tolist() == [0.0, 0.0, 0.04]
    assert errors["syst"].plus.tolist() == [0.0, 0.01, 0.03]
    guessed = " ".join(report.blocks[0].guessed)
    assert "go one way" in guessed
    assert "the parts are taken" in guessed
    assert "correlations between the rows (none given)" in report.blocks[0].not_expressed


def test_limits(folder: Path) -> None:
    table = "independent_variables: []\ndependent_variables:\n- header: {name: BR, units: 1E-6}\n  values: [{value: '<2.5'}]\n"
    (folder / "table.yaml").write_text(table, encoding="utf-8")
    _, entry = _import(folder, column=None, bins=None, limit=0.9, args={"channel": "ee"})
    assert isinstance(entry.data, LimitData)
    assert entry.data.upper is not None
    assert (entry.data.cl, entry.data.upper.tolist()) == (0.9, [2.5e-6])
    assert entry.observables[0].args == {"channel": "ee"}


def test_a_covariance_matrix_is_recognised(folder: Path) -> None:
    covariance = MATRIX.replace("1.0}, {value: 1.0}, {value: 0.25}", "0.09}, {value: 0.49}, {value: 0.0525}")
    (folder / "matrix.yaml").write_text(covariance, encoding="utf-8")
    report, entry = _import(folder, correlations={"stat": folder / "matrix.yaml"})
    np.testing.assert_allclose(entry.data.correlations["stat"][0, 1], 0.25, rtol=1e-12, atol=0)
    assert any("covariance" in text for text in report.blocks[0].remarks)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"column": None}, "has 2 of them; choose one with --column: 1: dB/dq2"),
        ({"column": 3}, "has no column 3"),
        ({"bins": None}, "--bins"),
        ({"submission": "table.yaml"}, "no table has the data_file 'table.yaml'"),
        ({"correlations": {"total": "table.yaml"}}, "2 columns of 3 rows are no square matrix"),
        ({"date": "soon"}, "--date: 'soon' is not a date"),
        ({"limit": 0.9, "column": 1, "observable": "BR(B+->munu)", "bins": None}, "--bins"),
    ],
)
def test_what_has_to_be_said(folder: Path, options: dict[str, Any], message: str) -> None:
    if "correlations" in options:
        options = {"correlations": {kind: folder / name for kind, name in options["correlations"].items()}}
    if "submission" in options:
        options = {"submission": folder / options["submission"]}
    with pytest.raises(InputError, match=message):
        _import(folder, **options)
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "is not a HEPData table"),
        ("dependent_variables: []", "no dependent variable"),
        ("dependent_variables: [{header: {name: a}, values: [{value: x, errors: [{symerror: 1}]}]}]", "'x' is not a number"),
        (
            "dependent_variables: [{header: {name: a}, values: [{value: 1, errors: [{asymerror: {plus: 1, minus: ''}}]}]}]",
            "one side",
        ),
        ("dependent_variables: [{header: {name: a, units: FB}, values: [{value: 1}]}]", "unit 'FB' of the column is not known"),
        (
            "independent_variables: [{header: {name: x}, values: [{value: 1}, {value: 2}]}]\n"
            "dependent_variables: [{header: {name: a}, values: [{value: 1}]}]",
            "different lengths",
        ),
    ],
)
def test_tables_that_cannot_be_read(folder: Path, text: str, message: str) -> None:
    (folder / "table.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        _import(folder, column=None)


@pytest.mark.parametrize(
    ("text", "scale", "unit"),
    [
        ("", 1.0, "1"),
        ("%", 0.01, "1"),
        ("10**-8", 1e-8, "1"),
        ("10$^{-9}$", 1e-9, "1"),
        ("$\\times 10^{-6}$", 1e-6, "1"),
        ("1E-7", 1e-7, "1"),
        ("GEV**-2", 1.0, "GeV^-2"),
        ("10^{-8} GeV^{-2}", 1e-8, "GeV^-2"),
        ("10**-7/GEV**2", 1e-7, "GeV^-2"),
        ("$10^{-8}\\,\\mathrm{GeV}^{-2}c^4$", 1e-8, "GeV^-2"),
        ("PS**-1", 1.0, "1/ps"),
        ("MEV", 1.0, "MeV"),
        ("RAD", 1.0, "rad"),
    ],
)
def test_units_as_tables_write_them(text: str, scale: float, unit: str) -> None:
    assert scale_and_unit(text) == (scale, unit)
