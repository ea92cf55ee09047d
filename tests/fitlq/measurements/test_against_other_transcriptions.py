"""The LHCb numbers of b -> s mu mu against two other transcriptions of the papers: flavio's and EOS's files.

Stored copies, with source and version: ``data/bsmumu_flavio.json`` and ``data/bsmumu_eos.json``. flavio's numbers are
those most entries were made from, so they show that nothing was lost on the way; EOS typed its own from the papers.
Every difference is named below with the reason why our number is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from fitlq.measurements import Entry, GaussianData

DATA = Path(__file__).parent / "data"
EOS: Mapping[str, Any] = json.loads((DATA / "bsmumu_eos.json").read_text(encoding="utf-8"))["groups"]
FLAVIO: Mapping[str, Any] = json.loads((DATA / "bsmumu_flavio.json").read_text(encoding="utf-8"))["blocks"]

# EOS group -> how the ids of our entries begin
ENTRIES = {
    "B+ -> K mu mu 2014": "lhcb-bp2kmumu-br-2014",
    "B0 -> K mu mu 2014": "lhcb-b02kmumu-br-2014",
    "B+ -> K*+ mu mu 2014": "lhcb-bp2kstmumu-br-2014",
    "Bs -> phi mu mu 2015": "lhcb-bs2phimumu-br-2015",
    "Bs -> phi mu mu 2021": "lhcb-bs2phimumu-br-2021",
    "B0 -> K*0 mu mu angular 2020": "lhcb-b2kstmumu-2020-s-",
    "B+ -> K*+ mu mu angular 2020": "lhcb-bp2kstmumu-2020-s-",
    "Bs -> phi mu mu angular 2015": "lhcb-bs2phimumu-2015-",
    "Bs -> phi mu mu angular 2021": "lhcb-bs2phimumu-2021-",
}
# Branching fraction of Bs -> J/psi phi in the normalisation of each paper: EOS stores the ratio to it.
JPSI_PHI = {"Bs -> phi mu mu 2015": 1.077e-3, "Bs -> phi mu mu 2021": 1.018e-3}
# EOS labels these bins by another upper edge than the papers: the bins of K* end at 19, the last one of phi at 18.9.
EDGES = {
    ("B+ -> K*+ mu mu 2014", 17.0, 22.0): (17.0, 19.0),
    ("B+ -> K*+ mu mu 2014", 15.0, 22.0): (15.0, 19.0),
    ("Bs -> phi mu mu angular 2021", 15.0, 19.0): (15.0, 18.9),
}
STAT_OF_S7_S8 = (
    "the errors of P6p and P8p of the same paper times sqrt(FL(1-FL)) give 0.0499 and 0.0470 as flavio has them: slip in EOS"
)
EOS_DIFFERS = {
    ("B0 -> K*0 mu mu angular 2020", 17.0, "<S7>(B0->K*mumu)", "stat"): STAT_OF_S7_S8,
    ("B0 -> K*0 mu mu angular 2020", 17.0, "<S8>(B0->K*mumu)", "stat"): STAT_OF_S7_S8,
    ("B+ -> K*+ mu mu angular 2020", 2.5, "<S7>(B+->K*mumu)", "stat"): "lower error 0.69 in HEPData ins1838196, 0.59 in EOS",
    ("Bs -> phi mu mu angular 2021", 11.0, "<S7>(Bs->phimumu)", "syst"): "0.000 in flavio and flav-data, 0.001 in EOS",
    ("Bs -> phi mu mu 2015", 15.0, "<dBR/dq2>(Bs->phimumu)", "stat"): "lower error 0.54e-8 in HEPData ins1380188, 0.70e-8 in EOS",
}
FLAVIO_DIFFERS = {
    ("LHCb Bs->phimumu 2015 1.0-6.0 GeV^2", "<S7>(Bs->phimumu)", "syst"): "0.00 in HEPData ins1380188, 0.01 in flavio",
}
# Relative. Ratios are printed with 3 digits, their errors with 2 and 1: half a unit of the last one is up to 0.5, 5, 25
# percent. Errors of integrated branching fractions are rounded to 2 or 3 digits after the multiplication with the width.
TOLERANCES = {
    "ratio": {"central": 5e-3, "stat": 0.05, "syst": 0.26},
    "integrated": {"central": 1e-9, "stat": 3e-3, "syst": 3e-3},
    "angular": {"central": 1e-9, "stat": 1e-9, "syst": 1e-9},
}
# The 185 numbers of this comparison (matrices not counted) besides 9 of B+ -> K*+ and 24 of Bs -> phi 2015.
MAIN = {name: count for name, count in zip(ENTRIES, (10, 9, 0, 6, 8, 64, 64, 0, 24), strict=True) if count}


class Found(NamedTuple):
    """One of our numbers."""

    entry: Entry
    data: GaussianData
    index: int


def _find(shipped: Mapping[str, Entry], prefix: str, name: str, edges: tuple[float, float]) -> Found:
    hits = [
        (entry, index)
        for entry in shipped.values()
        if entry.id.startswith(prefix)
        for index, observable in enumerate(entry.observables)
        if observable.name == name and (observable.args["q2min"], observable.args["q2max"]) == edges
    ]
    assert len(hits) == 1, (prefix, name, edges, [entry.id for entry, _ in hits])
    entry, index = hits[0]
    assert isinstance(entry.data, GaussianData)
    return Found(entry, entry.data, index)


def _errors(found: Found, label: str) -> tuple[float, float]:
    component = next(one for one in found.data.errors if one.label == label)
    return float(component.plus[found.index]), float(component.minus[found.index])


def _matrix(found: Sequence[Found]) -> np.ndarray[Any, Any]:
    indices = [one.index for one in found]
    assert len({one.entry.id for one in found}) == 1
    return found[0].data.correlations["total"][np.ix_(indices, indices)]


def _eos(group: str, one: Mapping[str, Any]) -> tuple[tuple[float, float], float]:
    """Our bin of an EOS constraint, and the factor from its number to ours.

    A branching fraction of EOS is integrated over the bin, a ratio to Bs -> J/psi phi is too; ours are per GeV^2.
    """
    lower, upper = one["q2"]
    edges = EDGES.get((group, lower, upper), (lower, upper))
    return edges, 1.0 if "angular" in group else JPSI_PHI.get(group, 1.0) / (upper - lower)


@pytest.mark.parametrize("group", ENTRIES)
def test_central_values_and_errors_agree_with_eos(shipped: Mapping[str, Entry], group: str) -> None:
    tolerances = TOLERANCES["ratio" if group in JPSI_PHI else "angular" if "angular" in group else "integrated"]
    for one in EOS[group]["bins"]:
        edges, factor = _eos(group, one)
        for index, name in enumerate(one["names"]):
            found = _find(shipped, ENTRIES[group], name, edges)
            expected = one["central"][index] * factor
            assert found.data.central[found.index] == pytest.approx(expected, rel=tolerances["central"], abs=0), name
            for label in ("stat", "syst"):
                theirs = [one[label][side][index] * factor for side in (0, 1)]
                agrees = _errors(found, label) == pytest.approx(tuple(theirs), rel=tolerances[label], abs=0)
                known = (group, edges[0], name, label) in EOS_DIFFERS
                assert agrees != known, (group, edges, name, label, theirs, _errors(found, label))


@pytest.mark.parametrize("group", [name for name in ENTRIES if "angular" in name])
def test_correlation_matrices_agree_with_eos(shipped: Mapping[str, Entry], group: str) -> None:
    for one in EOS[group]["bins"]:
        edges, _ = _eos(group, one)
        found = [_find(shipped, ENTRIES[group], name, edges) for name in one["names"]]
        # both are printed with two digits
        np.testing.assert_allclose(_matrix(found), one["correlation"], rtol=0, atol=1e-12)


def test_the_numbers_compared_with_eos_are_185() -> None:
    counts = {group: sum(len(one["names"]) for one in EOS[group]["bins"]) for group in ENTRIES}
    assert {group: counts[group] for group in MAIN} == MAIN
    assert sum(MAIN.values()) == 185
    # of these, two are those recorded before; the other differences are errors of single numbers found since
    assert len(EOS_DIFFERS) == 5


def _our_entries(block: str) -> str:
    """How the ids begin of the entries made from a flavio block."""
    kind, _, rest = block.removeprefix("LHCb ").partition("mumu ")
    mode = {"B+->K": "bp2k", "B0->K": "b02k", "B+->K*": "bp2kst", "B->K*": "b2kst", "Bs->phi": "bs2phi"}[kind]
    if rest.startswith("BR"):
        return f"lhcb-{mode}mumu-br-{rest[-4:]}"
    return f"lhcb-{mode}mumu-{rest[:4]}-" + ("s-" if " S " in rest else "")


@pytest.mark.parametrize("block", FLAVIO)
def test_numbers_agree_with_flavio(shipped: Mapping[str, Entry], block: str) -> None:
    theirs = FLAVIO[block]
    labels = [label for label in ("stat", "syst", "ext") if label in theirs]
    pairs = zip(theirs["names"], theirs["q2"], strict=True)
    found = [_find(shipped, _our_entries(block), name, (edges[0], edges[1])) for name, edges in pairs]
    for index, one in enumerate(found):
        assert one.data.central[one.index] == pytest.approx(theirs["central"][index], rel=1e-9, abs=0)
        for label in labels:
            expected = (theirs[label][0][index], theirs[label][1][index])
            agrees = _errors(one, label) == pytest.approx(expected, rel=1e-9, abs=0)
            assert agrees != ((block, theirs["names"][index], label) in FLAVIO_DIFFERS), (one.entry.id, label)
    if "correlation" in theirs:
        np.testing.assert_allclose(_matrix(found), theirs["correlation"], rtol=0, atol=1e-12)


def test_the_flavio_file_holds_all_that_is_compared() -> None:
    # 17+2 and 7+2 bins of B -> K, 7+2 of K*+, 6+2 and 8+2 of Bs -> phi; ten bins of 8 twice, eight and seven of 4
    assert sum(len(block["names"]) for block in FLAVIO.values()) == 19 + 9 + 9 + 8 + 10 + 2 * 80 + 32 + 28
