"""Why a number is left out: words for whoever asks about it, and a kind that puts many of them together in a summary."""

from __future__ import annotations

from enum import Enum
from typing import Any

__all__ = ["Reason", "ReasonKind", "reason_group"]


class ReasonKind(Enum):
    """Kinds of reasons, each with the words that stand for all reasons of the kind."""

    REPLACED = "replaced by a newer result"
    INSIDE = "inside an average that is used"
    OTHER_FORM = "another form of the same data is used"
    TOO_NEW = "newer than the day asked for"
    PROJECTED = "projections of future measurements (--include projected)"
    UNVERIFIED = "unverified: nobody has compared the number with its source (--include unverified)"
    OFF_BY_DEFAULT = "used only when asked for (--include ENTRY)"
    THEORY = "theory numbers, not measurements"
    NEWER_THAN_AVERAGE = "newer than an average that does not know it yet (--policy individual)"
    ONE_BY_ONE = "averages of measurements that are used one by one"
    CONTAINS_FORM = "contains a form of data that was asked for"
    OLDER_AVERAGE = "an older average that shares inputs with the one used"
    REPLACES_AVERAGE = "replaces an average whose inputs are used one by one"
    STEP = "bounds on masses or couplings: steps under conditions, no likelihood term"
    EXTERNAL = "likelihoods that cannot be read: the file is not in the database, or pyhf is missing"


class Reason(str):
    """The words of a reason, which know their kind.

    A text like any other to whoever prints, compares or stores it.

    Attributes
    ----------
    kind : ReasonKind
    """

    __slots__ = ("kind",)
    kind: ReasonKind

    def __new__(cls, kind: ReasonKind, words: str) -> Reason:
        """`words` say it of the number at hand."""
        made = super().__new__(cls, words)
        made.kind = kind
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Reason, (self.kind, str(self))


def reason_group(reason: str) -> str:
    """The words of the kind of a reason; one without a kind (a choice of the user) stands for itself."""
    return reason.kind.value if isinstance(reason, Reason) else reason
