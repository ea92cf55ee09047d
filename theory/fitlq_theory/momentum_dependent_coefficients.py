r"""b -> s l l with Wilson coefficients that depend on q2: mediators lighter than the B meson.

A mediator of mass m and width Gamma coupled to :math:`\bar s b` and to leptons gives what a heavy one gives, with coefficients

.. math:: C(q^2) = C \, \frac{m^2}{m^2 - q^2 - i m \Gamma}.

`prediction_with_profiles` puts any function of q2 through the amplitudes of all observables of B -> K l l, B -> K* l l and
Bs -> phi l l (in bins, at one q2, ratios and differences of leptons), at many points of a model at once, without an
approximation but that of the nodes of a bin: a resonance inside the bin that is narrower than the distance of its nodes is not
seen. On-shell production of the mediator is a decay of its own.

A phase has two sources. Those of couplings change sign for the CP conjugate decay, those of propagators do not: `Profile`
keeps them apart.

In a model::

    def predictions(self, points, point):
        c9 = Profile(points[:, 0], propagator(points[:, 1], points[:, 2]))

        def angular(**edges):
            return shift_from_profiles(point, "<P5p>(B0->K*mumu)", edges, {"C9_bsmumu": c9})

        return {"<P5p>(B0->K*mumu)": angular}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.compiled import combine
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.effective_coefficients import coefficients_of
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.observables import load_registry
from fitlq_theory.observables.bs_to_phi_lepton_pair import UntaggedChannel, UntaggedForms
from fitlq_theory.observables.meson_dilepton_amplitudes import decay_amplitudes
from fitlq_theory.observables.meson_dilepton_angular import PSEUDOSCALAR_COEFFICIENTS, VECTOR_COEFFICIENTS
from fitlq_theory.observables.meson_dilepton_forms import AngularForms, Edges, nodes_and_kernels
from fitlq_theory.observables.meson_dilepton_mixing import into_same_state
from fitlq_theory.observables.meson_dilepton_modes import DileptonMode
from fitlq_theory.observables.meson_dilepton_observables import Channel
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["Profile", "nodes_of", "prediction_with_profiles", "propagator", "shift_from_profiles"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Shape = ArrayLike | Callable[[Real], ArrayLike]
AnyChannel = Channel | UntaggedChannel


@dataclass(frozen=True, slots=True)
class Profile:
    """A Wilson coefficient as a function of q2: weak times strong.

    Attributes
    ----------
    weak : array_like or callable
        Complex conjugated in the decay of the antiquark: couplings.
    strong : array_like or callable
        Not conjugated: propagators, loops of light particles.

    Notes
    -----
    Each is a number, one per parameter point (N,), or (N, n) on the nodes of the bin (`nodes_of`). A callable gets q2 (n,) in
    GeV^2 and returns (n,) or (N, n).
    """

    weak: Shape
    strong: Shape = 1.0


def propagator(mass: ArrayLike, width: ArrayLike = 0.0) -> Callable[[Real], Complex]:
    """m^2/(m^2 - q2 - i m Gamma) for N masses and widths in GeV, as the strong part of a `Profile`: q2 (n,) -> (N, n)."""
    m, gamma = (np.atleast_1d(np.asarray(x, dtype=np.float64))[:, None] for x in (mass, width))

    def shape(q2: Real) -> Complex:
        return np.asarray(m**2 / (m**2 - q2 - 1j * m * gamma))

    return shape


def nodes_of(point: ParameterPoint, name: str, arguments: Arguments) -> dict[str, Real]:
    """The values of q2 (n,) in GeV^2 at which coefficients are needed, by lepton.

    Parameters
    ----------
    point : ParameterPoint
        Masses; ``load_inputs().point()``.
    name : str
        Name or alias of an observable.
    arguments : mapping of str to float

    Raises
    ------
    InputError
        Not an observable of a meson and a pair of equal leptons, or impossible arguments.
    """
    observable, found = _checked(name, arguments), {}
    evaluation = _Evaluation({}, _untagged(observable))

    def angular(p: ParameterPoint, mode: DileptonMode, lepton: str, edges: Edges) -> AngularForms | UntaggedForms:
        found[lepton] = nodes_and_kernels(p, mode, (lepton, lepton), edges)[0]
        return evaluation(p, mode, lepton, edges)

    _through(observable, angular)(point, arguments)
    return found


def prediction_with_profiles(
    point: ParameterPoint, name: str, arguments: Arguments, profiles: Mapping[str, Profile | Shape]
) -> Real:
    """Predictions at N parameter points for coefficients that depend on q2.

    Parameters
    ----------
    point : ParameterPoint
        Inputs; ``load_inputs().point()``.
    name : str
        Name or alias of an observable of B -> K l l, B -> K* l l or Bs -> phi l l.
    arguments : mapping of str to float
        ``q2min`` and ``q2max``, ``q2``, or nothing.
    profiles : mapping of str to Profile
        By name of the coefficient (``"C9_bsmumu"``, WCxf basis "WET, flavio", new physics only). What is no `Profile` is its
        weak part: a number or an array (N,) is an ordinary Wilson coefficient. Mixing of Bs is that of the Standard Model.

    Returns
    -------
    ndarray, shape (N,)
        N is 1 if no profile says otherwise.

    Raises
    ------
    InputError
        Not an observable of a meson and a pair of equal leptons, impossible arguments, a shape that fits neither points nor
        nodes.
    UnknownNameError
        A coefficient the observable does not read.
    """
    observable = _checked(name, arguments)
    known = [c.name for c in observable.coefficients if not c.name.endswith("_bsbs")]
    for coefficient in profiles:
        if coefficient not in known:
            raise UnknownNameError(unknown_name_message(f"coefficient of {observable.name}", coefficient, known))
    full = {c: profile if isinstance(profile, Profile) else Profile(profile) for c, profile in profiles.items()}
    angular = _Evaluation(full, _untagged(observable))
    forms = _through(observable, angular)(point, arguments)
    return np.asarray(combine(forms.quadratic.T, forms.powers, forms.combination), dtype=np.float64)


def shift_from_profiles(
    point: ParameterPoint,
    name: str,
    arguments: Arguments,
    profiles: Mapping[str, Profile | Shape],
    constants: Mapping[str, ArrayLike] | None = None,
) -> Real:
    """What profiles add to a prediction with constant coefficients: the contribution a model returns from `predictions`.

    Parameters
    ----------
    point, name, arguments, profiles
        As in `prediction_with_profiles`.
    constants : mapping of str to array_like, optional
        Wilson coefficients (N,) that the same model hands over for this observable, with which the profiles interfere. None of
        them may have a profile, too.

    Returns
    -------
    ndarray, shape (N,)
    """
    constants = constants or {}
    if both := sorted(set(constants) & set(profiles)):
        msg = f"{both[0]} is given as a constant and as a profile: add the constant to the profile"
        raise InputError(msg)
    before = prediction_with_profiles(point, name, arguments, dict(constants))
    return prediction_with_profiles(point, name, arguments, {**constants, **profiles}) - before


def _checked(name: str, arguments: Arguments) -> Observable:
    observable = load_registry().resolve(name)
    observable.check_arguments(arguments)
    if not _channels(observable):
        msg = f"{observable.name}: coefficients that depend on q2 are for decays of a B meson into a meson and two equal leptons"
        raise InputError(msg)
    return observable


def _channels(observable: Observable) -> list[AnyChannel]:
    """The channels an observable is bound to."""
    bound = observable.forms.args if isinstance(observable.forms, partial) else ()
    flat = [x for item in bound for x in (item if isinstance(item, tuple) else (item,))]
    return [x for x in flat if isinstance(x, (Channel, UntaggedChannel))]


def _untagged(observable: Observable) -> bool:
    return isinstance(_channels(observable)[0], UntaggedChannel)


def _through(observable: Observable, angular: Any) -> Callable[[ParameterPoint, Arguments], Forms]:
    """The forms of an observable with other angular coefficients."""

    def bound(item: Any) -> Any:
        if isinstance(item, (Channel, UntaggedChannel)):
            return replace(item, angular=angular)
        if isinstance(item, tuple) and any(isinstance(x, (Channel, UntaggedChannel)) for x in item):
            return tuple(bound(x) for x in item)
        return item

    forms = observable.forms
    return partial(forms.func, *map(bound, forms.args), **forms.keywords) if isinstance(forms, partial) else forms


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """Angular coefficients of a bin as values at N points, in place of forms."""

    profiles: Mapping[str, Profile]
    untagged: bool

    def __call__(self, point: ParameterPoint, mode: DileptonMode, lepton: str, edges: Edges) -> AngularForms | UntaggedForms:
        q2, kernels = nodes_and_kernels(point, mode, (lepton, lepton), edges)
        amplitudes = [self._amplitudes(point, mode, lepton, q2, conjugate=conjugate) for conjugate in (False, True)]
        decay, antiparticle = (_summed(kernels, h, h).real for h in amplitudes)
        names = VECTOR_COEFFICIENTS if mode.vector else PSEUDOSCALAR_COEFFICIENTS
        plain = AngularForms(decay + antiparticle, decay - antiparticle, names)
        if not self.untagged:
            return plain
        return UntaggedForms(plain, 2 * _summed(kernels, amplitudes[0], into_same_state(amplitudes[1])).conj())

    def _amplitudes(self, point: ParameterPoint, mode: DileptonMode, lepton: str, q2: Real, *, conjugate: bool) -> Complex:
        """Amplitudes (n, a, N) at the nodes."""
        rows = decay_amplitudes(point, mode, q2, 2 * (point[f"m_{lepton}"],), conjugate=conjugate)
        result = np.repeat(rows[:, :, :1], self._points(q2), axis=2)
        for k, coefficient in enumerate(coefficients_of(lepton)):
            if coefficient.name in self.profiles:
                profile = self.profiles[coefficient.name]
                weak, strong = (_part(coefficient.name, part, q2) for part in (profile.weak, profile.strong))
                values = (weak.conj() if conjugate else weak) * strong
                result += rows[:, :, k + 1, None] * values.T[:, None, :]
        return result

    def _points(self, q2: Real) -> int:
        """Number of parameter points of all profiles, also those of another lepton."""
        counts = {_count(part, q2): name for name, profile in self.profiles.items() for part in (profile.weak, profile.strong)}
        if len(several := sorted(set(counts) - {1})) > 1:
            found = ", ".join(f"{n} ({counts[n]})" for n in several)
            msg = f"profiles are for different numbers of points: {found}"
            raise InputError(msg)
        return several[0] if several else 1


def _part(name: str, part: Shape, q2: Real) -> Complex:
    """A factor of a profile as (N or 1, n or 1)."""
    values = np.asarray(part(q2) if callable(part) else part, dtype=np.complex128)
    if values.ndim == 1:
        values = values[None, :] if callable(part) else values[:, None]
    values = np.atleast_2d(values)
    if values.ndim != 2 or values.shape[1] not in (1, len(q2)):
        msg = f"{name}: a profile has the shape (N,) or (N, {len(q2)}), points and nodes; found {np.shape(values)}"
        raise InputError(msg)
    return values


def _count(part: Shape, q2: Real) -> int:
    """Parameter points of a factor of a profile."""
    shape = np.shape(part(q2) if callable(part) else part)
    return shape[0] if len(shape) > (1 if callable(part) else 0) else 1


def _summed(kernels: Complex, left: Complex, right: Complex) -> Complex:
    """Sum over nodes of left^dagger K right at each point: (n, c, a, a) and (n, a, N) -> (c, N)."""
    nodes, coefficients, size, _ = kernels.shape
    applied = (kernels.reshape(nodes, coefficients * size, size) @ right).reshape(nodes, coefficients, size, -1)
    return np.asarray(np.einsum("nap,ncap->cp", left.conj(), applied))
