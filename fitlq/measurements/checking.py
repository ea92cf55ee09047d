"""Check measurement files without using them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fitlq.measurements.diagnostics import Diagnostic, MeasurementError
from fitlq.measurements.locations import existing, layers
from fitlq.measurements.reading import Layer, name_diagnostics, read_layer, relation_diagnostics
from fitlq.measurements.vocabulary import ObservableVocabulary, with_terms_of

__all__ = ["check_paths"]


def check_paths(paths: Sequence[str | Path], vocabulary: ObservableVocabulary | None = None) -> tuple[Diagnostic, ...]:
    """Every mistake in measurement files or folders of them.

    Relations may point to shipped entries and to entries of the other `paths`; an entry with the id of a shipped
    one replaces it, two with the same id among `paths` are a mistake.

    Parameters
    ----------
    paths : sequence of str or Path
    vocabulary : ObservableVocabulary, optional
        Names that may be used; None: names are not checked.

    Returns
    -------
    tuple of Diagnostic
        Sorted by file and line; empty if all is well.

    Raises
    ------
    InputError
        A path does not exist.
    """
    given = [existing(path) for path in paths]
    try:
        vocabulary = with_terms_of(vocabulary, paths)
    except MeasurementError as error:
        found = list(error.diagnostics)
    else:
        found = []
    checked = [Path(place).resolve() for place in paths]
    files = [file for path in checked for file in ([path] if path.is_file() else path.rglob("*"))]
    base = [read_layer(folder, skip=files) for folder in layers()]
    merged = Layer()
    for folder in given:
        merged.extend(read_layer(folder))
    known = {entry.id: entry for layer in [*base, merged] for entry in layer.entries}
    found += [*merged.diagnostics, *_double_ids(merged), *relation_diagnostics(merged, known, vocabulary, merged.unreadable)]
    if vocabulary is not None:
        found.extend(name_diagnostics(merged, vocabulary))
    return MeasurementError(found).diagnostics


def _double_ids(layer: Layer) -> list[Diagnostic]:
    """Equal ids in two of several paths; those inside one path are found on reading it."""
    first: dict[str, str] = {}
    found = []
    for entry in layer.entries:
        if first.setdefault(entry.id, entry.file) != entry.file:
            message = f"the id {entry.id!r} is already used in {first[entry.id]}"
            found.append(Diagnostic(entry.file, entry.line, entry.id, "id", message))
    return found
