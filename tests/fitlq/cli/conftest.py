"""The real executable in a subprocess, with a cache of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fitlq.cli.main import main


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, strictly: NaN and Infinity are not JSON."""
        return json.loads(self.out, parse_constant=lambda word: pytest.fail(f"{word} in the JSON output"))


Run = Callable[..., Outcome]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of the subprocesses: a cache folder shared by the session, one thread, a fixed width of help texts."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FITLQ_")}
    cache = os.environ.get("FITLQ_TEST_CACHE") or str(tmp_path_factory.mktemp("cache"))
    return kept | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "FITLQ_CACHE": cache,
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "100",
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def execute(environment: dict[str, str], tmp_path: Path) -> Run:
    """``execute("fit", ..., FITLQ_DEBUG="1")`` runs ``python -m fitlq fit ...`` in an empty folder, in its own process."""

    def call(*words: str | Path, timeout: float = 120.0, **more: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "fitlq", *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment | more,
            timeout=timeout,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The same inside this process, which saves the imports: what the entry point of the executable returns and prints."""

    def call(*words: str | Path) -> Outcome:
        monkeypatch.chdir(tmp_path)
        for name in ("FITLQ_CACHE", "COLUMNS"):
            monkeypatch.setenv(name, environment[name])
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as leaving:  # --help
            status = int(leaving.code or 0)
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    return call


def _checked(outcome: Outcome) -> str:
    assert outcome.status == 2, outcome
    assert "Traceback" not in outcome.err
    assert outcome.out == ""
    message = [line for line in outcome.err.splitlines() if line.startswith("fitlq")]
    assert len(message) == 1, outcome.err
    return outcome.err


@pytest.fixture
def refused(run: Run) -> Callable[..., str]:
    """Run a command that must be refused: status 2, nothing on stdout, one message without traceback; returns it."""
    return lambda *words: _checked(run(*words))


@pytest.fixture
def executable_refuses(execute: Run) -> Callable[..., str]:
    """`refused` through the real executable."""
    return lambda *words: _checked(execute(*words))


ENTRY = """schema: fitlq-measurements/1
source: mine
entries:
- id: mine-rd-2026
  kind: average
  process: bctaunu
  experiment: [HFLAV]
  date: '2026-01-15'
  refs: {url: 'https://example.org/mine'}
  observables:
  - {name: R(D)}
  - {name: R(D*)}
  data:
    type: gauss
    central: [0.300, 0.255]
    errors:
      total: [0.010, 0.005]
    correlation:
      total:
      - [1.0, -0.3]
      - [-0.3, 1.0]
  relations:
    inputs: [hflav-rdst-ckm25]
  provenance: {level: primary, how: made up for a test}
"""


@pytest.fixture
def entry_file(tmp_path: Path) -> Callable[..., Path]:
    """``entry_file(("old", "new"), ...)``: a measurement file that is fine but for the replacements."""

    def write(*replacements: tuple[str, str]) -> Path:
        text = ENTRY
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        folder = tmp_path / "mine"
        folder.mkdir(exist_ok=True)
        path = folder / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
