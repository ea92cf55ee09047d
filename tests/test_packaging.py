"""The houses do not mix, and what is installed from the wheel works away from the checkout."""

from __future__ import annotations

import ast
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_theory_never_imports_fitlq_in_its_source() -> None:
    sources = sorted((ROOT / "theory").rglob("*.py"))
    assert sources
    guilty = {p.name for p in sources for name in _imported(p) if name == "fitlq" or name.startswith("fitlq.")}
    assert not guilty


def test_oracles_are_never_imported() -> None:
    sources = [*(ROOT / "theory").rglob("*.py"), *(ROOT / "fitlq").rglob("*.py")]
    oracles = {"flavio", "wilson", "eos", "jelli", "smelli"}
    guilty = {p.name for p in sources for name in _imported(p) if name.split(".")[0] in oracles}
    assert not guilty


def test_theory_loads_without_fitlq() -> None:
    code = (
        "import sys\n"
        "from fitlq_theory.predictions import Predictions\n"
        "from fitlq_theory.models import load_model\n"
        "load_model('s1_lmu_ltau')\n"
        "assert not [m for m in sys.modules if m == 'fitlq' or m.startswith('fitlq.')]\n"
    )
    environment = {"PYTHONPATH": str(ROOT / "theory"), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


def test_import_is_light() -> None:
    code = (
        "import sys, fitlq\n"
        "heavy = {'pandas', 'matplotlib', 'scipy.stats', 'emcee', 'iminuit', 'h5py', 'jsonschema', 'corner'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'theory'}"},
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_wheel_works_elsewhere(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "-w", str(wheels), str(ROOT)], check=True)
    (wheel,) = wheels.glob("fitlq-*.whl")
    home = tmp_path / "elsewhere"
    venv.create(home, with_pip=False, system_site_packages=False)
    python = home / "bin" / "python"
    site = subprocess.run(
        [str(python), "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True, check=True
    ).stdout.strip()
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--target", site, str(wheel)], check=True)
    # the dependencies are those of the running interpreter; the package itself must come from the wheel
    dependencies = [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    Path(site, "dependencies.pth").write_text("\n".join(dependencies), encoding="utf-8")
    code = (
        "import fitlq, fitlq_theory, sys\n"
        f"assert fitlq.__file__.startswith({site!r}), fitlq.__file__\n"
        f"assert fitlq_theory.__file__.startswith({site!r})\n"
        "data = fitlq.load_measurements(as_of='2026-11-20')\n"
        "assert len(list(data)) > 10\n"
        "from fitlq.references import cite_dataset\n"
        "assert len(cite_dataset(data)) > 50\n"
        "print(fitlq.predict(['R(D)'], wilson={}))\n"
    )
    done = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert "0.29" in done.stdout
