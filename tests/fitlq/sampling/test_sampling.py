"""Sampling of problems with known posteriors, and files that survive anything."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest, norm

from fitlq.fitting import fit
from fitlq.sampling import Chain, sample
from fitlq.sampling.convergence import checkpoints_after, is_checkpoint, judge
from fitlq_theory.errors import InputError
from tests.fitlq.likelihood.toy_problems import (
    ToyPredictions,
    entry,
    gaussian,
    likelihood,
    linear_predictions,
    parameter,
)

ROOT = Path(__file__).resolve().parents[3]


def problem(central: float = 1.0) -> Any:
    """Posterior: a Gaussian, mean (central, 0.5), errors (0.5, 0.2), correlation 0.6; far from the edges of the ranges."""
    toy = linear_predictions([parameter("x"), parameter("y")], ["a", "b"], [0, 0], np.eye(2))
    return likelihood(toy, [entry("e", ["a", "b"], gaussian([central, 0.5], [0.5, 0.2], correlation=[[1, 0.6], [0.6, 1]]))])


@pytest.fixture(scope="module")
def chain() -> Chain:
    return sample(problem(), steps=3000, seed=3)


def independent(chain: Chain) -> Any:
    """Samples thinned until they are independent."""
    return chain.samples(thin=int(2 * chain.autocorrelation_times.max()))


def test_known_gaussian_is_recovered(chain: Chain) -> None:
    few = independent(chain)
    mean, covariance = chain.samples(thin=1).mean(axis=0), np.cov(chain.samples(thin=1).T)
    size = len(few)
    assert np.all(np.abs(mean - [1.0, 0.5]) < 4 * np.array([0.5, 0.2]) / np.sqrt(size))
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), [0.5, 0.2], rtol=4 / np.sqrt(2 * size))
    assert covariance[0, 1] / 0.1 == pytest.approx(0.6, abs=4 / np.sqrt(size))
    assert kstest(few[:, 0], norm(1.0, 0.5).cdf).pvalue > 1e-3
    assert kstest(few[:, 1], norm(0.5, 0.2).cdf).pvalue > 1e-3


def test_a_wrong_target_is_rejected(chain: Chain) -> None:
    few = independent(chain)
    assert kstest(few[:, 0], norm(1.0, 0.6).cdf).pvalue < 1e-3
    assert kstest(few[:, 0], norm(1.05, 0.5).cdf).pvalue < 1e-3


def test_summary(chain: Chain) -> None:
    summary = chain.summary()
    x = summary["parameters"]["x"]
    assert x["median"] == pytest.approx(1.0, abs=0.05)
    assert x["interval_68"] == pytest.approx((0.5, 1.5), abs=0.06)
    assert x["interval_95"] == pytest.approx((1 - 0.98, 1 + 0.98), abs=0.12)
    assert summary["converged"] is True
    assert summary["message"].startswith("converged: 3000 steps are")
    assert 0.2 < summary["acceptance"] < 0.7
    assert list(chain.table().index) == ["x", "y"]
    assert chain.samples(discard=1000, thin=10).shape == (200 * chain.walkers, 2)
    assert chain.log_likelihoods(discard=1000, thin=10).shape == (200 * chain.walkers,)


def test_log_likelihood_belongs_to_the_samples(chain: Chain) -> None:
    np.testing.assert_allclose(problem()(chain.samples()), chain.log_likelihoods(), rtol=1e-12)


def test_log_prior_is_flat_in_the_logarithm() -> None:
    toy = ToyPredictions(
        (parameter("g", 1e-5, 1e-2, 1e-3, prior="log"),), ("a",), lambda p: p**2, lambda p: np.zeros((len(p), 1, 1))
    )
    like = likelihood(toy, [entry("e", ["a"], gaussian([0.0], [1e-6]))])  # |g| below about 1e-3: flat in log g below
    values = sample(like, steps=4000, seed=1).samples()[:, 0]
    assert values.min() >= 1e-5
    assert values.max() <= 1e-2
    below = values[values < 3e-4]
    assert kstest(np.log10(below)[:: len(below) // 300], "uniform", (-5, np.log10(3e-4) + 5)).pvalue > 1e-3


def test_separate_minima_are_populated_by_weight() -> None:
    toy = ToyPredictions((parameter("x", -4, 4),), ("a",), lambda p: p**2, lambda p: np.zeros((len(p), 1, 1)))
    like = likelihood(toy, [entry("e", ["a"], gaussian([4.0], [0.2]))])
    values = sample(like, steps=2000, seed=5).samples()[:, 0]
    assert np.mean(values > 0) == pytest.approx(0.5, abs=0.1)
    assert np.all(np.abs(np.abs(values) - 2.0) < 0.5)


def test_same_seed_same_chain_and_no_global_generator() -> None:
    np.random.seed(4)  # noqa: NPY002 - the point is that the sampler leaves it alone
    before = np.random.get_state()[1].copy()  # type: ignore[index,union-attr] # noqa: NPY002
    first = sample(problem(), steps=60, seed=8)
    assert np.array_equal(before, np.random.get_state()[1])  # type: ignore[index] # noqa: NPY002
    np.random.seed(99)  # noqa: NPY002
    second = sample(problem(), steps=60, seed=8)
    np.testing.assert_array_equal(first.values, second.values)
    assert not np.array_equal(first.values, sample(problem(), steps=60, seed=9).values)


@pytest.mark.parametrize("pieces", [[30, 200], [1, 50, 51, 133, 200], [200, 200]])
def test_resuming_gives_the_uninterrupted_chain(tmp_path: Path, pieces: list[int]) -> None:
    whole = sample(problem(), steps=200, seed=2)
    file = tmp_path / "chain.h5"
    for steps in pieces:
        piece = sample(problem(), steps=steps, seed=2, file=file)
        assert piece.steps == steps
    loaded = Chain.load(file)
    np.testing.assert_array_equal(whole.values, loaded.values)
    np.testing.assert_array_equal(whole.log_likelihood, loaded.log_likelihood)
    assert whole.acceptance == loaded.acceptance
    assert sample(problem(), steps=20, seed=2, file=file).steps == 200, "a longer chain stays as it is"
    assert os.listdir(tmp_path) == ["chain.h5"]  # noqa: PTH208


def test_until_converged_stops_at_the_same_step_when_resumed(tmp_path: Path) -> None:
    whole = sample(problem(), until_converged=True, seed=2)
    assert whole.converged
    assert is_checkpoint(whole.steps)
    file = tmp_path / "chain.h5"
    sample(problem(), steps=77, seed=2, file=file)
    resumed = sample(problem(), until_converged=True, seed=2, file=file)
    np.testing.assert_array_equal(whole.values, resumed.values)
    again = sample(problem(), until_converged=True, seed=2, file=file)
    assert again.steps == whole.steps
    short = sample(problem(), until_converged=True, max_steps=40, seed=2)
    assert short.steps == 40
    assert "not converged" in str(short.converged)


KILLED = """
import time
from tests.fitlq.sampling.test_sampling import problem
import fitlq.sampling.sampler as sampler
from fitlq.sampling import sample
sampler._SECONDS_BETWEEN_FILES = 0.0
sampler._SHARE_OF_WRITING = 1e9
sample(problem(), steps=100000, seed=6, file={file!r})
"""


@pytest.mark.parametrize("delay", [0.0, 0.15, 0.4])
def test_killed_at_any_moment(tmp_path: Path, delay: float) -> None:
    file = tmp_path / "chain.h5"
    code = textwrap.dedent(KILLED.format(file=str(file)))
    paths = os.pathsep.join([str(ROOT), str(ROOT / "theory")])
    process = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": paths}, cwd=ROOT)
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = Chain.load(file)
    assert left.steps >= 50
    total = left.steps + 37
    resumed = sample(problem(), steps=total, seed=6, file=file)
    np.testing.assert_array_equal(resumed.values, sample(problem(), steps=total, seed=6).values)
    assert [path.name for path in tmp_path.iterdir()] == ["chain.h5"], "unfinished files are cleared away"


def test_interrupt_keeps_what_was_sampled(tmp_path: Path) -> None:
    file = tmp_path / "chain.h5"

    def interrupt(done: int, total: int) -> None:
        if done >= 150:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample(problem(), steps=1000, seed=3, file=file, progress=interrupt)
    assert Chain.load(file).steps == 150
    resumed = sample(problem(), steps=220, seed=3, file=file)
    np.testing.assert_array_equal(resumed.values, sample(problem(), steps=220, seed=3).values)


def test_progress_in_plain_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("fitlq.sampling.progress._SECONDS_BETWEEN_LINES", 0.0)
    sample(problem(), steps=100, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "sampling: 50 of at most 100 steps, about" in shown.err


def test_saved_and_loaded(tmp_path: Path, chain: Chain) -> None:
    chain.save(tmp_path / "copy.h5")
    loaded = Chain.load(tmp_path / "copy.h5")
    np.testing.assert_array_equal(loaded.values, chain.values)
    assert loaded.parameters == ("x", "y")
    assert loaded.description["best_fit"].keys() == {"x", "y"}
    assert loaded.fingerprint == problem().content_hash


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("options", "central", "message"),
    [
        ({"seed": 1}, 1.0, "its seed is 2, here it is 1"),
        ({"seed": 2, "walkers": 40}, 1.0, "it has 32 walkers, here 40"),
        ({"seed": 2}, 1.1, "its model, data, inputs, options or version of the code differ"),
    ],
)
def test_another_problem_is_refused(tmp_path: Path, options: dict[str, Any], central: float, message: str) -> None:
    file = tmp_path / "chain.h5"
    sample(problem(), steps=20, seed=2, file=file)
    before = digest(file)
    with pytest.raises(InputError, match=message):
        sample(problem(central), steps=40, file=file, **options)
    assert digest(file) == before


def test_other_parameters_are_named(tmp_path: Path) -> None:
    file = tmp_path / "chain.h5"
    sample(problem(), steps=10, file=file)
    toy = linear_predictions([parameter("z")], ["a"], [0], [[1]])
    other = likelihood(toy, [entry("e", ["a"], gaussian([1], [1]))])
    with pytest.raises(InputError, match="its parameters are x, y, here they are z"):
        sample(other, steps=20, file=file)


@pytest.mark.parametrize("damage", ["truncated", "text", "empty", "foreign"])
def test_damaged_files_are_refused_and_kept(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "chain.h5"
    sample(problem(), steps=20, file=file)
    if damage == "foreign":
        import h5py

        file.unlink()
        with h5py.File(file, "w") as content:
            content["mcmc"] = np.zeros(3)
    else:
        whole = file.read_bytes()
        file.write_bytes({"truncated": whole[: len(whole) // 2], "text": b"not a chain\n", "empty": b""}[damage])
    before = digest(file)
    with pytest.raises(InputError, match=r"chain\.h5.*left as it is"):
        sample(problem(), steps=40, file=file)
    assert digest(file) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"walkers": 5}, "even and at least 4"),
        ({"walkers": 2}, "even and at least 4"),
        ({"steps": 0}, "at least one step"),
        ({"file": Path("no-such-folder/chain.h5")}, "cannot be written"),
    ],
)
def test_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        sample(problem(), **{"steps": 10, **options})


def test_start_of_another_problem_is_refused() -> None:
    toy = linear_predictions([parameter("z")], ["a"], [0], [[1]])
    other = fit(likelihood(toy, [entry("e", ["a"], gaussian([1], [1]))]))
    with pytest.raises(InputError, match="the fit to start from has the parameters z"):
        sample(problem(), start=other, steps=10)


def test_checkpoints_do_not_depend_on_where_one_asks() -> None:
    following, at = [], 0
    while at < 20000:
        at = checkpoints_after(at)
        following.append(at)
    assert following[:3] == [500, 1000, 1500]
    assert all(checkpoints_after(step) in following for step in range(0, 19000, 37))


def test_words_about_convergence() -> None:
    generator = np.random.default_rng(0)
    white = generator.normal(size=(600, 8, 1))
    assert judge(white, ("x",))
    assert not judge(white[:3], ("x",))
    assert "too few" in judge(white[:3], ("x",)).text
    slow = np.cumsum(white, axis=0)
    verdict = judge(np.concatenate([white, slow], axis=2), ("fast", "slow"))
    assert not verdict
    assert "of slow (the slowest" in verdict.text
    stuck = np.concatenate([white, np.zeros_like(white)], axis=2)
    assert "frozen did not move" in judge(stuck, ("fast", "frozen")).text
