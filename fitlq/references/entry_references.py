"""The works behind a measurement: those its `refs` name, or an entry made from what `refs` tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fitlq.measurements.entry import Entry
from fitlq.references.bibliography import Bibliography
from fitlq.references.bibtex import Work
from fitlq.references.identifiers import normal_arxiv

__all__ = ["NamedWork", "named_works", "works_of_entry"]

NamedWork = tuple[str, str, Work | None]
"""Key in `refs`, what stands there, and the work of the bibliography it means, if any."""


def named_works(refs: Mapping[str, Any], bibliography: Bibliography) -> Iterator[NamedWork]:
    """What `refs` name by INSPIRE key or arXiv number, each with its work or None."""
    if "inspire" in refs:
        yield "inspire", refs["inspire"], bibliography.by_key(refs["inspire"])
    if "arxiv" in refs:
        yield "arxiv", refs["arxiv"], bibliography.by_arxiv(refs["arxiv"])
    for number in refs.get("also_arxiv", ()):
        yield "also_arxiv", number, bibliography.by_arxiv(number)


def works_of_entry(entry: Entry, bibliography: Bibliography) -> tuple[Work, ...]:
    """Everything to cite for an entry; empty if its `refs` name nothing that can be cited.

    An identifier that is not in the bibliography gives an entry made of `refs`: ``@misc`` with authors, year, arXiv number, DOI,
    journal, report or address, and no title.
    """
    found: dict[str, Work] = {}
    named = list(named_works(entry.refs, bibliography))
    own = next((work for kind, _, work in named if work is not None and kind != "also_arxiv"), None)
    if own is None and "doi" in entry.refs:
        own = bibliography.by_doi(entry.refs["doi"])
    if own is None:
        own = _made_of_refs(entry)
    works = [own, *(work for _, _, work in named)]
    works += [_made_of_number(entry, value) for kind, value, work in named if kind == "also_arxiv" and work is None]
    for work in works:
        if work is not None:
            found.setdefault(work.key, work)
    return tuple(found.values())


def _made_of_refs(entry: Entry) -> Work | None:
    refs = entry.refs
    fields: dict[str, str] = {}
    if "arxiv" in refs:
        fields |= {"eprint": normal_arxiv(refs["arxiv"]), "archiveprefix": "arXiv"}
    if "doi" in refs:
        fields["doi"] = refs["doi"]
    notes = [refs[name] for name in ("journal", "report") if name in refs]
    if "inspire_recid" in refs:
        notes.append(f"INSPIRE record {refs['inspire_recid']}")
    if notes:
        fields["note"] = ", ".join(notes)
    if "url" in refs:
        fields["howpublished"] = rf"\url{{{refs['url']}}}"
    if not fields and "inspire" not in refs:
        return None
    key = refs.get("inspire") or (f"arXiv:{fields['eprint']}" if "eprint" in fields else entry.id)
    return Work("misc", key, {**_authors_and_year(entry), **fields})


def _made_of_number(entry: Entry, number: str) -> Work:
    bare = normal_arxiv(number)
    fields = {**_authors_and_year(entry), "eprint": bare, "archiveprefix": "arXiv"}
    return Work("misc", f"arXiv:{bare}", fields)


def _authors_and_year(entry: Entry) -> dict[str, str]:
    return {"author": " and ".join(f"{{{name}}}" for name in entry.experiment), "year": str(entry.date.year)}
