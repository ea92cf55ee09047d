"""The two contracts between the houses: what an *observable* is and what a *model* is.

``fitlq`` (statistics) talks to the theory layer, to plug-ins and to users' own files through these only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["Argument", "Arguments", "Coefficient", "Combination", "Forms", "Model", "Observable", "Parameter"]

Real = NDArray[np.float64]
Arguments = Mapping[str, float]


@dataclass(frozen=True, slots=True, order=True)
class Coefficient:
    """A Wilson coefficient where it is needed: WCxf name (basis "flavio"), EFT and scale in GeV."""

    name: str
    eft: str
    scale: float


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an observable (a bin edge, a point in q2)."""

    name: str
    unit: str
    minimum: float
    maximum: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Combination:
    """A smooth real function of forms that is no product of powers: an angle, the square root of a sum.

    Attributes
    ----------
    value : callable
        (..., K) forms -> (...) values.
    gradient : callable
        (..., K) forms -> (..., K) derivatives of the value.
    """

    value: Callable[[Real], Real]
    gradient: Callable[[Real], Real]


@dataclass(frozen=True, slots=True)
class Forms:
    """What one observable is made of: forms f_k = x^T Q_k x and the exponents of their product.

    value = prod_k f_k ** powers[k]; x = (1, Re C_1, Im C_1, ...), see `quadratic_forms`. Examples: a branching ratio is
    one form with power 1; R(D) is two forms with powers (1, -1); a mass difference 2|M12| is |M12|^2 with power 1/2.
    Exactly the forms with power 1 may be negative.

    With a `combination` the value is that function of all forms, which may have any sign; `powers` is not used then. It
    should be one object per function (a constant of its module): observables with the same one are evaluated together.

    `simpler`, if given, has the same value for a model that moves only the leading components of x, those of its smaller
    matrices: fewer forms, or no combination.
    """

    quadratic: Real  # (n_forms, 2 n_coefficients + 1, 2 n_coefficients + 1), symmetric
    powers: tuple[float, ...] = (1.0,)
    combination: Combination | None = None
    simpler: Forms | None = None

    def restricted(self, components: NDArray[np.intp]) -> Forms:
        """Forms that suffice where only these `components` of x are not zero."""
        enough = self.simpler is not None and np.max(components) < self.simpler.quadratic.shape[-1]
        return self.simpler if self.simpler is not None and enough else self


@dataclass(frozen=True, slots=True)
class Observable:
    """A quantity the theory layer predicts from Wilson coefficients.

    Attributes
    ----------
    name : str
        flavio's spelling where flavio has the observable.
    aliases : tuple of str
        Other names a user may type, e.g. ``R(D)``.
    coefficients : tuple of Coefficient
        The coefficients it reads, in the order of the columns of its forms.
    forms : callable
        ``forms(point, arguments) -> Forms`` at one `ParameterPoint`; pure.
    arguments : tuple of Argument
        Empty for a number; ``q2min``, ``q2max`` for a bin.
    unit : str
        ``""``, ``"GeV"``, ...
    reference : str
        Where the formula comes from (arXiv number, equation).
    phase_space : callable or None
        ``phase_space(arguments) -> str | None``: the reason why these arguments are impossible, else None.
    only_from_models : bool
        Nothing in the Standard Model or an effective theory predicts it (the density of dark matter); measurements of it are
        compared only with models whose `predictions` contain it.
    doubtful : callable or None
        ``doubtful(arguments) -> str | None``: why the prediction is not to be trusted for these arguments (a bin next to a
        resonance). A fit leaves such numbers out unless they are chosen by name.
    """

    name: str
    tex: str
    description: str
    coefficients: tuple[Coefficient, ...]
    forms: Callable[[ParameterPoint, Arguments], Forms]
    reference: str
    aliases: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    unit: str = ""
    phase_space: Callable[[Arguments], str | None] | None = None
    only_from_models: bool = False
    doubtful: Callable[[Arguments], str | None] | None = None

    def check_arguments(self, arguments: Mapping[str, Any]) -> None:
        """Raise `InputError` for missing, unknown or impossible arguments."""
        wanted = [a.name for a in self.arguments]
        if sorted(arguments) != sorted(wanted):
            msg = f"{self.name}: takes the arguments ({', '.join(wanted) or 'none'}), found ({', '.join(arguments) or 'none'})"
            raise InputError(msg)
        for argument in self.arguments:
            value = arguments[argument.name]
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
                msg = f"{self.name}: {argument.name} must be a number, found {value!r}"
                raise InputError(msg)
            if not argument.minimum - 1e-9 <= value <= argument.maximum + 1e-9:
                msg = (
                    f"{self.name}: {argument.name} = {value:g} {argument.unit} is outside phase space "
                    f"[{argument.minimum:.6g}, {argument.maximum:.6g}]"
                )
                raise InputError(msg)
        problem = self.phase_space(arguments) if self.phase_space else _ordered_edges(arguments)
        if problem:
            msg = f"{self.name}: {problem}"
            raise InputError(msg)


def _ordered_edges(arguments: Mapping[str, float]) -> str | None:
    if "q2min" in arguments and "q2max" in arguments and not arguments["q2min"] < arguments["q2max"]:
        return f"q2min = {arguments['q2min']:g} must be below q2max = {arguments['q2max']:g}"
    return None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a model.

    Attributes
    ----------
    minimum, maximum : float
        The allowed range (flat prior); values outside are an error.
    default : float
        Value when fixed and nothing else is said; for a free parameter the starting point.
    free : bool
        Whether a fit varies it unless told otherwise.
    prior : {"flat", "log"}
        ``"log"``: flat in the logarithm (needs minimum > 0).
    error : float or None
        First step size for a minimiser; a tenth of the range when None.
    """

    name: str
    tex: str
    meaning: str
    minimum: float
    maximum: float
    default: float
    unit: str = ""
    free: bool = True
    prior: Literal["flat", "log"] = "flat"
    error: float | None = None


@runtime_checkable
class Model(Protocol):
    """A model: parameters in, Wilson coefficients out. A user's own class needs no more than this.

    Attributes
    ----------
    name, title, reference : str
    parameters : tuple of Parameter
        The order of the columns of `points`.
    eft, basis : str
        ``("SMEFT", "Warsaw up")`` or ``("WET", "flavio")``.
    scale : float, str or None
        SMEFT: scale of the coefficients in GeV, or the name of the parameter that is it (a mediator mass). WET: None; each
        coefficient is given at the scale of the observable that reads it, nothing runs.

    An optional method ``predictions(points) -> {observable name: (N,)}`` gives contributions that do not come through
    Wilson coefficients (a light mediator, a loop function); they are added to the prediction from the coefficients. With a
    second argument, ``predictions(points, point)``, it gets the theory inputs (`ParameterPoint`: ``point["m_mu"]``), those the
    user chose, and their errors become theory errors of what it returns. For an observable with arguments the mapping has a
    function of them instead of an array: ``{"sigma_SI(chiN->chiN)": lambda m_chi: ...}``.
    An optional attribute ``touches`` names the observables of `predictions`.
    """

    @property
    def name(self) -> str:
        """Short name, as typed."""
        ...

    @property
    def title(self) -> str:
        """One line for tables."""
        ...

    @property
    def reference(self) -> str:
        """Where it comes from."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Columns of `points`."""
        ...

    @property
    def eft(self) -> str:
        """``SMEFT`` or ``WET``."""
        ...

    @property
    def basis(self) -> str:
        """WCxf basis."""
        ...

    @property
    def scale(self) -> float | str | None:
        """GeV, the name of a parameter, or None."""
        ...

    def coefficients(self, points: Real) -> Mapping[str, Any]:
        """Wilson coefficients (new physics only) by WCxf name, each (N,) real or complex; `points` is (N, n_parameters)."""
        ...
