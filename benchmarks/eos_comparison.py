"""Compare stored numbers of EOS with ours where the form factors are the same.

    python -m benchmarks.eos_comparison          print the table
    python -m benchmarks.eos_comparison --write  also write it to docs/validation.md

The numbers are in tests/fitlq_theory/observables/data/eos.json: Standard Model values, and ratios to the Standard Model with new
physics. Where a constant of EOS is another one, the comparison is also made with that constant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.validation import DATA, Comparison, Entry
from benchmarks.validation_page import write_section
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import load_registry
from fitlq_theory.observables.charged_current_coefficients import QUARK_TRANSITIONS
from fitlq_theory.observables.dineutrino_coefficients import standard_model_coefficient
from fitlq_theory.observables.light_meson_leptonic import electromagnetic_correction
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["NOT_COMMON", "TOLERANCE", "Row", "compare", "table"]

TOLERANCE = 0.01

# what is not the same calculation, with the section of docs/differences.md that says so
NOT_COMMON = {
    "BR(B0->K*gamma)": "another form factor",
    "S_K*gamma": "another form factor",
    "BR(B->Xsgamma)": "another treatment of the inclusive rate",
}
_B_SCALE = 4.8


@dataclass(frozen=True, slots=True)
class Row:
    """One number: EOS, ours, and ours with the constants of EOS named in `constants`."""

    observable: str
    point: str
    eos: float
    ours: float
    adjusted: float
    constants: str

    @property
    def deviation(self) -> float:
        """Relative to the number of EOS, or to the Standard Model if that is larger (ratios)."""
        return (self.ours - self.eos) / self._scale

    @property
    def adjusted_deviation(self) -> float:
        """The same with the constants of EOS."""
        return (self.adjusted - self.eos) / self._scale

    @property
    def _scale(self) -> float:
        return self.eos if self.point == "SM" else max(abs(self.eos), 1.0)


def compare() -> tuple[Row, ...]:
    """All stored numbers."""
    document = json.loads((DATA / "eos.json").read_text(encoding="utf-8"))
    inputs = load_inputs(document["inputs"], document["choices"])
    comparison, point = Comparison(inputs, load_registry()), inputs.point()
    rows = []
    for raw in document["entries"]:
        given = {name: complex(*number) for name, number in raw["coefficients"].items()}
        entry = Entry(raw["observable"], raw["args"], raw["point"], given, 0.0)
        plain = comparison.value(entry, given)
        factor, coefficients, names = _constants(entry, point, document["constants"])
        adjusted = comparison.value(entry, coefficients)
        if "ratio" in raw:
            standard_model = comparison.value(entry, {})
            plain, adjusted, factor = plain / standard_model, adjusted / standard_model, 1.0
        eos = float(raw["ratio"] if "ratio" in raw else raw["value"])
        rows.append(Row(raw["observable"], raw["point"], eos, plain, adjusted * factor, ", ".join(names)))
    return tuple(rows)


def _constants(entry: Entry, point: ParameterPoint, eos: Mapping[str, Any]) -> tuple[float, dict[str, complex], list[str]]:
    """Factor on a rate, coefficients relative to the Standard Model of EOS, and what these change."""
    name, coefficients = entry.observable, dict(entry.coefficients)
    factor, changed = 1.0, []
    if name.endswith("nunu)"):
        standard_model = -standard_model_coefficient(point, _B_SCALE)
        coefficients = {c: value * standard_model / eos["CL_bsnunu"] for c, value in coefficients.items()}
        changed.append("C_L of the Standard Model")
        if name.startswith("BR"):
            factor *= (eos["CL_bsnunu"] / standard_model) ** 2
    elif any("bc" in c or "bu" in c for c in coefficients):
        standard_model = point["C_VL SM of b->q lepton neutrino"]
        coefficients = {c: value * standard_model for c, value in coefficients.items()}
        changed.append("C_VL of the Standard Model")
    if name.startswith(("BR(Bs->", "BR(B+->K", "BR(B0->K")) and "gamma" not in name and entry.point == "SM":
        factor *= (eos["alpha_e_mb"] / alpha_electromagnetic(point, _B_SCALE)) ** 2
        changed.append("alpha_e")
    for meson, quarks in (("Bc", "bc"), ("B+", "bu")):
        if name == f"BR({meson}->taunu)" and any(c.startswith("CS") for c in coefficients):
            ours = point[f"m_{meson}"] ** 2 / (point["m_tau"] * sum(QUARK_TRANSITIONS[quarks].masses(point)))
            ratio = eos[f"scalar_{meson}"] / ours
            coefficients = {c: value * (ratio if c.startswith("CS") else 1.0) for c, value in coefficients.items()}
            changed.append("quark masses")
    for lepton in ("e", "mu"):
        if name == f"BR(K+->{lepton}nu)":
            factor /= 1.0 + electromagnetic_correction(point, "K+", lepton)
            changed.append("no photon corrections")
    return factor, coefficients, changed


def table(rows: tuple[Row, ...]) -> str:
    """A table in Markdown."""
    lines = [
        "| observable | point | EOS | ours | difference | with constants of EOS | which |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        adjusted = f"{100 * row.adjusted_deviation:+.2f} %" if row.constants else ""
        which = NOT_COMMON.get(row.observable, row.constants)
        numbers = f"{row.eos:.5g} | {row.ours:.5g} | {100 * row.deviation:+.2f} %"
        lines.append(f"| {row.observable} | {row.point} | {numbers} | {adjusted} | {which} |")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Print the table."""
    text = table(compare())
    print(text)
    if "--write" in words:
        write_section("EOS", text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
