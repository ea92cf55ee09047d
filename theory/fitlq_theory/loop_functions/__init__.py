"""One-loop functions of heavy particles, vectorised, for models that compute Wilson coefficients beyond tree level."""
