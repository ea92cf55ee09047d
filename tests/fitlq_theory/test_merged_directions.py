"""Fewer directions of the inputs, the same covariance."""

from __future__ import annotations

import numpy as np

from fitlq_theory.models import wet_model
from fitlq_theory.predictions import Predictions

REQUESTS = [
    ("Rtaul(B->Dlnu)", {}),
    ("Rtaul(B->D*lnu)", {}),
    ("BR(B+->Knunu)", {}),
    ("BR(B0->K*nunu)", {}),
    ("FL(B0->K*nunu)", {"q2": 5.0}),
    ("Rnu(B->K)", {}),
    ("BR(Bs->mumu)", {}),
    ("DeltaM_s", {}),
]
UNKNOWN = np.zeros(len(REQUESTS))
MODEL = wet_model(["CVL_bctaunutau", "CSL_bctaunutau", "CL_bsnutaunutau", "CR_bsnutaunutau"])


def test_covariance_is_kept_with_fewer_directions() -> None:
    plain, merged = Predictions(MODEL, REQUESTS), Predictions(MODEL, REQUESTS, compared_with=UNKNOWN)
    points = np.random.default_rng(5).uniform(-2, 2, size=(40, len(MODEL.parameters)))
    (values, full), (same, fewer) = plain.values_and_jacobian(points), merged.values_and_jacobian(points)
    assert np.array_equal(values, same)
    assert fewer.shape[2] < 0.7 * full.shape[2]
    assert len(merged.directions) == fewer.shape[2]
    expected, found = (j @ j.transpose(0, 2, 1) for j in (full, fewer))
    scale = np.sqrt(np.einsum("nii->ni", expected))
    # a millionth of a variance may be dropped in each group of directions, of which there are about twenty
    assert np.abs((found - expected) / (scale[:, :, None] * scale[:, None, :])).max() < 1e-5


def test_names_stay_without_merging() -> None:
    named = Predictions(MODEL, REQUESTS)
    assert set(named.directions) <= {d.name for d in named.inputs.directions()}
    assert all(name.startswith("merged ") for name in Predictions(MODEL, REQUESTS, compared_with=UNKNOWN).directions)


def test_what_is_small_beside_the_measurement_need_not_be_exact() -> None:
    plain = Predictions(MODEL, REQUESTS)
    errors = np.sqrt(np.einsum("ij,ij->i", plain.sm_jacobian, plain.sm_jacobian))
    exact, rough = (Predictions(MODEL, REQUESTS, compared_with=size * errors) for size in (0.0, 100.0))
    assert len(rough.directions) < len(exact.directions)
    points = np.random.default_rng(5).uniform(-2, 2, size=(40, len(MODEL.parameters)))
    (_, full), (_, fewer) = plain.values_and_jacobian(points), rough.values_and_jacobian(points)
    expected, found = (j @ j.transpose(0, 2, 1) for j in (full, fewer))
    scale = np.sqrt(np.einsum("nii->ni", expected) + (100 * errors) ** 2)
    assert np.abs((found - expected) / (scale[:, :, None] * scale[:, None, :])).max() < 1e-5
