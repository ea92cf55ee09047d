"""Constants of nature that carry no uncertainty here."""

from __future__ import annotations

__all__ = ["HBAR_GEV_PS"]

# reduced Planck constant in GeV ps: exact in the SI of 2019 (h and e are defined), CODATA 2018
HBAR_GEV_PS = 6.582119569e-13
