"""Reasons why numbers are left out, put together for a summary: the same kind of reason whatever entry it names."""

from __future__ import annotations

import re

__all__ = ["reason_group"]

_GROUPS = (
    (r"replaced by ", "replaced by a newer result"),
    (r"inside the ", "inside an average that is used"),
    (r"the same data are used in another form", "another form of the same data is used"),
    (r"dated .* after ", "newer than the day asked for"),
    (r"a projection of a future measurement", "projections of future measurements (--include projected)"),
    (r"unverified: ", "unverified: nobody has compared the number with its source (--include unverified)"),
    (r"used only when asked for: ", "used only when asked for (--include ENTRY)"),
    (r"a theory number", "theory numbers, not measurements"),
    (r"replaces an input of the ", "newer than an average that does not know it yet (--policy individual)"),
    (r"an? \w+ of measurements used one by one", "averages of measurements that are used one by one"),
    (r"contains .* of which a certain form was asked for", "contains a form of data that was asked for"),
    (r"shares inputs with the newer ", "an older average that shares inputs with the one used"),
    (r"replaces the .* whose inputs are used one by one", "replaces an average whose inputs are used one by one"),
    (r".*: a step under conditions", "bounds on masses or couplings: steps under conditions, no likelihood term"),
    (r"external likelihood ", "likelihoods kept elsewhere, which nothing reads yet"),
)


def reason_group(reason: str) -> str:
    """The kind of a reason; a reason of no known kind stands for itself."""
    for pattern, group in _GROUPS:
        if re.match(pattern, reason):
            return group
    return reason
