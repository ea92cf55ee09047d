"""Measured values written as text, the way papers print them: ``0.262 +0.041 -0.039 ± 0.02``, ``< 1.2e-8 @ 90% CL``.

Numbers are taken as decimals, so that ``3 ± 1 e-8`` is 3e-08 to the last digit.
"""

from __future__ import annotations

import re
from decimal import Decimal

from fitlq.importing.pieces import Limit, NotExpressible, Number, Piece

__all__ = ["parse_value"]

_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_POWER = r"(?:\s*[*x×]?\s*(?:1?[eE]|10\s*(?:\^|\*\*))\s*\(?\s*(?P<power>[-+]?\d+)\s*\)?)?"
_ERROR = re.compile(
    rf"\s*(?:±\s*(?P<both>{_NUMBER})"
    rf"|\+\s*(?P<up>{_NUMBER})\s*-\s*(?P<down>{_NUMBER})"
    rf"|-\s*(?P<down_first>{_NUMBER})\s*\+\s*(?P<up_second>{_NUMBER})"
    rf"|\(\s*(?P<digits>{_NUMBER})\s*\))"
)
_LIMIT = re.compile(rf"^<\s*(?P<upper>[-+]?{_NUMBER}(?:[eE][-+]?\d+)?)\s*@\s*(?P<cl>{_NUMBER})\s*%\s*C[.\s]*L[.\s]*$")
_CENTRAL = re.compile(rf"^(?P<open>\()?\s*(?P<central>[-+]?{_NUMBER})")
_END = re.compile(rf"^\s*(?P<close>\))?{_POWER}\s*$")
_RANGE = re.compile(r"^\[.*,.*\]")
_TIMES = re.compile(r"\*/|/\*")


def parse_value(text: str) -> Piece:
    """A value written as text.

    Raises
    ------
    NotExpressible
        The text is a bare number, a range or a log-normal error, or cannot be read.
    """
    plain = text.strip().replace("−", "-").replace("\\pm", "±").replace("+/-", "±").replace("+-", "±")
    limit = _LIMIT.match(plain)
    if limit:
        return Limit(float(limit["upper"]), float(Decimal(limit["cl"]) / 100))
    if _RANGE.match(plain):
        msg = f"{text!r} is a range in which all values are equally likely"
        raise NotExpressible(msg)
    if _TIMES.search(plain):
        msg = f"{text!r} has a factor as its error (log-normal)"
        raise NotExpressible(msg)
    return _number(text, plain)


def _number(text: str, plain: str) -> Number:
    start = _CENTRAL.match(plain)
    if not start:
        raise NotExpressible(_unreadable(text))
    decimals = len(start["central"].partition(".")[2])
    position, errors = start.end(), []
    while match := _ERROR.match(plain, position):
        errors.append(_error(match, decimals))
        position = match.end()
    end = _END.match(plain[position:])
    if not end or bool(start["open"]) != bool(end["close"]):
        raise NotExpressible(_unreadable(text))
    if not errors:
        msg = f"{text!r} has no error: it would have infinite weight"
        raise NotExpressible(msg)
    factor = Decimal(1).scaleb(int(end["power"] or 0))
    return Number(
        float(Decimal(start["central"]) * factor), tuple((float(up * factor), float(down * factor)) for up, down in errors)
    )


def _error(match: re.Match[str], decimals: int) -> tuple[Decimal, Decimal]:
    if match["both"]:
        return Decimal(match["both"]), Decimal(match["both"])
    if match["digits"]:
        # 1.23(4) counts in the last digits of the value; 1.23(0.04) is written in full
        error = Decimal(match["digits"]) if "." in match["digits"] else Decimal(match["digits"]).scaleb(-decimals)
        return error, error
    return Decimal(match["up"] or match["up_second"]), Decimal(match["down"] or match["down_first"])


def _unreadable(text: str) -> str:
    return f"{text!r} cannot be read (forms: 1.2 ± 0.3 ± 0.1 e-4, 1.2 +0.3 -0.2, 1.2(3) e-4, < 1e-4 @ 90% CL)"
