"""Samples of the posterior with emcee."""

from __future__ import annotations

from fitlq.sampling.chain import Chain
from fitlq.sampling.convergence import Convergence
from fitlq.sampling.sampler import sample

__all__ = ["Chain", "Convergence", "sample"]
