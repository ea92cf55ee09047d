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
    # 5e-4 of a variance, summed over all numbers, may be dropped at sample points, little more between them
    assert np.abs((found - expected) / (scale[:, :, None] * scale[:, None, :])).max() < 6e-4


def test_many_observables_of_one_decay_are_rotated_together() -> None:
    bins = [{"q2min": 1.1 + 0.3 * k, "q2max": 1.4 + 0.3 * k} for k in range(16)]
    requests = [(f"<{name}>(B0->K*mumu)", edges) for name in ("FL", "AFB", "P5p") for edges in bins]
    requests += [("<dBR/dq2>(B+->Kmumu)", edges) for edges in bins]
    model = wet_model(["C9_bsmumu"], {"C9_bsmumu": (-3.0, 3.0)})
    plain = Predictions(model, requests)
    errors = np.sqrt(np.einsum("ij,ij->i", plain.sm_jacobian, plain.sm_jacobian))
    merged = Predictions(model, requests, compared_with=errors)
    points = np.random.default_rng(5).uniform(-3, 3, size=(20, 1))
    (_, full), (_, fewer) = plain.values_and_jacobian(points), merged.values_and_jacobian(points)
    # neighbouring bins move together: far fewer directions than observables
    assert fewer.shape[2] < 0.7 * len(requests)
    expected, found = (j @ j.transpose(0, 2, 1) for j in (full, fewer))
    scale = np.sqrt(np.einsum("nii->ni", expected) + errors**2)
    change = (found - expected) / (scale[:, :, None] * scale[:, None, :])
    assert 0 < np.abs(np.trace(change, axis1=1, axis2=2)).max() < 6e-4
