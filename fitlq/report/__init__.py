"""The HTML page of a result: one file, readable without a network, everything in it escaped."""

from __future__ import annotations

from fitlq.report.page import report_page

__all__ = ["report_page"]
