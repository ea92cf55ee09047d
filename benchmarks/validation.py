"""Compare every stored number of another code with ours.

    python -m benchmarks.validation          print the table
    python -m benchmarks.validation --write  also write its section of docs/validation.md

The stored numbers are in tests/fitlq_theory/observables/data, one file per process with its source. A deviation is relative to
the larger of the value and the Standard Model value, at the theory inputs of flavio 2.7.1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.validation_page import ROOT, write_section
from fitlq_theory.bases import translate
from fitlq_theory.compiled import combine, evaluate_forms
from fitlq_theory.contracts import Forms, Observable
from fitlq_theory.errors import FitlqError
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.observables import ObservableRegistry, load_registry
from fitlq_theory.quadratic_forms import real_vector
from fitlq_theory.wilson_coefficients import WilsonCoefficients

DATA = ROOT / "tests" / "fitlq_theory" / "observables" / "data"
DIFFERENCES = ROOT / "docs" / "differences.md"
TOLERANCE = 3e-3

# the better of two numbers of one entry: where the other code is known to be wrong, its number after the correction
_VALUES = ("value_corrected", "value_tensor_corrected", "value")
# where the numbers of a file are; those of EOS are compared by `benchmarks.eos_comparison`
_LISTS = ("entries", "lambda1520", "lambda")
_ELSEWHERE = ("eos", "b_to_c_spreads")
# of the largest stored value of an observable: below this a number is rounding
_ROUNDING = 1e-9

# file -> section of docs/differences.md that says why these observables are off by more than the tolerance
EXPLAINED: dict[str, tuple[str, tuple[str, ...]]] = {
    "b_to_k_lepton_pair": ("B → Kℓℓ and B → K*ℓℓ", ("*ACP*",)),
    "b_to_kstar_lepton_pair": (
        "B → Kℓℓ and B → K*ℓℓ",
        ("*ACP*", "<A?>*", "<A6s>*", "<AFB*", "<P[2368]*", "<S[789]>*"),
    ),
    "b_to_pion_lepton_pair": ("B → πℓℓ′, K → πμe", ("BR(B+->pi*)",)),
    "bs_to_phi_lepton_pair": ("B_s → φℓℓ", ("<S[37]>*", "S[37]*")),
    "b_to_x_c_lepton_neutrino": ("Inclusive B → X_c ℓν", ("BR(B->Xc*nu)", "Rtaul(B->Xclnu)")),
    "light_charged_currents": (
        "Charged currents of kaons, pions, taus and charmed mesons",
        ("BR(D*nu)", "BR(K*nu)", "BR(pi+->enu)", "BR(tau->*nu)", "Gamma(pi+->munu)", "RKpi(P+->*nu)", "Remu(K+->lnu)"),
    ),
    "lambdab_to_lambda_leptons": (
        "Λ_b → Λ ℓℓ and Λ_b → Λ(1520) ℓℓ",
        ("<AFBl>(Lambdab->Lambda*", "<AFBlh>(Lambdab->Lambdamumu)", "<K?*>(Lambdab->Lambdamumu)"),
    ),
    "radiative_beauty": ("b → s γ and b → d γ", ("ACP(B0->K*gamma)", "ADeltaGamma(Bs->phigamma)", "S_K*gamma", "S_phigamma")),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored number."""

    observable: str
    arguments: Any
    point: str
    coefficients: Mapping[str, complex]
    value: float


@dataclass(frozen=True, slots=True)
class Row:
    """The comparison of one file.

    Attributes
    ----------
    process : str
    observables, entries : int
        How many were compared.
    missing : int
        Entries of observables that are not implemented or of a kind this script does not read.
    worst, median : float
    where : str
        The observable and point of the worst.
    beyond : tuple of str
        Observables with an entry beyond the tolerance.
    """

    process: str
    observables: int
    entries: int
    missing: int
    worst: float
    median: float
    where: str
    beyond: tuple[str, ...]


def entries(document: Mapping[str, Any]) -> Iterator[Entry | None]:
    """The numbers of a file; None for each that is stored in a way this script does not know."""
    points = document.get("points", [])
    for raw in [raw for key in _LISTS for raw in document.get(key, [])]:
        try:
            entry = _entry(raw, points)
            yield replace(entry, coefficients=_up_aligned(entry.coefficients)) if document.get("basis") == "Warsaw" else entry
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            yield None


def _entry(raw: Any, points: Any) -> Entry:
    if isinstance(raw, list):
        name, label, position, value = raw
        return Entry(name, [], str(label), _complex(points[position]), float(value))
    given = [key for key in _VALUES if raw.get(key) is not None]
    stored = raw["coefficients"] if "coefficients" in raw else points[raw["point"]]
    label = raw.get("name", raw.get("point"))
    return Entry(raw["observable"], raw.get("args", []), str(label), _complex(stored), float(raw[given[0]]))


def _complex(stored: Mapping[str, Any]) -> dict[str, complex]:
    return {name: complex(*number) if isinstance(number, list) else complex(number) for name, number in stored.items()}


def _up_aligned(coefficients: Mapping[str, complex]) -> Mapping[str, complex]:
    given = WilsonCoefficients("SMEFT", "Warsaw", 91.1876, coefficients)
    return {name: complex(value) for name, value in translate(given, "Warsaw up", load_inputs("flavio-2.7.1")).values.items()}


class Comparison:
    """Our values at the inputs of the other code; the forms of an observable are made once."""

    def __init__(self, inputs: Inputs, registry: ObservableRegistry) -> None:
        self._point = inputs.point()
        self._registry = registry
        self._forms: dict[tuple[str, str], Forms] = {}

    def value(self, entry: Entry, coefficients: Mapping[str, complex]) -> float:
        """Our value of the observable of an entry.

        Raises
        ------
        FitlqError
            The observable is not implemented, or not with these arguments.
        """
        observable = self._registry.resolve(entry.observable)
        arguments = _arguments(observable, entry.arguments)
        key = (observable.name, str(arguments))
        if key not in self._forms:
            observable.check_arguments(arguments)
            self._forms[key] = observable.forms(self._point, arguments)
        forms = self._forms[key]
        x = real_vector(np.array([coefficients.get(c.name, 0.0) for c in observable.coefficients], dtype=np.complex128))
        with np.errstate(all="ignore"):
            values = evaluate_forms(forms.quadratic, x[None, :])
            return float(combine(values, forms.powers, forms.combination)[0])

    def deviation(self, entry: Entry, largest: float) -> float:
        """Difference relative to the larger of the stored value and the Standard Model value; not less than rounding."""
        ours = self.value(entry, entry.coefficients)
        if ours == entry.value:
            return 0.0
        standard_model = self.value(entry, {})
        scale = max(abs(entry.value), abs(standard_model) if np.isfinite(standard_model) else 0.0, _ROUNDING * largest)
        return abs(ours - entry.value) / scale if scale else np.inf


def _arguments(observable: Observable, stored: Any) -> dict[str, float]:
    if isinstance(stored, Mapping):
        return {str(name): float(value) for name, value in stored.items()}
    return {a.name: float(value) for a, value in zip(observable.arguments, stored, strict=True)}


def compare(path: Path, comparison: Comparison) -> Row | None:
    """The comparison of one file; None if it holds no numbers of another code at Wilson coefficients."""
    document = json.loads(path.read_text(encoding="utf-8"))
    read = list(entries(document)) if isinstance(document, dict) else []
    if not any(read):
        return None
    largest: dict[str, float] = {}
    for entry in filter(None, read):
        largest[entry.observable] = max(largest.get(entry.observable, 0.0), abs(entry.value))
    deviations: list[tuple[float, Entry]] = []
    missing = 0
    for entry in read:
        try:
            if entry is None:
                missing += 1
            else:
                deviations.append((comparison.deviation(entry, largest[entry.observable]), entry))
        except (FitlqError, ValueError):
            missing += 1
    if not deviations:
        return Row(path.stem, 0, 0, missing, 0.0, 0.0, "", ())
    worst, where = max(deviations, key=lambda pair: pair[0])
    beyond = tuple(sorted({entry.observable for deviation, entry in deviations if not deviation <= TOLERANCE}))
    names = {entry.observable for _, entry in deviations}
    median = float(np.median([deviation for deviation, _ in deviations]))
    return Row(path.stem, len(names), len(deviations), missing, worst, median, f"{where.observable}, {where.point}", beyond)


def compare_all() -> tuple[Row, ...]:
    """All files."""
    comparison = Comparison(load_inputs("flavio-2.7.1"), load_registry())
    rows = (compare(path, comparison) for path in sorted(DATA.glob("*.json")) if path.stem not in _ELSEWHERE)
    return tuple(row for row in rows if row is not None)


def table(rows: tuple[Row, ...]) -> str:
    """A table in Markdown."""
    lines = [
        "| process | observables | numbers | median | worst | worst at | not compared |",
        "| --- | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for row in rows:
        lines.append(
            f"| {row.process} | {row.observables} | {row.entries} | {row.median:.0e} | {row.worst:.0e} | {row.where} | "
            f"{row.missing or ''} |"
        )
    lines.append(f"| all | {sum(r.observables for r in rows)} | {sum(r.entries for r in rows)} | | | | {_missing(rows)} |")
    return "\n".join(lines)


def _missing(rows: tuple[Row, ...]) -> str:
    return str(sum(row.missing for row in rows) or "")


def unexplained(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """Observables beyond the tolerance without a section of docs/differences.md."""
    sections = set(DIFFERENCES.read_text(encoding="utf-8").splitlines()) if DIFFERENCES.exists() else set()
    found = []
    for row in rows:
        section, patterns = EXPLAINED.get(row.process, ("", ()))
        known = patterns if f"## {section}" in sections else ()
        found += [name for name in row.beyond if not any(fnmatchcase(name, pattern) for pattern in known)]
    return tuple(found)


def section_text(rows: tuple[Row, ...]) -> str:
    """The section of docs/validation.md."""
    beyond = [
        f"* {row.process}: {', '.join(f'`{name}`' for name in row.beyond)}; see “{EXPLAINED[row.process][0]}”"
        for row in rows
        if row.beyond and row.process in EXPLAINED
    ]
    outside = "\n".join(beyond) or "None."
    return f"""{table(rows)}

Observables with a number that deviates by more than {100 * TOLERANCE:g} %, with the section of [differences](differences.md)
that says why; the tests of the process undo the difference and find agreement:

{outside}
"""


def main(words: list[str]) -> int:
    """Print the table; exit status 1 if something deviates without a reason."""
    rows = compare_all()
    print(table(rows))
    if "--write" in words:
        write_section("flavio", section_text(rows))
    open_questions = unexplained(rows)
    if open_questions:
        print(f"\nbeyond {100 * TOLERANCE:g} % and not in docs/differences.md: {', '.join(open_questions)}")
    return 1 if open_questions else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
