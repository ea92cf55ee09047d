"""The entry point: find the verb, run it, print its answer, turn errors into one line and an exit status.

Exit status 0: done; 1: something went wrong inside; 2: wrong input; 130: interrupted from the keyboard.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from fitlq import __version__
from fitlq.cli.answer import Answer, Interrupted, json_text
from fitlq.errors import InputError
from fitlq_theory.naming import unknown_name_message

__all__ = ["VERBS", "main"]

# verb -> (module, one-line summary); modules are imported only when their verb runs
VERBS: dict[str, tuple[str, str]] = {
    "quickstart": ("quickstart", "fit and sample the S1 model on all current measurements: a first result"),
    "models": ("models", "list the models"),
    "observables": ("observables", "list the observables with their Standard Model predictions"),
    "measurements": ("measurements", "what a fit would use, and what it leaves out and why"),
    "show": ("show", "everything known about one model, observable, measurement or parameter"),
    "check": ("check", "validate measurement, model and analysis files"),
    "import": ("importing", "measurement files from flavio's format, HEPData tables and pyhf workspaces"),
    "diff": ("diff", "what changed in the data between two dates"),
    "predict": ("predict", "predictions with theory errors next to the data"),
    "fit": ("fit", "best fit, errors, goodness of fit, pulls"),
    "sample": ("sample", "sample the posterior; resumes what is there"),
    "corner": ("corner", "corner plot of one or several posteriors"),
    "refit": ("refit", "the same analysis on other data: what moved, and which measurement moved it"),
    "cite": ("cite", "BibTeX of everything that entered a result or a data set"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    verb = words[0] if words else ""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the sign for chi shows a question mark
    try:
        return _main(words)
    except BrokenPipeError:
        # the reader (head, less) has gone; keep the interpreter from complaining when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as interrupt:
        saved = str(interrupt) if isinstance(interrupt, Interrupted) else "nothing was written"
        _say(f"interrupted: {saved}")
        return 130
    except InputError as error:
        _say(_message(verb, error))
        _debug()
        return 2
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line for the user, status 1
        _say(_message(verb, error, inside=True))
        if not _debug():
            _say("set FITLQ_DEBUG=1 to see where it happened")
        return 1


def _main(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0
    if words[0] in {"-V", "--version"}:
        print(f"fitlq {__version__}")
        return 0
    if words[0] not in VERBS:
        kind = "option" if words[0].startswith("-") else "verb"
        raise InputError(unknown_name_message(kind, words[0], VERBS) + " (see fitlq --help)")
    module: Any = import_module(f"fitlq.cli.{VERBS[words[0]][0]}")
    arguments = module.parser().parse(words[1:])
    with warnings.catch_warnings(), contextlib.redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.showwarning = _show_warning
        answer: Answer = module.run(arguments)
    if getattr(arguments, "json", False):
        print(json_text(answer.data))
    elif text := answer.text():
        print(text)
    sys.stdout.flush()
    if answer.problems:
        _say(answer.problems)
    return answer.status


def _overview() -> str:
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {verb.ljust(width)}  {summary}" for verb, (_, summary) in VERBS.items())
    return (
        "usage: fitlq VERB [options]\n\n"
        "Global likelihoods for leptoquark and flavour new physics.\n\n"
        f"verbs:\n{verbs}\n\n"
        "fitlq VERB --help explains a verb and gives an example; fitlq --version prints the version.\n\n"
        "example:\n"
        "  fitlq fit s1_lmu_ltau --observables 'R(D*)' --observables 'R(D)' -o my-fit"
    )


def _message(verb: str, error: BaseException, *, inside: bool = False) -> str:
    where = f"fitlq {verb}" if verb in VERBS else "fitlq"
    if inside:
        return f"{where}: internal error: {type(error).__name__}: {error}"
    return f"{where}: {error}"


def _show_warning(message: Warning | str, *_details: Any, **_more: Any) -> None:
    """One line instead of a source line of a library."""
    _say(f"warning: {message}")


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(text, file=sys.stderr, flush=True)


def _debug() -> bool:
    wanted = os.environ.get("FITLQ_DEBUG", "") not in {"", "0"}
    if wanted:
        traceback.print_exc()
    return wanted
