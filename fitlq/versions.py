"""Versions of what influences numbers, stored with every result."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

__all__ = ["software_versions"]

_PACKAGES = ("numpy", "scipy", "iminuit", "emcee", "rgevolve-core")


def software_versions() -> dict[str, str]:
    """fitlq, Python and the packages that compute."""
    from fitlq import __version__

    found = {"fitlq": __version__, "python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
