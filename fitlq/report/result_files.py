"""The files of a result folder that are made to be looked at: pictures and the report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitlq.analysis import Analysis
    from fitlq.fitting import Fit
    from fitlq.sampling import Chain

__all__ = ["tex_labels", "write_pictures_and_report"]


def tex_labels(parameters: Iterable[Any]) -> dict[str, str]:
    """TeX with unit by parameter name, for axis labels."""
    return {p.name: p.tex + (rf"\,[\mathrm{{{p.unit}}}]" if p.unit else "") for p in parameters if p.tex}


def write_pictures_and_report(folder: Path, analysis: Analysis, fit: Fit, chain: Chain | None = None) -> None:
    """Write ``pulls.png``, ``corner.png`` (with a chain) and ``report.html``, each replaced in one step."""
    from fitlq.files import write_bytes_atomically, write_text_atomically
    from fitlq.plots import corner, pulls
    from fitlq.plots.figures import png_bytes
    from fitlq.report.page import report_page

    pictures = {"pulls": png_bytes(pulls(fit))}
    if chain is not None:
        labels = tex_labels(fit.likelihood.parameter_info)
        pictures["corner"] = png_bytes(corner(chain, best_fit=fit.values, labels=labels))
    for name, picture in pictures.items():
        write_bytes_atomically(folder / f"{name}.png", picture)
    page = report_page(analysis, fit, chain=chain, pictures=pictures, entries=fit.likelihood.data.entries.values())
    write_text_atomically(folder / "report.html", page)
