"""The measurement database: what was measured, as of a date, with nothing counted twice.

Files of measurements are read strictly (every mistake at once, each with file, line, entry and key), laid over each
other (shipped, environment, user), and reduced to what a fit may use on a day; everything left out keeps its reason.
No statistics and no flavour physics here.
"""

from __future__ import annotations

from fitlq.measurements.checking import check_paths
from fitlq.measurements.data_forms import (
    Bound,
    CountingChannel,
    CountingData,
    Data,
    ExclusionData,
    ExternalData,
    GridData,
    LimitData,
)
from fitlq.measurements.dataset import Dataset
from fitlq.measurements.dates import resolve_date
from fitlq.measurements.describe import describe_entry, describe_value, format_measured
from fitlq.measurements.diagnostics import Diagnostic, MeasurementError
from fitlq.measurements.difference_sets import ChangeSet, change_sets
from fitlq.measurements.differences import Change, diff_datasets, diff_measurements
from fitlq.measurements.entry import (
    CorrelatedWith,
    Entry,
    ObservableReference,
    Provenance,
    Relations,
    Representation,
    Supersession,
)
from fitlq.measurements.explanation import Explanation
from fitlq.measurements.gaussian import ErrorComponent, GaussianData
from fitlq.measurements.loading import load_entries, load_measurements
from fitlq.measurements.locations import ENVIRONMENT_VARIABLE, measurements_root
from fitlq.measurements.processes import load_processes
from fitlq.measurements.reading import read_entry
from fitlq.measurements.selected import Selected
from fitlq.measurements.selection import LeftOut, Policy
from fitlq.measurements.stale import Stale, stale_entries
from fitlq.measurements.units import HBAR_GEV_PS
from fitlq.measurements.vocabulary import MeasurementVocabulary, ObservableVocabulary, Term, load_terms

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "HBAR_GEV_PS",
    "Bound",
    "Change",
    "ChangeSet",
    "CorrelatedWith",
    "CountingChannel",
    "CountingData",
    "Data",
    "Dataset",
    "Diagnostic",
    "Entry",
    "ErrorComponent",
    "ExclusionData",
    "Explanation",
    "ExternalData",
    "GaussianData",
    "GridData",
    "LeftOut",
    "LimitData",
    "MeasurementError",
    "MeasurementVocabulary",
    "ObservableReference",
    "ObservableVocabulary",
    "Policy",
    "Provenance",
    "Relations",
    "Representation",
    "Selected",
    "Stale",
    "Supersession",
    "Term",
    "change_sets",
    "check_paths",
    "describe_entry",
    "describe_value",
    "diff_datasets",
    "diff_measurements",
    "format_measured",
    "load_entries",
    "load_measurements",
    "load_processes",
    "load_terms",
    "measurements_root",
    "read_entry",
    "resolve_date",
    "stale_entries",
]
