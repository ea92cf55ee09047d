"""Results as plain data for JSON, which knows no NaN, no infinity and no tuples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["as_plain"]


def as_plain(value: Any) -> Any:
    """Copy nested mappings and sequences; numbers that are not finite become None, tuples lists."""
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
