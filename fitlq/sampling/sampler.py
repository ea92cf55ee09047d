"""Sampling the posterior with emcee: affine-invariant ensemble, vectorised, in a file that can be continued at any time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.fitting import Fit, fit
from fitlq.likelihood import Likelihood
from fitlq.sampling.chain import Chain
from fitlq.sampling.convergence import checkpoints_after, is_checkpoint, judge
from fitlq.sampling.coordinates import Coordinates
from fitlq.sampling.progress import Progress
from fitlq.sampling.storage import StoredChain, read_chain, remove_leftovers, write_chain
from fitlq.sampling.walkers import default_walkers, initial_coordinates
from fitlq.versions import software_versions
from fitlq_theory.errors import InputError

__all__ = ["sample"]

Real = NDArray[np.float64]

_BLOCK = 50  # steps between looks at the clock
_SECONDS_BETWEEN_FILES = 2.0
_STEPS_BETWEEN_FILES = 500
_SHARE_OF_WRITING = 0.1  # a file that takes long to write is written less often


def sample(
    likelihood: Likelihood,
    *,
    start: Fit | None = None,
    walkers: int | None = None,
    steps: int = 5000,
    until_converged: bool = False,
    file: str | Path | None = None,
    seed: int = 0,
    progress: bool | Callable[[int, int], None] = False,
    max_steps: int = 100_000,
) -> Chain:
    """Sample the posterior: the marginal likelihood times priors flat, or flat in the logarithm, inside the ranges.

    Parameters
    ----------
    likelihood : Likelihood
    start : Fit, optional
        Walkers start around its minima; made with the same seed when None.
    walkers : int, optional
        Even, at least twice the number of parameters and 4; by default 32 or four per parameter.
    steps : int
        Steps of the whole chain, including those already in `file`.
    until_converged : bool
        Go on until the chain is 50 autocorrelation times long for every parameter, at most `max_steps`; `steps` is not used.
    file : str or Path, optional
        HDF5 file; an existing one is continued to exactly the chain an uninterrupted run would have given.
    seed : int
    progress : bool or callable
        True: bar or lines on standard error; a callable gets (steps done, steps at most).

    Raises
    ------
    InputError
        Too few walkers; a file of another problem, seed or number of walkers, or one that is not a chain; nothing is
        overwritten then.
    """
    path = None if file is None else Path(file)
    if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        msg = f"{path}: cannot be written, {path.parent} is not a folder one can write to"
        raise InputError(msg)
    stored = read_chain(path) if path is not None and path.exists() else None
    if stored is not None and path is not None:
        _check_same(stored, likelihood, walkers, seed, path)
    else:
        stored = _empty(likelihood, start, walkers, steps, seed)
    if path is not None:
        remove_leftovers(path)
    run = _Run(likelihood, stored, path)
    total = max_steps if until_converged else steps
    run.to(total, until_converged, progress)
    return Chain(run.stored(), path)


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The chain at the end of a block; replaced as a whole, so that an interrupt never leaves half of a new one."""

    values: tuple[Real, ...]
    logs: tuple[Real, ...]
    accepted: NDArray[np.int64]
    coordinates: Real
    log_probability: Real | None
    random_state: Any
    steps: int


class _Run:
    """A chain that grows."""

    def __init__(self, likelihood: Likelihood, stored: StoredChain, path: Path | None) -> None:
        self._coordinates = Coordinates.of(likelihood.parameter_info)
        self._likelihood = likelihood
        self._first = stored
        self._path = path
        steps = len(stored.values)
        self._state = _State(
            values=(stored.values,),
            logs=(stored.log_likelihood,),
            accepted=stored.accepted,
            coordinates=stored.coordinates,
            log_probability=stored.log_likelihood[-1] if steps else None,
            random_state=stored.random_state,
            steps=steps,
        )
        self._written = steps
        self._written_at, self._writing_took = time.monotonic(), 0.0

    def to(self, total: int, until_converged: bool, progress: bool | Callable[[int, int], None]) -> None:
        """Add steps up to `total`, or until converged."""
        sampler = self._sampler()
        shown = Progress(progress, total, self._state.steps)
        try:
            while self._state.steps < total and not (until_converged and self._judged_and_converged()):
                check = min(checkpoints_after(self._state.steps), total) if until_converged else total
                while self._state.steps < check:
                    self._advance(sampler, min(_BLOCK, check - self._state.steps))
                    shown.update(self._state.steps)
                    self._write_now_and_then()
        finally:
            shown.close()
            if self._path is not None and self._state.steps > self._written:
                self._write()

    def stored(self) -> StoredChain:
        """Everything so far."""
        state = self._joined()
        return StoredChain(
            values=state.values[0],
            log_likelihood=state.logs[0],
            accepted=state.accepted,
            coordinates=state.coordinates,
            random_state=state.random_state,
            fingerprint=self._first.fingerprint,
            seed=self._first.seed,
            description=self._first.description,
        )

    def _judged_and_converged(self) -> bool:
        """Convergence is judged at fixed numbers of steps only: a resumed run stops where an uninterrupted one does."""
        if not is_checkpoint(self._state.steps):
            return False
        return bool(judge(self._joined().values[0], self._likelihood.parameters))

    def _sampler(self) -> Any:
        from emcee import EnsembleSampler
        from emcee.moves import DEMove, StretchMove

        # Differential evolution with an occasional unit step carries walkers between separate minima; the stretch move
        # keeps the ensemble adapting to its shape.
        moves = [(DEMove(), 0.55), (DEMove(gamma0=1.0), 0.15), (StretchMove(), 0.3)]
        walkers, n = self._state.coordinates.shape
        return EnsembleSampler(walkers, n, self._log_probability, vectorize=True, moves=moves)

    def _log_probability(self, coordinates: Real) -> Real:
        return np.asarray(self._likelihood(self._coordinates.to_natural(coordinates)))

    def _advance(self, sampler: Any, steps: int) -> None:
        from emcee import State

        before = self._state
        sampler.reset()
        start = State(before.coordinates, log_prob=before.log_probability, random_state=before.random_state)
        end = sampler.run_mcmc(start, steps, skip_initial_state_check=True)
        self._state = _State(
            values=(*before.values, self._coordinates.to_natural(sampler.get_chain())),
            logs=(*before.logs, sampler.get_log_prob()),
            accepted=before.accepted + sampler.backend.accepted.astype(np.int64),
            coordinates=end.coords,
            log_probability=end.log_prob,
            random_state=end.random_state,
            steps=before.steps + steps,
        )

    def _joined(self) -> _State:
        state = self._state
        if len(state.values) > 1:
            state = replace(state, values=(np.concatenate(state.values),), logs=(np.concatenate(state.logs),))
            self._state = state
        return state

    def _write_now_and_then(self) -> None:
        elapsed = time.monotonic() - self._written_at
        due = elapsed > _SECONDS_BETWEEN_FILES or self._state.steps - self._written >= _STEPS_BETWEEN_FILES
        if self._path is not None and due and elapsed > self._writing_took / _SHARE_OF_WRITING:
            self._write()

    def _write(self) -> None:
        if self._path is None:
            return
        started = time.monotonic()
        stored = self.stored()
        write_chain(self._path, stored)
        self._written, self._written_at = len(stored.values), time.monotonic()
        self._writing_took = self._written_at - started


def _empty(likelihood: Likelihood, start: Fit | None, walkers: int | None, steps: int, seed: int) -> StoredChain:
    n = len(likelihood.parameters)
    if steps < 1:
        msg = f"a chain needs at least one step, found steps = {steps}"
        raise InputError(msg)
    count = default_walkers(n) if walkers is None else walkers
    least = max(2 * n, 4)
    if count < least or count % 2:
        msg = f"the number of walkers must be even and at least {least} (twice the free parameters, and 4), found {count}"
        raise InputError(msg)
    best = start if start is not None else fit(likelihood, seed=seed)
    if tuple(best.values) != likelihood.parameters:
        here, there = ", ".join(likelihood.parameters), ", ".join(best.values)
        msg = f"the fit to start from has the parameters {there}, the likelihood {here}"
        raise InputError(msg)
    private = np.random.RandomState(seed)
    return StoredChain(
        values=np.zeros((0, count, n)),
        log_likelihood=np.zeros((0, count)),
        accepted=np.zeros(count, dtype=np.int64),
        coordinates=initial_coordinates(likelihood, best, count, seed),
        random_state=private.get_state(),  # type: ignore[arg-type]
        fingerprint=likelihood.content_hash,
        seed=seed,
        description=_description(likelihood, best),
    )


def _description(likelihood: Likelihood, best: Fit) -> dict[str, Any]:
    return {
        "model": likelihood.model.name,
        "parameters": [
            {"name": p.name, "tex": p.tex, "unit": p.unit, "range": [p.minimum, p.maximum], "prior": p.prior}
            for p in likelihood.parameter_info
        ],
        "fixed": likelihood.fixed,
        "best_fit": dict(best.values),
        "theory_errors": likelihood.options.theory_errors,
        "as_of": str(likelihood.data.as_of),
        "versions": software_versions(),
    }


def _check_same(stored: StoredChain, likelihood: Likelihood, walkers: int | None, seed: int, path: Path) -> None:
    names = tuple(p["name"] for p in stored.description["parameters"])
    problems = []
    if names != likelihood.parameters:
        problems.append(f"its parameters are {', '.join(names)}, here they are {', '.join(likelihood.parameters)}")
    elif stored.fingerprint != likelihood.content_hash:
        problems.append("its model, data, inputs, options or version of the code differ")
    if stored.seed != seed:
        problems.append(f"its seed is {stored.seed}, here it is {seed}")
    if walkers is not None and stored.values.shape[1] != walkers:
        problems.append(f"it has {stored.values.shape[1]} walkers, here {walkers} are asked for")
    if problems:
        msg = f"{path}: cannot be continued: {'; '.join(problems)}. It was left as it is; choose another file"
        raise InputError(msg)
