"""What the shipped data cover, by process and year, as a page of the documentation.

``python -m fitlq.measurements.coverage > docs/coverage.md`` writes the page anew. It depends on the shipped files only, not on
the day or on folders of the user's.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fitlq.measurements.entry import Entry
from fitlq.measurements.family import age
from fitlq.measurements.locations import measurements_root
from fitlq.measurements.processes import titles_of
from fitlq.measurements.reading import combine_layers, read_layer
from fitlq.measurements.vocabulary import MeasurementVocabulary
from fitlq.measurements.vocabulary_files import terms_of_documents, vocabulary_documents

__all__ = ["ProcessCoverage", "coverage", "coverage_page"]

_SINGLE_YEARS = 7  # the newest years have a column each, those before come in blocks of five
_BLOCK = 5
_LEVELS = ("primary", "secondary", "unverified")


@dataclass(frozen=True, slots=True)
class ProcessCoverage:
    """How much there is of one process.

    Attributes
    ----------
    process, title : str
    n_entries, n_numbers, n_predicted : int
        Entries, numbers in them, and numbers with a prediction.
    levels : mapping
        ``primary``, ``secondary``, ``unverified`` -> entries of that provenance.
    numbers_by_year : mapping
        Year of the entry -> numbers.
    newest : Entry
    """

    process: str
    title: str
    n_entries: int
    n_numbers: int
    n_predicted: int
    levels: Mapping[str, int]
    numbers_by_year: Mapping[int, int]
    newest: Entry


def coverage(
    entries: Iterable[Entry], titles: Mapping[str, str], vocabulary: MeasurementVocabulary
) -> tuple[ProcessCoverage, ...]:
    """One row per process, by name."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.process].append(entry)
    return tuple(_row(process, titles.get(process, ""), members, vocabulary) for process, members in sorted(groups.items()))


def _row(process: str, title: str, members: Sequence[Entry], vocabulary: MeasurementVocabulary) -> ProcessCoverage:
    names = [reference.name for entry in members for reference in entry.observables]
    by_year: Counter[int] = Counter()
    for entry in members:
        by_year[entry.date.year] += len(entry.observables)
    levels = Counter(entry.provenance.level for entry in members)
    return ProcessCoverage(
        process=process,
        title=title,
        n_entries=len(members),
        n_numbers=len(names),
        n_predicted=sum(vocabulary.predicted(name) for name in names),
        levels={level: levels[level] for level in _LEVELS},
        numbers_by_year=dict(sorted(by_year.items())),
        newest=max(members, key=age),
    )


def coverage_page() -> str:
    """The page of the documentation, for the shipped data."""
    from fitlq_theory.observables import load_registry

    vocabulary = MeasurementVocabulary(load_registry(), terms_of_documents(vocabulary_documents([measurements_root()])))
    entries, _ = combine_layers([read_layer(measurements_root())], vocabulary)
    rows = coverage(entries.values(), titles_of([measurements_root()]), vocabulary)
    return "\n".join([*_head(rows), *_table_of_processes(rows), *_table_of_years(rows)]) + "\n"


def _head(rows: Sequence[ProcessCoverage]) -> list[str]:
    entries, numbers = sum(row.n_entries for row in rows), sum(row.n_numbers for row in rows)
    predicted = sum(row.n_predicted for row in rows)
    return [
        "# What the measurements cover",
        "",
        "Made from the data by `python -m fitlq.measurements.coverage > docs/coverage.md`; a test compares the two.",
        "",
        f"{entries} entries with {numbers} numbers of {len(rows)} processes; {predicted} numbers have a prediction and can",
        "enter a fit. All entries are counted, those that newer ones replace and unverified ones too; `fitlq measurements` tells",
        "what is in use. Where a number was checked: in the paper or on the page of the experiment, HFLAV or PDG (primary), in",
        "another code or a compilation (secondary), nowhere (unverified: not used unless asked for).",
        "",
    ]


def _table_of_processes(rows: Sequence[ProcessCoverage]) -> list[str]:
    headers = ("process", "", "entries", "numbers", "predicted", *_LEVELS, "years", "newest entry")
    cells = [
        (
            f"`{row.process}`",
            row.title,
            row.n_entries,
            row.n_numbers,
            row.n_predicted,
            *(row.levels[level] or "" for level in _LEVELS),
            _years(row),
            f"`{row.newest.id}` ({row.newest.date_text})",
        )
        for row in rows
    ]
    total = [sum(row.n_entries for row in rows), sum(row.n_numbers for row in rows), sum(row.n_predicted for row in rows)]
    levels = [sum(row.levels[level] for row in rows) or "" for level in _LEVELS]
    return ["## By process", "", *_markdown(headers, [*cells, ("all", "", *total, *levels, "", "")], 2, 8), ""]


def _years(row: ProcessCoverage) -> str:
    first, last = min(row.numbers_by_year), max(row.numbers_by_year)
    return str(first) if first == last else f"{first}-{last}"


def _table_of_years(rows: Sequence[ProcessCoverage]) -> list[str]:
    years = [year for row in rows for year in row.numbers_by_year]
    blocks = _blocks(min(years), max(years))
    headers = ["process", *(f"{first}" if first == last else f"{first}-{last}" for first, last in blocks)]
    cells: list[tuple[object, ...]] = []
    for row in rows:
        counts = [sum(n for year, n in row.numbers_by_year.items() if first <= year <= last) for first, last in blocks]
        cells.append((f"`{row.process}`", *(count or "" for count in counts)))
    return ["## Numbers by year", "", *_markdown(headers, cells, 1, len(headers))]


def _blocks(first: int, last: int) -> list[tuple[int, int]]:
    """Blocks of years from the first to the last: five at a time, the newest one by one."""
    singles = range(max(first, last - _SINGLE_YEARS + 1), last + 1)
    blocks = [(year, year) for year in singles]
    end = singles[0] - 1
    while end >= first:
        start = end - (end % _BLOCK)
        blocks.insert(0, (max(start, first), end))
        end = start - 1
    return blocks


def _markdown(headers: Sequence[str], rows: Sequence[Sequence[object]], right_from: int, right_to: int) -> list[str]:
    """A table; the columns from `right_from` up to (not including) `right_to` are aligned to the right."""
    rule = [" ---: " if right_from <= k < right_to else " --- " for k in range(len(headers))]
    lines = [f"| {' | '.join(headers)} |", f"|{'|'.join(rule)}|"]
    return lines + [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


if __name__ == "__main__":
    sys.stdout.write(coverage_page())
