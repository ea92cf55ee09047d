"""Identifiers of works: written in one way, and found in free text."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Identifiers", "identifiers_in", "is_arxiv", "is_doi", "normal_arxiv", "normal_doi"]

_ARCHIVES = (
    r"(?:acc-phys|astro-ph|atom-ph|cond-mat|cs|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|nlin|nucl-ex|nucl-th|"
    r"physics|quant-ph)(?:\.[A-Z]{2})?"
)
_OLD = re.compile(rf"(?<![\w.-])({_ARCHIVES}/[0-9]{{7}})(?:v[0-9]+)?(?![0-9])")
# a number alone may be anything, so a new number counts after "arXiv:" or in an address, and in a list that starts so
_NUMBER = r"[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?(?![0-9])"
_NEW = re.compile(rf"(?:arxiv\s*:\s*|arxiv\.org/(?:abs|pdf)/)({_NUMBER}(?:\s*(?:,|;|and|\+)\s*{_NUMBER})*)", re.IGNORECASE)
_KEY = re.compile(r"(?<![\w:/.-])((?:de|van|von|del|Del)?[A-Z][\w'.-]*:(?:19|20)[0-9]{2}[a-z]{2,4})(?![\w-])")
_DOI = re.compile(r"(?<![\w./])(10\.[0-9]{4,9}/[^\s,;\"<>{}]+)")


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Identifiers found in a text, each kind in the order of the text without repetitions."""

    arxiv: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    dois: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.arxiv or self.keys or self.dois)


def is_arxiv(number: str) -> bool:
    """Whether this is an arXiv number without prefix and version."""
    return re.fullmatch(rf"[0-9]{{4}}\.[0-9]{{4,5}}|{_ARCHIVES}/[0-9]{{7}}", number) is not None


def is_doi(doi: str) -> bool:
    """Whether this is one DOI, without the address of the resolver."""
    return re.fullmatch(r"10\.[0-9]{4,9}/[^\s,]+", doi) is not None


def normal_arxiv(number: str) -> str:
    """An arXiv number without prefix and version: ``2504.11220``, ``hep-ph/0603079``."""
    bare = re.sub(r"^(?:arxiv\s*:\s*|https?://arxiv\.org/abs/)", "", number.strip(), flags=re.IGNORECASE)
    return re.sub(r"v[0-9]+$", "", bare)


def normal_doi(doi: str) -> str:
    """A DOI in small letters without the address of the resolver; DOIs do not depend on case."""
    return re.sub(r"^(?:doi\s*:\s*|https?://(?:dx\.)?doi\.org/)", "", doi.strip(), flags=re.IGNORECASE).lower()


def identifiers_in(text: str) -> Identifiers:
    """arXiv numbers, INSPIRE keys and DOIs in free text.

    New arXiv numbers count when ``arXiv:`` or an address of arXiv stands before them, also as ``arXiv:1503.07237, 1505.03925``;
    old ones (``hep-ph/0603079``) and INSPIRE keys (``LHCb:2023zxo``) as they are.
    """
    numbers = [(m.start(), normal_arxiv(m[1])) for m in _OLD.finditer(text)]
    for listed in _NEW.finditer(text):
        numbers += [(listed.start(1) + m.start(), normal_arxiv(m[0])) for m in re.finditer(_NUMBER, listed[1])]
    keys = [m[1] for m in _KEY.finditer(text) if not m[1].lower().startswith("arxiv:")]
    dois = [_without_closing_marks(m[1]) for m in _DOI.finditer(text)]
    return Identifiers(
        tuple(dict.fromkeys(number for _, number in sorted(numbers))),
        tuple(dict.fromkeys(keys)),
        tuple(dict.fromkeys(map(normal_doi, dois))),
    )


def _without_closing_marks(doi: str) -> str:
    doi = doi.rstrip(".:")
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1].rstrip(".:")
    return doi
