"""The likelihood: measurements and predictions put together."""

from __future__ import annotations

from fitlq.likelihood.assembling import NotUsed
from fitlq.likelihood.likelihood import Likelihood
from fitlq.likelihood.limits import LIMIT_SHAPES
from fitlq.likelihood.pulls import Pull
from fitlq.likelihood.splitting import split

__all__ = ["LIMIT_SHAPES", "Likelihood", "NotUsed", "Pull", "split"]
