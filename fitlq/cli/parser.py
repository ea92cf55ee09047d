"""argparse with messages of one line that name the nearest option, and help that ends with an example."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from fitlq.errors import InputError
from fitlq_theory.naming import nearest_names

__all__ = ["Parser", "one_of", "verb_parser"]


class Parser(argparse.ArgumentParser):
    """Raises `InputError` instead of printing usage and leaving."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)
        self.color = False  # Python 3.14 colours help by itself; it is the same text everywhere this way

    def error(self, message: str) -> NoReturn:
        """Raise `InputError`; argparse calls this for everything it does not understand."""
        msg = f"{message} (see {self.prog} --help)"
        raise InputError(msg)

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Like ``parse_args``, with options and positional words in any order."""
        self._refuse_unknown_options(argv)
        arguments, rest = self.parse_known_intermixed_args(list(argv))
        if rest:
            msg = f"unexpected argument {rest[0]!r}"
            self.error(msg)
        return arguments

    def _refuse_unknown_options(self, argv: Sequence[str]) -> None:
        known = self._option_string_actions
        for word in argv:
            if word == "--":
                return
            option = word.split("=", 1)[0]
            if option.startswith("--") and option not in known:
                near = [name for name in known if name.startswith(option)] or nearest_names(option, known)
                hint = f"; did you mean {' or '.join(near)}?" if near else ""
                msg = f"unknown option {option}{hint}"
                self.error(msg)


class _OneOf:
    def __init__(self, allowed: Sequence[str], later: Sequence[str]) -> None:
        self.allowed, self.later = tuple(allowed), tuple(later)

    def __call__(self, text: str) -> str:
        """`text` itself if it is allowed."""
        if text in self.allowed:
            return text
        known = ", ".join(self.allowed)
        if text in self.later:
            msg = f"{text!r} is not available yet; choose one of {known}"
            raise argparse.ArgumentTypeError(msg)
        near = nearest_names(text, self.allowed, count=1)
        msg = f"unknown value {text!r}; " + (f"did you mean {near[0]!r}? " if near else "") + f"allowed: {known}"
        raise argparse.ArgumentTypeError(msg)


def one_of(allowed: Sequence[str], later: Sequence[str] = ()) -> _OneOf:
    """An argparse type: one of `allowed`; words in `later` are named as planned but not available."""
    return _OneOf(allowed, later)


def verb_parser(verb: str, summary: str, example: str, *, json_output: bool = True) -> Parser:
    """Parser of one verb; `example` is shown at the end of its help."""
    parser = Parser(
        prog=f"fitlq {verb}",
        description=summary,
        epilog="example:\n" + "\n".join(f"  {line}" for line in example.strip().splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if json_output:
        parser.add_argument("--json", action="store_true", help="print one JSON document on standard output, nothing else there")
    return parser
