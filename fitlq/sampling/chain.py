"""The samples of a posterior and what one asks of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.sampling.convergence import Convergence, autocorrelation_times, judge
from fitlq.sampling.storage import StoredChain, read_chain, write_chain
from fitlq_theory.errors import FitlqError, InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Chain"]

Real = NDArray[np.float64]


class Chain:
    """Samples of a posterior.

    Parameters
    ----------
    stored : StoredChain
    path : Path, optional
        The file it is kept in.
    """

    def __init__(self, stored: StoredChain, path: Path | None = None) -> None:
        self._stored = stored
        self.path = path
        self._times: Real | None = None

    @classmethod
    def load(cls, path: str | Path) -> Chain:
        """Read a file; `InputError` if it is not a chain of fitlq."""
        return cls(read_chain(Path(path)), Path(path))

    def save(self, path: str | Path) -> None:
        """Write a file, in one step."""
        write_chain(Path(path), self._stored)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(p["name"] for p in self._stored.description["parameters"])

    @property
    def description(self) -> dict[str, Any]:
        """Model, parameters (name, TeX, unit, range, prior), fixed values, best fit, versions."""
        return dict(self._stored.description)

    @property
    def values(self) -> Real:
        """All samples in natural values, (steps, walkers, n)."""
        return self._stored.values

    @property
    def log_likelihood(self) -> Real:
        """Marginal log-likelihood of all samples, (steps, walkers)."""
        return self._stored.log_likelihood

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self._stored.values)

    @property
    def walkers(self) -> int:
        """Number of walkers."""
        return int(self._stored.values.shape[1])

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self._stored.seed

    @property
    def fingerprint(self) -> str:
        """``Likelihood.content_hash`` of the problem."""
        return self._stored.fingerprint

    @property
    def acceptance(self) -> float:
        """Fraction of accepted proposals; between 0.2 and 0.5 is healthy."""
        return float(self._stored.accepted.mean() / self.steps) if self.steps else float("nan")

    @property
    def autocorrelation_times(self) -> Real:
        """Integrated autocorrelation times in steps, (n,); NaN where they cannot be estimated."""
        if self._times is None:
            self._times = autocorrelation_times(self.values)
        return self._times

    @property
    def converged(self) -> Convergence:
        """True if the chain is at least 50 autocorrelation times long; its text says so in words."""
        return judge(self.values, self.parameters)

    @property
    def burn_in(self) -> int:
        """Steps `samples` drops by default: five times the slowest autocorrelation time, at most half of the chain."""
        slowest = self._slowest()
        return self.steps // 2 if slowest is None else min(int(np.ceil(5.0 * slowest)), self.steps // 2)

    def samples(self, discard: int | None = None, thin: int | None = None) -> Real:
        """Samples as one list, (M, n).

        Parameters
        ----------
        discard : int, optional
            Steps dropped at the beginning; `burn_in` by default.
        thin : int, optional
            Keep every so many steps; half the slowest autocorrelation time by default.
        """
        return self.values[self._kept(discard, thin)].reshape(-1, len(self.parameters))

    def log_likelihoods(self, discard: int | None = None, thin: int | None = None) -> Real:
        """Log-likelihood of each of `samples`, (M,)."""
        return self.log_likelihood[self._kept(discard, thin)].reshape(-1)

    def summary(self) -> dict[str, Any]:
        """Numbers of the posterior.

        Returns
        -------
        dict
            ``parameters``: for each name mean, std, median, interval_68, interval_95 (central intervals),
            autocorrelation_time, effective_samples; besides ``steps``, ``walkers``, ``burn_in``, ``acceptance``,
            ``converged``, ``message``.
        """
        kept = self.values[self._kept(None, 1)].reshape(-1, len(self.parameters))
        times = self.autocorrelation_times
        verdict = self.converged
        quantiles = np.quantile(kept, [0.025, 0.15865525393145707, 0.5, 0.8413447460685429, 0.975], axis=0)
        parameters = {
            name: {
                "mean": float(kept[:, k].mean()),
                "std": float(kept[:, k].std(ddof=1)) if len(kept) > 1 else float("nan"),
                "median": float(quantiles[2, k]),
                "interval_68": (float(quantiles[1, k]), float(quantiles[3, k])),
                "interval_95": (float(quantiles[0, k]), float(quantiles[4, k])),
                "autocorrelation_time": float(times[k]),
                "effective_samples": float(len(kept) / times[k]),
            }
            for k, name in enumerate(self.parameters)
        }
        return {
            "parameters": parameters,
            "steps": self.steps,
            "walkers": self.walkers,
            "burn_in": self.burn_in,
            "acceptance": self.acceptance,
            "converged": bool(verdict),
            "message": verdict.text,
        }

    def table(self) -> pd.DataFrame:
        """`summary` of the parameters as a data frame."""
        import pandas as pd

        return pd.DataFrame.from_dict(self.summary()["parameters"], orient="index")

    def corner(self, **options: Any) -> Any:
        """Corner plot; options as for `fitlq.plots.corner`."""
        from fitlq.plots import corner

        return corner(self, **options)

    def to_arviz(self) -> Any:
        """As an ``arviz.InferenceData``, each walker as a chain, burn-in dropped.

        Raises
        ------
        FitlqError
            arviz is not installed.
        """
        try:
            import arviz
        except ImportError:
            msg = "arviz is not installed; install it with: pip install 'fitlq[arviz]'"
            raise FitlqError(msg) from None
        kept = self.values[self.burn_in :]
        posterior = {name: kept[:, :, k].T for k, name in enumerate(self.parameters)}
        groups = {"posterior": posterior, "sample_stats": {"lp": self.log_likelihood[self.burn_in :].T}}
        if int(arviz.__version__.split(".")[0]) >= 1:  # since version 1 all groups come in one dictionary
            return arviz.from_dict(groups)
        return arviz.from_dict(**groups)

    def __repr__(self) -> str:
        return f"<Chain of {', '.join(self.parameters)}: {self.steps} steps of {self.walkers} walkers>"

    def _slowest(self) -> float | None:
        times = self.autocorrelation_times
        return float(np.nanmax(times)) if np.isfinite(times).any() else None

    def _kept(self, discard: int | None, thin: int | None) -> slice:
        slowest = self._slowest()
        first = self.burn_in if discard is None else discard
        every = thin if thin is not None else max(int(slowest / 2), 1) if slowest is not None else 1
        if not first >= 0 or every < 1:
            msg = f"discard must not be negative and thin at least 1, found {first} and {every}"
            raise InputError(msg)
        return slice(first, None, every)
