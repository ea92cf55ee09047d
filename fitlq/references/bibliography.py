"""Bibliographies: files `references.bib` laid over each other, and works looked up by key, arXiv number, DOI or name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from fitlq.measurements.diagnostics import Diagnostic
from fitlq.measurements.locations import Folder, Places, layers
from fitlq.references.bibtex import Work, raise_if_wrong, read_bibtex
from fitlq.references.identifiers import is_arxiv, is_doi, normal_arxiv, normal_doi

__all__ = [
    "BIBLIOGRAPHY_FILE",
    "Bibliography",
    "bibliography_file",
    "load_bibliography",
    "read_bibliography",
    "software_bibliography",
    "theory_bibliography",
]

BIBLIOGRAPHY_FILE = "references.bib"


@dataclass(frozen=True, slots=True, eq=False)
class Bibliography:
    """Works by every name they have.

    Attributes
    ----------
    works : tuple of Work
        In the order of the files.
    """

    works: tuple[Work, ...]
    _by_key: Mapping[str, Work]
    _by_arxiv: Mapping[str, Work]
    _by_doi: Mapping[str, Work]

    @classmethod
    def of(cls, works: Iterable[Work]) -> Bibliography:
        """From works; of several with one key, arXiv number or DOI the last prevails."""
        kept = tuple({work.key: work for work in works}.values())
        return cls(
            kept,
            {key: work for work in kept for key in (*work.other_keys, work.key)},
            {normal_arxiv(work.fields["eprint"]): work for work in kept if "eprint" in work.fields},
            {normal_doi(work.fields["doi"]): work for work in kept if "doi" in work.fields},
        )

    def __iter__(self) -> Iterator[Work]:
        return iter(self.works)

    def __len__(self) -> int:
        return len(self.works)

    def by_key(self, key: str) -> Work | None:
        """The work with this key, or with it among its ``ids``."""
        return self._by_key.get(key)

    def by_arxiv(self, number: str) -> Work | None:
        """The work with this arXiv number, with or without ``arXiv:`` and version."""
        return self._by_arxiv.get(normal_arxiv(number))

    def by_doi(self, doi: str) -> Work | None:
        """The work with this DOI, with or without the address of the resolver."""
        return self._by_doi.get(normal_doi(doi))

    def named_in(self, text: str) -> tuple[Work, ...]:
        """The works that a text names by one of the words in their field ``named``, as whole words."""
        return tuple(work for work in self.works if any(_contains(text, name) for name in work.names))


def _contains(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def bibliography_file(folder: Folder) -> tuple[str, Folder] | None:
    """The `references.bib` of a folder of measurements (beside the file, if it is a file), with its name for messages."""
    if folder.is_file():
        beside = Path(str(folder)).with_name(BIBLIOGRAPHY_FILE)
        return (str(beside), beside) if beside.is_file() else None
    for child in folder.iterdir():
        if child.name == BIBLIOGRAPHY_FILE and child.is_file():
            return f"{folder}/{child.name}", child
    return None


def read_works(name: str, file: Any) -> tuple[tuple[Work, ...], tuple[Diagnostic, ...]]:
    """Works of one file and the mistakes of its BibTeX."""
    try:
        return read_bibtex(file.read_text(encoding="utf-8"), name)
    except UnicodeDecodeError:
        return (), (Diagnostic(name, None, None, None, "is not UTF-8 text"),)


def read_bibliography(name: str, file: Any) -> tuple[tuple[Work, ...], tuple[Diagnostic, ...]]:
    """Works of one file and its mistakes: of the BibTeX, and works that stand in it twice or say too little.

    With the latter kind the works can be cited nevertheless.
    """
    works, diagnostics = read_works(name, file)
    return works, (*diagnostics, *_twice(works), *_incomplete(works))


def _twice(works: Iterable[Work]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], Work] = {}
    for work in works:
        names = [("key", key) for key in (work.key, *work.other_keys)]
        names += [("eprint", normal_arxiv(work.fields["eprint"]))] if "eprint" in work.fields else []
        names += [("doi", normal_doi(work.fields["doi"]))] if "doi" in work.fields else []
        for kind, name in names:
            other = first.setdefault((kind, name), work)
            if other is not work:
                message = f"{name} already stands in line {other.line} ({other.key}); make one entry of the two"
                yield Diagnostic(work.file, work.line, work.key, kind, message)


def _incomplete(works: Iterable[Work]) -> Iterator[Diagnostic]:
    for work in works:
        if not {"author", "collaboration"} & work.fields.keys():
            yield Diagnostic(work.file, work.line, work.key, None, "needs author or collaboration")
        year = work.fields.get("year")
        if year is None or not re.fullmatch(r"(?:19|20)[0-9]{2}", year):
            found = "" if year is None else f", found {year!r}"
            yield Diagnostic(work.file, work.line, work.key, "year", f"needs a year of four digits{found}")
        if "eprint" in work.fields and "archiveprefix" not in work.fields:
            yield Diagnostic(work.file, work.line, work.key, "eprint", "needs archivePrefix = {arXiv} beside it")
        if "eprint" in work.fields and not is_arxiv(work.fields["eprint"]):
            message = f"expected an arXiv number such as 2504.11220 or hep-ex/0509008, found {work.fields['eprint']!r}"
            yield Diagnostic(work.file, work.line, work.key, "eprint", message)
        if "doi" in work.fields and not is_doi(work.fields["doi"]):
            message = f"expected one DOI such as 10.1103/PhysRevLett.132.052501, found {work.fields['doi']!r}"
            yield Diagnostic(work.file, work.line, work.key, "doi", message)


def load_bibliography(directories: Places = ()) -> Bibliography:
    """The bibliography of the shipped measurements, with those of the environment and of the user's folders laid over it.

    Parameters
    ----------
    directories : str, Path or sequence of them
        Folders (or files) with measurements; a `references.bib` in them is optional.

    Raises
    ------
    BibliographyError
        Every mistake of BibTeX in the files; what else is wrong with them is found by `check_references`.
    InputError
        A folder does not exist.
    """
    works: list[Work] = []
    diagnostics: list[Diagnostic] = []
    for folder in layers(directories):
        found = bibliography_file(folder)
        if found is not None:
            read, mistakes = read_works(*found)
            works += read
            diagnostics += mistakes
    raise_if_wrong(diagnostics)
    return Bibliography.of(works)


def theory_bibliography() -> Bibliography:
    """The works behind the theory layer: inputs, formulas, models."""
    from fitlq_theory.sources import bibliography_text

    name, text = bibliography_text()
    works, diagnostics = read_bibtex(text, name)
    raise_if_wrong(diagnostics)
    return Bibliography.of(works)


def software_bibliography() -> Bibliography:
    """The works that authors of the software ask to be cited."""
    works, diagnostics = read_bibliography("fitlq/references/software.bib", files("fitlq.references").joinpath("software.bib"))
    raise_if_wrong(diagnostics)
    return Bibliography.of(works)
