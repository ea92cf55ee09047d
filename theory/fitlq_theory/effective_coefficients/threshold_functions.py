r"""Two- and three-point functions of a quark loop, over :math:`\tau = 4m^2/s` with s > 0 and :math:`m^2 - i\epsilon`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["angle_from_bubble", "bubble", "squared_angle", "triangle"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


def bubble(tau: Real) -> Complex:
    r"""The two-point function without its logarithm, B_0 of hep-ph/0106067, eq. (29).

    .. math:: -2 \sqrt{\tau - 1} \arctan\frac{1}{\sqrt{\tau - 1}} \quad (\tau > 1), \qquad
              -r \left[\ln\frac{1 + r}{1 - r} - i\pi\right], \quad r = \sqrt{1 - \tau} \quad (\tau < 1)

    It is -2 for a heavy quark (:math:`\tau \to \infty`) and 0 at threshold.
    """
    root = np.sqrt(np.abs(tau - 1.0))
    open_root = np.where(tau < 1.0, root, 0.0)
    above = -open_root * (np.log1p(open_root) - np.log1p(-open_root) - 1j * np.pi)
    return np.asarray(np.where(tau < 1.0, above, -2.0 * root * np.arctan2(1.0, root)))


def squared_angle(tau: Real) -> Complex:
    r"""The three-point function f of a loop with a massless external leg: :math:`-\frac12 [L_1(x_+) + L_1(x_-)]` there.

    :math:`\arcsin^2(1/\sqrt\tau)` above 1, :math:`-\frac14 [\ln\frac{1+r}{1-r} - i\pi]^2` with :math:`r = \sqrt{1 - \tau}` below,
    in both cases :math:`B_0^2/(4(\tau - 1))`. L_1 is the combination of dilogarithms of hep-ph/0106067, eq. (32).
    """
    return angle_from_bubble(tau, bubble(tau))


def angle_from_bubble(tau: Real, two_point: Complex) -> Complex:
    """`squared_angle` where the `bubble` is known."""
    off_threshold = np.where(tau == 1.0, 2.0, tau)
    return np.asarray(np.where(tau == 1.0, 0.25 * np.pi**2, two_point**2 / (4.0 * (off_threshold - 1.0))))


def triangle(ratio: Real) -> Complex:
    r""":math:`1 - \tau f(\tau)` with `squared_angle`: 1 for a massless quark and 0 for a heavy one."""
    tau = np.asarray(ratio, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = 1.0 - tau * squared_angle(tau)
    return np.asarray(np.where(tau > 0.0, result, 1.0))
