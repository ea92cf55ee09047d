"""The command ``fitlq``: one module per group of verbs; the entry point is `fitlq.cli.main.main`."""

from __future__ import annotations

__all__: list[str] = []
