"""The shipped database, read once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from fitlq.measurements import Entry, load_entries, read_entry


@pytest.fixture(scope="session")
def shipped() -> Mapping[str, Entry]:
    entries, remarks = load_entries()
    assert not remarks
    return entries


class EntryMaker(Protocol):
    def __call__(self, name: str, date: str, **changes: Any) -> Entry: ...


@pytest.fixture(scope="session")
def make_entry() -> EntryMaker:
    """Makes entries that measure R(D) = 0.3 +- 0.1 unless told otherwise."""

    def make(name: str, date: str, **changes: Any) -> Entry:
        observables = changes.pop("observables", ["R(D)"])
        document = {
            "id": name,
            "kind": "measurement",
            "process": "bctaunu",
            "experiment": [name],
            "date": date,
            "refs": {},
            "observables": [{"name": one} if isinstance(one, str) else one for one in observables],
            "data": {"type": "gauss", "central": [0.3] * len(observables), "errors": {"stat": [0.1] * len(observables)}},
            "provenance": {"level": "primary", "how": "invented for a test"},
        }
        return read_entry({**document, **changes})

    return make
