"""Links to the papers behind a measurement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fitlq.report.markup import Html, link, text

__all__ = ["source_links"]

_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "also_arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "inspire": "https://inspirehep.net/literature?q=texkey%20{}",
    "inspire_recid": "https://inspirehep.net/literature/{}",
    "hepdata": "https://doi.org/{}",
}
_LABELS = {
    "arxiv": "arXiv:{}",
    "also_arxiv": "arXiv:{}",
    "doi": "doi:{}",
    "inspire_recid": "INSPIRE {}",
    "hepdata": "HEPData {}",
}


def source_links(references: Mapping[str, Any]) -> Html:
    """The references of an entry as links where an address can be made, as text otherwise."""
    parts: list[Html] = []
    for key, value in references.items():
        for single in _each(value):
            if key == "url":
                parts.append(link(_with_scheme(str(single)), str(single)))
            elif key in _ADDRESSES:
                parts.append(link(_ADDRESSES[key].format(single), _LABELS.get(key, "{}").format(single)))
            elif key not in {"flavio", "eos"}:
                parts.append(text(f"{key}: {single}"))
    return Html(", ".join(parts))


def _with_scheme(address: str) -> str:
    return address if ":" in address.split("/")[0] else f"https://{address}"


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)
