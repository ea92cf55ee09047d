"""What to cite for a data set, and for a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fitlq.references.bibliography import Bibliography, load_bibliography, software_bibliography, theory_bibliography
from fitlq.references.bibtex import Work
from fitlq.references.citations import Citations, Collector
from fitlq.references.entry_references import works_of_entry
from fitlq.references.identifiers import identifiers_in
from fitlq.versions import software_versions

if TYPE_CHECKING:
    from fitlq.measurements import Dataset, Entry
    from fitlq.results import ResultFolder
    from fitlq_theory.sources import Source

__all__ = ["cite_dataset", "cite_result"]

Requests = Sequence[tuple[str, Mapping[str, float]]]

_SECTION_OF = {"input": "theory inputs", "formula": "formulas", "model": "model"}


def cite_dataset(
    dataset: Dataset,
    *,
    directories: Sequence[str] = (),
    inputs: str = "default",
    input_choices: Mapping[str, str] | None = None,
    with_inputs: bool = False,
) -> Citations:
    """Everything behind a data set and the predictions for it.

    Parameters
    ----------
    dataset : Dataset
        As from `fitlq.load_measurements`.
    directories : sequence of str
        The user's folders it was made from: their bibliographies are read, too.
    inputs, input_choices
        Set of theory inputs and options in it.
    with_inputs : bool
        Also cite the measurements inside averages.

    Raises
    ------
    BibliographyError
        A mistake in a bibliography.
    UnknownNameError
        Unknown set, choice or option of the inputs.
    """
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.observables import load_registry
    from fitlq_theory.sources import sources_of

    collector = Collector()
    _cite_measurements(collector, dataset.ids, dataset.entries, load_bibliography(directories), with_inputs)
    registry = load_registry()
    requests = _predicted(((name, args) for item in dataset for name, args in item.observables), registry)
    _cite_sources(collector, sources_of(requests, load_inputs(inputs, input_choices or {}), None, registry))
    _cite_software(collector, ("fitlq",), software_versions())
    return collector.finished()


def cite_result(result: ResultFolder, *, with_inputs: bool = False) -> Citations:
    """Everything that entered a result: measurements, theory inputs, formulas, model, software with the versions used.

    Parameters
    ----------
    result : ResultFolder
        As from `fitlq.results.read_folder`.
    with_inputs : bool
        Also cite the measurements inside averages.

    Raises
    ------
    BibliographyError, MeasurementError
        A mistake in a bibliography or in the measurements.
    InputError
        The model or a folder with data is not there any more.
    """
    from fitlq.measurements import load_entries
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.observables import load_registry
    from fitlq_theory.sources import sources_of

    analysis, pulls = result.analysis, result.fit_dict.get("pulls", [])
    collector = Collector()
    database, _ = load_entries(analysis.data)
    ids = dict.fromkeys(pull["id"] for pull in pulls)
    _cite_measurements(collector, ids, database, load_bibliography(analysis.data), with_inputs)
    model, registry = analysis.load_model(), load_registry()
    requests = _predicted(((pull["observable"], pull["args"]) for pull in pulls), registry)
    chosen = load_inputs(analysis.inputs, analysis.input_choices)
    _cite_sources(collector, sources_of(requests, chosen, model, registry))
    packages = _packages(result, model.eft == "SMEFT")
    _cite_software(collector, packages, result.fit_dict.get("versions", {}))
    return collector.finished()


def _cite_measurements(
    collector: Collector, ids: Iterable[str], entries: Mapping[str, Entry], bibliography: Bibliography, with_inputs: bool
) -> None:
    wanted = list(ids)
    for entry_id in wanted:
        _cite_entry(collector, "measurements", entry_id, entries, bibliography)
    if with_inputs:
        for entry_id in _inside(wanted, entries):
            _cite_entry(collector, "measurements inside averages", entry_id, entries, bibliography)


def _inside(ids: Sequence[str], entries: Mapping[str, Entry]) -> list[str]:
    """Inputs of averages, and inputs of those."""
    found: dict[str, None] = {}
    open_ids = list(ids)
    while open_ids:
        entry = entries.get(open_ids.pop(0))
        new = [] if entry is None else [name for name in entry.relations.inputs if name not in found]
        found |= dict.fromkeys(new)
        open_ids += new
    return sorted(set(found) - set(ids))


def _cite_entry(
    collector: Collector, section: str, entry_id: str, entries: Mapping[str, Entry], bibliography: Bibliography
) -> None:
    entry = entries.get(entry_id)
    if entry is None:
        collector.leave_uncited(section, entry_id, "is not in the database any more")
        return
    works = works_of_entry(entry, bibliography)
    collector.cite(section, entry_id, works)
    if not works:
        who, how = ", ".join(entry.experiment), entry.provenance.how
        collector.leave_uncited(section, entry_id, f"{who}, {entry.date_text}; the number was read here: {how}")


def _predicted(requests: Iterable[tuple[str, Mapping[str, Any]]], registry: Any) -> Requests:
    """Those of the observables that the theory layer predicts, each once."""
    from fitlq_theory.errors import InputError

    found: dict[tuple[str, tuple[tuple[str, Any], ...]], tuple[str, Mapping[str, float]]] = {}
    for name, arguments in requests:
        if name not in registry:
            continue
        try:
            registry.check(name, arguments)
        except InputError:
            continue  # measured in a range that has no prediction
        found[(name, tuple(sorted(arguments.items())))] = (name, dict(arguments))
    return list(found.values())


def _cite_sources(collector: Collector, sources: Iterable[Source]) -> None:
    bibliography = theory_bibliography()
    for source in sources:
        works = works_named(source.text, bibliography)
        collector.cite(_SECTION_OF[source.kind], source.name, works)
        if not works:
            collector.leave_uncited(_SECTION_OF[source.kind], source.name, source.text or "no source given")


def works_named(text: str, bibliography: Bibliography) -> list[Work]:
    """The works a source text names; an arXiv number that is not in the bibliography gives an entry of its own."""
    found = identifiers_in(text)
    works = [bibliography.by_key(key) for key in found.keys]
    works += [bibliography.by_arxiv(number) or _of_number(number) for number in found.arxiv]
    works += [bibliography.by_doi(doi) or Work("misc", doi, {"doi": doi}) for doi in found.dois]
    works += bibliography.named_in(text)
    return list({work.key: work for work in works if work is not None}.values())


def _of_number(number: str) -> Work:
    return Work("misc", f"arXiv:{number}", {"eprint": number, "archiveprefix": "arXiv"})


def _packages(result: ResultFolder, running: bool) -> list[str]:
    """The packages a result needed."""
    packages = ["fitlq", "numpy", "scipy", "iminuit"]
    packages += ["rgevolve-core"] if running else []
    packages += ["emcee"] if result.chain_path is not None else []
    pictures = [path.stem for path in result.path.iterdir() if path.suffix in {".png", ".pdf", ".svg"}]
    packages += ["matplotlib"] if pictures else []
    packages += ["corner"] if "corner" in pictures else []
    return packages


def _cite_software(collector: Collector, packages: Iterable[str], versions: Mapping[str, str]) -> None:
    bibliography = software_bibliography()
    for package in packages:
        for work in bibliography.named_in(package):
            version = versions.get(package)
            note = {"note": f"{package} {version}"} if version else {}
            cited = Work(work.type, work.key, {**work.fields, **note}, work.file, work.line)
            collector.cite("software", package, [cited])
