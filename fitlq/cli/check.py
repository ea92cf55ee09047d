"""``fitlq check``: validate measurement, model and analysis files; all problems at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.errors import FitlqError, InputError

__all__ = ["parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "check",
        "Validate measurement files (.yaml, or folders of them), files of theory inputs (.yaml), model files (.py) and\n"
        "analysis files (analysis.yml).\n"
        "All problems are reported at once, each with file, line, entry and key. Exit status 2 if there are any.\n"
        "Notes (no reference, an odd date) do not count as problems, unless with --strict.",
        "fitlq check my-measurements/ my_model.py my-fit/analysis.yml my_inputs.yaml",
    )
    verb.add_argument("--strict", action="store_true", help="notes count as problems")
    verb.add_argument("files", nargs="+", metavar="FILE", help="file or folder to check")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Check every file; problems go to standard error."""
    found = [problem for name in arguments.files for problem in _check(name)]
    notes = [] if arguments.strict else [problem for problem in found if problem["note"]]
    problems = [problem for problem in found if problem not in notes]
    data = {"checked": list(arguments.files), "problems": problems, "notes": notes}
    lines = [*(_line(problem) for problem in problems), *(f"note: {_line(note)}" for note in notes)]
    if not problems:
        return Answer(lambda: f"{', '.join(arguments.files)}: no problem found", data, problems="\n".join(lines))
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return Answer(lambda: "", data, status=2, problems="\n".join([*lines, f"fitlq check: {count}"]))


def _check(name: str) -> list[dict[str, Any]]:
    path = Path(name)
    if not path.exists():
        return [_problem(name, "no such file or folder")]
    try:
        if path.suffix == ".py":
            return [_problem(name, message) for message in _model_problems(path)]
        if path.is_file() and path.suffix not in {".yaml", ".yml"}:
            return [_problem(name, "not a kind of file fitlq reads; allowed: .yaml, .yml, .py, or a folder")]
        if path.is_file() and _is_analysis(path):
            return _analysis_problems(path)
        if path.is_file() and _is_input_file(path):
            return _input_problems(path)
        return _measurement_problems(path)
    except InputError as error:
        return [_problem(name, str(error).removeprefix(f"{name}: "))]
    except UnicodeDecodeError:
        return [_problem(name, "is not a text file in UTF-8")]
    except OSError as error:
        return [_problem(name, f"cannot be read: {error.strerror or error}")]


def _problem(
    file: str,
    message: str,
    line: int | None = None,
    entry: str | None = None,
    key: str | None = None,
    note: bool = False,
) -> dict[str, Any]:
    return {"file": file, "line": line, "entry": entry, "key": key, "message": message, "note": note}


def _line(problem: dict[str, Any]) -> str:
    place = f"{problem['file']}:{problem['line']}" if problem["line"] else problem["file"]
    parts = [
        place,
        *([f"entry {problem['entry']}"] if problem["entry"] else []),
        *([problem["key"]] if problem["key"] else []),
    ]
    return f"{', '.join(parts)}: {problem['message']}"


def _measurement_problems(path: Path) -> list[dict[str, Any]]:
    from fitlq.measurements import MeasurementVocabulary, check_paths
    from fitlq.references import check_references
    from fitlq_theory.observables import load_registry

    found = [*check_paths([path], MeasurementVocabulary(load_registry())), *check_references([path])]
    return [_problem(d.file, d.message, d.line, d.entry, d.key, d.note) for d in found]


def _model_problems(path: Path) -> Sequence[str]:
    from fitlq_theory.models import load_model_file

    try:
        load_model_file(path)
    except InputError as error:
        first, *rest = str(error).splitlines()
        return [line.strip() for line in rest] or [first.removeprefix(f"{path}: ").removeprefix(f"{path}, ")]
    return []


def _is_analysis(path: Path) -> bool:
    from fitlq_theory.strict_yaml import load_yaml

    try:
        data = load_yaml(path.read_text(encoding="utf-8"), str(path))
    except InputError:  # the reader of measurements reports it with its line
        return False
    if not isinstance(data, dict):
        return False
    return str(data.get("schema", "")).startswith("fitlq-analysis") or bool({"model", "model_file"} & set(data))


def _is_input_file(path: Path) -> bool:
    from fitlq_theory.inputs import input_file_kind
    from fitlq_theory.strict_yaml import load_yaml

    try:
        data = load_yaml(path.read_text(encoding="utf-8"), str(path))
    except InputError:  # the reader of measurements reports it with its line
        return False
    return isinstance(data, dict) and "schema" not in data and input_file_kind(data) is not None


def _input_problems(path: Path) -> list[dict[str, Any]]:
    """Problems of a file of theory inputs; one outside of the package replaces parameters and cannot add any."""
    import fitlq_theory.inputs
    from fitlq_theory.inputs import check_input_file, known_parameters

    shipped = Path(fitlq_theory.inputs.__file__).parent in path.resolve().parents
    found = check_input_file(path, known_parameters(), may_add=shipped)
    return [_problem(str(path), p.message, p.line, p.entry, p.key, p.note) for p in found]


def _analysis_problems(path: Path) -> list[dict[str, Any]]:
    from fitlq.analysis import Analysis

    try:
        Analysis.from_yaml(path).build()
    except FitlqError as error:
        return [_problem(str(path), line.removeprefix(f"{path}: ")) for line in str(error).splitlines()]
    return []
