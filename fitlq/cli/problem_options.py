"""The options that state a problem (model, data, theory errors), shared by the verbs, and the `Analysis` they make."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitlq.cli.parser import Parser, one_of
from fitlq.errors import InputError

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = [
    "INPUTS_HELP",
    "PROBLEM_OPTIONS",
    "add_choice_of_inputs",
    "add_data_options",
    "add_input_options",
    "add_model_options",
    "add_problem_options",
    "analysis_from",
    "checked_folders",
    "fixed_values",
    "free_ranges",
    "given_problem_options",
    "input_choices_from",
    "representations_from",
]

INPUTS_HELP = "named set of theory inputs, or a file FILE.yaml of your own laid over one (default: default)"

# destinations of the options that change the problem (not how long it runs or where it is written)
PROBLEM_OPTIONS = {
    "set": "--set",
    "free": "--free",
    "observables": "--observables",
    "exclude": "--exclude",
    "as_of": "--as-of",
    "policy": "--policy",
    "data": "--data",
    "include": "--include",
    "form": "--form",
    "theory_errors": "--theory-errors",
    "model_file": "--model-file",
    "inputs": "--inputs",
    "form_factors": "--form-factors",
    "limit_shape": "--limit-shape",
    "min_effect": "--min-effect",
}


def add_model_options(parser: Parser) -> None:
    """--set, --free, --model-file."""
    parser.add_argument("--set", action="append", default=[], metavar="PAR=VALUE", help="fix a parameter; repeatable")
    parser.add_argument(
        "--free",
        action="append",
        default=[],
        metavar="PAR[=LO,HI]",
        help="vary a parameter, optionally in another range; repeatable",
    )
    parser.add_argument("--model-file", metavar="FILE.py", help="a model of your own: a Python file with a class that is a model")


def add_data_options(parser: Parser) -> None:
    """--as-of, --policy, --data, --include, --form."""
    parser.add_argument(
        "--as-of", metavar="DATE", help="data as they were on that day: YYYY, YYYY-MM or YYYY-MM-DD (default: today)"
    )
    parser.add_argument(
        "--policy",
        type=one_of(("average", "individual")),
        metavar="average|individual",
        help="use published averages with their correlations, or the single measurements (default: average)",
    )
    parser.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="DIR",
        help="your measurements, laid over the shipped ones; repeatable",
    )
    parser.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="ENTRY",
        help="use entries that are off by default: id, shell pattern, 'unverified' or 'projected'; repeatable",
    )
    parser.add_argument(
        "--form",
        action="append",
        default=[],
        metavar="GROUP=NAME",
        help="use another form of a data set than the default one (fitlq show ENTRY names them); repeatable",
    )


def add_input_options(parser: Parser) -> None:
    """--theory-errors, --inputs, --form-factors, --limit-shape."""
    parser.add_argument(
        "--theory-errors",
        type=one_of(("marginal", "sm", "none"), later=("free",)),
        metavar="marginal|sm|none",
        help="theory covariance at the new-physics point, frozen at the Standard Model, or none (default: marginal)",
    )
    add_choice_of_inputs(parser)
    parser.add_argument(
        "--limit-shape",
        type=one_of(("half-normal", "one-sided-gaussian")),
        metavar="half-normal|one-sided-gaussian",
        help="likelihood of an upper limit published without counts (default: half-normal)",
    )
    parser.add_argument(
        "--min-effect",
        type=float,
        metavar="X",
        help="leave out entries that the model moves by less than X of their error anywhere (default: 0.01; 0: use all)",
    )


def add_problem_options(parser: Parser) -> None:
    """All options that state a problem, and --seed."""
    add_model_options(parser)
    add_selection_options(parser)
    add_data_options(parser)
    add_input_options(parser)
    parser.add_argument("--seed", type=_seed, metavar="N", help="seed of everything random (default: 0)")


def add_choice_of_inputs(parser: Parser, default: str | None = None) -> None:
    """--inputs, --form-factors."""
    parser.add_argument("--inputs", default=default, metavar="NAME", help=INPUTS_HELP)
    parser.add_argument(
        "--form-factors",
        action="append",
        default=[],
        metavar="KEY=OPTION",
        help="choose form factors, e.g. 'b->c=lattice'; repeatable",
    )


def add_selection_options(parser: Parser) -> None:
    """--observables, --exclude."""
    for name, meaning in (("observables", "use only"), ("exclude", "leave out")):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="PATTERN",
            help=f"{meaning} what matches (shell pattern of observable, measurement or process); repeatable",
        )


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        msg = f"must be a whole number from 0 to 4294967295, found {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        msg = f"{where}: expected a number, found {text!r}"
        raise InputError(msg)
    return value


def fixed_values(words: Sequence[str], option: str = "--set") -> dict[str, float]:
    """``PAR=VALUE`` words as a mapping; a repeated parameter is an error."""
    values: dict[str, float] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.strip():
            msg = f"{option} {word}: expected PAR=VALUE, for example yL2=0.5"
            raise InputError(msg.strip())
        if name in values:
            msg = f"{option} {word}: {name} is given twice"
            raise InputError(msg.strip())
        values[name] = _number(text, f"{option} {name}".strip())
    return values


def free_ranges(words: Sequence[str]) -> dict[str, tuple[float, float] | None]:
    """``PAR`` and ``PAR=LO,HI`` words as a mapping to the range, or None for the parameter's own."""
    ranges: dict[str, tuple[float, float] | None] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if name in ranges:
            msg = f"--free {word}: {name} is given twice"
            raise InputError(msg)
        ends = text.split(",")
        if not name or (equals and len(ends) != 2):
            msg = f"--free {word}: expected PAR or PAR=LO,HI, for example yL2=-1,1"
            raise InputError(msg)
        ranges[name] = (_number(ends[0], f"--free {name}"), _number(ends[1], f"--free {name}")) if equals else None
    return ranges


def input_choices_from(words: Sequence[str]) -> dict[str, str]:
    """``KEY=OPTION`` words as a mapping (keys such as ``b->c`` contain no equals sign)."""
    return _pairs(words, "--form-factors", "KEY=OPTION, for example 'b->c=lattice'")


def representations_from(words: Sequence[str]) -> dict[str, str]:
    """``GROUP=NAME`` words as a mapping."""
    return _pairs(words, "--form", "GROUP=NAME, for example belle2-bp2kpnunu-2023=tags")


def _pairs(words: Sequence[str], option: str, expected: str) -> dict[str, str]:
    choices: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key or not value:
            msg = f"{option} {word}: expected {expected}"
            raise InputError(msg)
        if key in choices:
            msg = f"{option} {word}: {key} is given twice"
            raise InputError(msg)
        choices[key] = value
    return choices


def given_problem_options(arguments: argparse.Namespace) -> list[str]:
    """The problem options the user typed, as typed (without values)."""
    return [option for name, option in PROBLEM_OPTIONS.items() if getattr(arguments, name, None)]


def checked_folders(words: Sequence[str]) -> tuple[str, ...]:
    """The folders of --data, if each exists."""
    for word in words:
        if not Path(word).exists():
            msg = f"--data {word}: no such file or folder"
            raise InputError(msg)
    return tuple(words)


def analysis_from(arguments: argparse.Namespace, model: str | None = None) -> Analysis:
    """The `Analysis` stated by MODEL and the options; nothing is compiled yet.

    Raises
    ------
    InputError
        Neither a model name nor --model-file; a malformed PAR=VALUE, range or choice; a data folder that does not exist.
    """
    from fitlq.analysis import Analysis

    name = model if model is not None else arguments.model
    if not name and not arguments.model_file:
        msg = "give a model name or --model-file FILE.py; fitlq models lists the names"
        raise InputError(msg)
    fix, free = fixed_values(arguments.set), free_ranges(arguments.free)
    both = sorted(set(fix) & set(free))
    if both:
        msg = f"{both[0]} is both fixed by --set and freed by --free"
        raise InputError(msg)
    options: dict[str, Any] = {
        "fix": fix,
        "free": free,
        "observables": tuple(arguments.observables),
        "exclude": tuple(arguments.exclude),
        "as_of": arguments.as_of,
        "data": checked_folders(arguments.data),
        "include": tuple(arguments.include),
        "representations": representations_from(arguments.form),
        "input_choices": input_choices_from(arguments.form_factors),
        "seed": arguments.seed or 0,
    }
    chosen = {key: getattr(arguments, key) for key in ("policy", "theory_errors", "inputs", "limit_shape", "min_effect")}
    options |= {key: value for key, value in chosen.items() if value not in (None, "")}
    if name:
        options["model"] = name
    if arguments.model_file:
        options["model_file"] = arguments.model_file
    return Analysis(**options)
