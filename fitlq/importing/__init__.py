"""Other people's files as measurement files of fitlq: flavio's format, HEPData tables, HistFactory workspaces.

Nothing is dropped silently: what a file holds and the schema cannot express, and what had to be guessed, is said in a
report, block by block. What is written passes `fitlq check`; numbers that the database has already, or that may hold the
data of others, are written as `off_by_default` with the reason.
"""

from __future__ import annotations

from fitlq.importing.flavio_file import import_flavio
from fitlq.importing.hepdata import HepdataOptions, import_hepdata
from fitlq.importing.report import BlockReport, ImportReport
from fitlq.importing.workspace import WorkspaceOptions, import_workspace

__all__ = [
    "BlockReport",
    "HepdataOptions",
    "ImportReport",
    "WorkspaceOptions",
    "import_flavio",
    "import_hepdata",
    "import_workspace",
]
