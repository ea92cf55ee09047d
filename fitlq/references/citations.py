"""Lists of citations: works by section, each with what uses it, and what could not be resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fitlq.references.bibtex import Work, format_work

__all__ = ["SECTIONS", "Citation", "Citations", "Uncited"]

SECTIONS = ("measurements", "measurements inside averages", "theory inputs", "formulas", "model", "software")


@dataclass(frozen=True, slots=True)
class Citation:
    """One work to cite.

    Attributes
    ----------
    section : str
        The first of `SECTIONS` in which it is used.
    sections : tuple of str
        All of them.
    used_by : tuple of str
        Ids of measurements, names of inputs, observables, models and packages.
    """

    section: str
    sections: tuple[str, ...]
    work: Work
    used_by: tuple[str, ...]

    @property
    def key(self) -> str:
        """BibTeX key."""
        return self.work.key

    @property
    def bibtex(self) -> str:
        """The BibTeX entry."""
        return format_work(self.work)


@dataclass(frozen=True, slots=True)
class Uncited:
    """What has no work that could be cited: in which section, what, and all that is known of its source."""

    section: str
    used_by: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Citations:
    """All works to cite, in the order of `SECTIONS` and then of their keys."""

    citations: tuple[Citation, ...]
    uncited: tuple[Uncited, ...]

    def __iter__(self) -> Iterator[Citation]:
        return iter(self.citations)

    def __len__(self) -> int:
        return len(self.citations)

    @property
    def keys(self) -> tuple[str, ...]:
        """BibTeX keys."""
        return tuple(citation.key for citation in self.citations)


@dataclass(slots=True)
class Collector:
    """Grows while uses are added; a work used in several places is one citation."""

    _works: dict[str, Work] = field(default_factory=dict)
    _uses: dict[str, dict[str, dict[str, None]]] = field(default_factory=dict)
    _uncited: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    _made: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)

    def cite(self, section: str, used_by: str, works: Iterable[Work]) -> None:
        """Note that `used_by` uses the works."""
        for work in works:
            key = self._key(work)
            self._works.setdefault(key, work)
            self._uses.setdefault(key, {}).setdefault(section, {})[used_by] = None

    def leave_uncited(self, section: str, used_by: str, text: str) -> None:
        """Note that `used_by` has no work."""
        self._uncited.setdefault((section, text), {})[used_by] = None

    def _key(self, work: Work) -> str:
        """The key; for an entry made on the fly that of an equal one made before."""
        return work.key if work.file else self._made.setdefault(tuple(work.fields.items()), work.key)

    def finished(self) -> Citations:
        """The list."""
        citations = []
        for key, by_section in self._uses.items():
            sections = tuple(sorted(by_section, key=SECTIONS.index))
            used_by = tuple(dict.fromkeys(name for section in sections for name in by_section[section]))
            citations.append(Citation(sections[0], sections, self._works[key], used_by))
        citations.sort(key=lambda one: (SECTIONS.index(one.section), one.key.casefold(), one.key))
        uncited = [Uncited(section, tuple(names), text) for (section, text), names in self._uncited.items()]
        uncited.sort(key=lambda one: SECTIONS.index(one.section))
        return Citations(tuple(citations), tuple(uncited))
