"""From folders to the data set of a day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from fitlq.measurements.dataset import Dataset, build_dataset
from fitlq.measurements.dates import resolve_date
from fitlq.measurements.entry import Entry
from fitlq.measurements.extended_vocabulary import with_terms_of
from fitlq.measurements.locations import Places, layers
from fitlq.measurements.reading import combine_layers, read_layer
from fitlq.measurements.selection import Policy, Rules
from fitlq.measurements.vocabulary import MeasurementVocabulary, ObservableVocabulary
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["load_entries", "load_measurements"]


def load_measurements(
    *,
    as_of: str | datetime.date | datetime.datetime | None = None,
    policy: Policy = "average",
    directories: Places = (),
    include: str | Sequence[str] = (),
    representations: Mapping[str, str] | None = None,
    processes: str | Sequence[str] | None = None,
    vocabulary: ObservableVocabulary | None = None,
) -> Dataset:
    """The measurements a fit would use.

    Parameters
    ----------
    as_of : str, datetime.date or datetime.datetime, optional
        The data set of that day (``"2019"``, ``"2019-04"`` and ``"2019-04-30"`` are allowed, a short form means its last
        day). None: today.
    policy : {"average", "individual"}
        ``average``: world averages are used, with their correlations, and the measurements inside them are not.
        ``individual``: the measurements are used one by one, and averages only where no input is in the database.
    directories : str, Path or sequence of them
        Folders (or files) with measurements laid over the shipped ones; an entry with the id of a shipped one
        replaces it. The folders of the environment variable FITLQ_MEASUREMENTS come before these.
    include : str or sequence of str
        Also use these entries (ids or wildcards) although they are off by default; ``"unverified"`` means all whose numbers
        nobody has compared with the source, ``"projected"`` all projections of future measurements.
    representations : mapping, optional
        Representation group -> name of the form to use instead of the default.
    processes : str or sequence of str, optional
        Only this or these processes.
    vocabulary : ObservableVocabulary, optional
        Checks the names and arguments of observables, and makes aliases one quantity. None: the observables of the theory
        layer, of plug-ins, and of the files ``vocabulary.yaml``.

    Returns
    -------
    Dataset

    Raises
    ------
    MeasurementError
        Every mistake in the files, or every double count.
    InputError
        A folder does not exist; an unknown policy, process, representation or a malformed date.
    """
    try:
        day = datetime.date.today() if as_of is None else resolve_date(as_of)
    except ValueError as error:
        msg = f"as_of: {error}"
        raise InputError(msg) from None
    vocabulary = with_terms_of(vocabulary or _theory_vocabulary(), directories)
    database, remarks = load_entries(directories, vocabulary)
    wanted = (include,) if isinstance(include, str) else tuple(include)
    rules = Rules(day, policy, wanted, dict(representations or {}))
    dataset = build_dataset(database, rules, vocabulary, remarks)
    return dataset if processes is None else _only_processes(dataset, processes)


def _theory_vocabulary() -> ObservableVocabulary:
    from fitlq_theory.observables import load_registry

    return MeasurementVocabulary(load_registry())


def load_entries(directories: Places = (), vocabulary: ObservableVocabulary | None = None) -> tuple[dict[str, Entry], list[str]]:
    """All entries of the shipped and the user's folders by id, and one remark per replaced entry.

    Raises
    ------
    MeasurementError
        With every mistake found.
    """
    return combine_layers([read_layer(folder) for folder in layers(directories)], vocabulary)


def _only_processes(dataset: Dataset, processes: str | Sequence[str]) -> Dataset:
    processes = [processes] if isinstance(processes, str) else processes
    known = sorted({entry.process for entry in dataset.entries.values()})
    for process in processes:
        if process not in known:
            raise UnknownNameError(unknown_name_message("process", process, known))
    present = [process for process in processes if any(item.entry.process == process for item in dataset)]
    return dataset.select(present)
