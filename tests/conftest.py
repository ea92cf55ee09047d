"""Settings for the whole suite."""

from __future__ import annotations

from hypothesis import settings

# shared machines stall now and then: no deadline for one example; the same examples in every run
settings.register_profile("fitlq", deadline=None, derandomize=True)
settings.load_profile("fitlq")
