from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.wilson_coefficients import (
    WilsonCoefficients,
    check_coefficient_name,
    coefficient_names,
    read_wcxf,
    write_wcxf,
)


# sizes of the WCxf 2.0 bases; SMEFT without the baryon-number violating operators
@pytest.mark.parametrize(("eft", "size"), [("SMEFT", 1362), ("WET", 1679), ("WET-4", 1018), ("WET-3", 411)])
def test_whole_basis(eft: str, size: int) -> None:
    assert len(coefficient_names(eft)) == size


def test_reality() -> None:
    names = coefficient_names("SMEFT")
    assert names["lq1_3333"]
    assert not names["lq1_3323"]
    assert not coefficient_names("WET")["CVL_bctaunutau"]


@pytest.mark.parametrize(
    ("name", "eft", "message"),
    [
        ("CVL_bctaunuta", "WET", "CVL_bctaunutau"),
        ("cvl_bctaunutau", "WET", "CVL_bctaunutau"),
        ("lq1_3332", "SMEFT", "complex conjugate of lq1_3323"),
        ("qq1_2333", "WET", "unknown WET"),
        ("qq1_3323", "SMEFT", "same coefficient as qq1_2333"),
        ("qq1_3332", "SMEFT", "complex conjugate of qq1_2333"),
        ("lq1_3334", "SMEFT", "lq1_3333"),
        ("lq1_3333", "HEFT", "unknown effective theory"),
    ],
)
def test_unknown_names(name: str, eft: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        check_coefficient_name(name, eft)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("WET", "Warsaw", 4.8, {}), "unknown basis 'Warsaw' of WET; allowed: 'flavio', 'JMS'"),
        (("WET", "flavio", -4.8, {}), "positive number of GeV"),
        (("WET", "flavio", 4.8, {"C9_bsmumumu": 1.0}), "C9_bsmumu"),
        (("WET", "flavio", 4.8, {"C9_bsmumu": float("inf")}), "must be finite"),
        (("SMEFT", "Warsaw up", 1e3, {"lq1_3333": 1e-8j}), "real by hermiticity"),
    ],
)
def test_wrong_sets(arguments: tuple[str, str, float, dict[str, complex]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        WilsonCoefficients(*arguments)


def test_round_trip(tmp_path: Path) -> None:
    values = {"lq1_3333": -1.25e-8, "lq1_3323": 1e-9 + 2e-9j, "lequ1_3332": 3e-22j}
    original = WilsonCoefficients("SMEFT", "Warsaw up", 1500.0, values)
    write_wcxf(tmp_path / "point.json", original)
    assert read_wcxf(tmp_path / "point.json") == original


@pytest.mark.parametrize("ending", ["json", "yml", "yaml"])
def test_round_trip_in_the_other_bases(tmp_path: Path, ending: str) -> None:
    for original in (
        WilsonCoefficients("SMEFT", "Warsaw", 1e4, {"qd1_1213": 1e-9 - 3e-22j}),
        WilsonCoefficients("WET-4", "JMS", 2.0, {"VuuLL_1212": 1e-12 + 0.1e-12j}),
    ):
        write_wcxf(tmp_path / f"point.{ending}", original)
        assert read_wcxf(tmp_path / f"point.{ending}") == original


def test_yaml_with_numbers_yaml_would_call_text(tmp_path: Path) -> None:
    path = tmp_path / "point.yml"
    path.write_text("eft: WET\nbasis: flavio\nscale: 4.8\nvalues:\n  CVL_bctaunutau: 1e-2\n  C9_bsmumu: {Im: -1}\n")
    assert dict(read_wcxf(path).values) == {"CVL_bctaunutau": 0.01, "C9_bsmumu": -1j}


HEAD = "eft: WET\nbasis: flavio\nscale: 4.8\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2]", "is a mapping with the keys"),
        ("eft: WET\nbasis: flavio\nvalues: {}\n", "'scale' is missing"),
        ("eft: WET\nbasis: flavio\nscales: 4.8\nvalues: {}\n", "is 'scales' meant"),
        (HEAD.replace("4.8", "b") + "values: {}", "line 3: scale must be a number, found 'b'"),
        (HEAD.replace("WET", "WETT") + "values: {}", "unknown effective theory 'WETT'"),
        (HEAD.replace("flavio", "Flavio") + "values: {}", "unknown basis 'Flavio'"),
        (HEAD + "values: [1]", "line 4.*values must be a mapping"),
        (HEAD + "values:\n  C9_bsmumu: 1\n  C9_bsmumuu: 1", "line 6: unknown WET .*C9_bsmumu"),
        (HEAD + "values:\n  C9_bsmumu: yes", "line 5: C9_bsmumu must be a number, found 'yes'"),
        (HEAD + "values:\n  C9_bsmumu: {Re: 1, im: 2}", "keys Re and Im, found Re, im"),
        (HEAD + "values:\n  C9_bsmumu: {Re: [1]}", r"C9_bsmumu \(Re\) must be a number"),
        (HEAD + "values:\n  C9_bsmumu: 1\n  C9_bsmumu: 2", "given twice"),
        (HEAD.replace("WET", "SMEFT").replace("flavio", "Warsaw up") + "values:\n  lq1_3333: {Im: 1}", "real by"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        read_wcxf(path)
    assert str(path) in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_wcxf(tmp_path / "nothing.json")


def test_an_array_is_no_wcxf_file(tmp_path: Path) -> None:
    several = WilsonCoefficients("WET", "flavio", 4.8, {"C9_bsmumu": np.array([1.0 + 0j, 2.0])})
    with pytest.raises(InputError, match="holds one point; C9_bsmumu has 2"):
        write_wcxf(tmp_path / "several.json", several)


def test_json_as_others_write_it(tmp_path: Path) -> None:
    data = {"eft": "WET", "basis": "flavio", "scale": 4.8, "metadata": {}, "values": {"C9_bsmumu": {"Re": 1e-5, "Im": 0}}}
    path = tmp_path / "tabs.json"
    path.write_text(json.dumps(data, indent="\t"))
    assert dict(read_wcxf(path).values) == {"C9_bsmumu": 1e-5}


def test_importing_loads_no_tables() -> None:
    code = "import sys, fitlq_theory.wilson_coefficients; print('h5py' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": _path()})
    assert done.stdout.strip() == "False"


def _path() -> str:
    return ":".join(path for path in sys.path if path)
