"""Everything that happens once, when a likelihood is made: read the options, find the terms, ask for the predictions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.assembling import Assembly, assemble
from fitlq.likelihood.between_entries import Between, covariances_between_entries
from fitlq.likelihood.columns import ObservableColumns, PredictionsLike, choice_of_measurements, pattern_list
from fitlq.likelihood.effect_of_model import effects_by_entry, errors_of_numbers
from fitlq.likelihood.limits import LIMIT_SHAPES
from fitlq.likelihood.parameters import FreeParameters, choose_free_parameters
from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.measurements import Dataset
    from fitlq.measurements.entry import Entry, ObservableReference
    from fitlq_theory.observables import ObservableRegistry

__all__ = ["THEORY_ERRORS", "Construction", "LikelihoodOptions", "construct"]

Real = NDArray[np.float64]
NumberKey = tuple[str, str, tuple[tuple[str, Any], ...]]

THEORY_ERRORS = ("marginal", "sm", "none")
MIN_EFFECT = 0.05
"""Entries of which the model moves no number by more than this, in units of its error, are left out unless asked for."""
_PROBES = 8  # points at which a parameter must change some prediction to count as used
_SEED = 7
_DEFINITION = "likelihood 1"  # to be raised when the same problem gets another likelihood


@dataclass(frozen=True, slots=True)
class LikelihoodOptions:
    """Keywords of `Likelihood`, kept so that it can be made again on other data."""

    theory_errors: str = "marginal"
    inputs: Any = "default"
    input_choices: Mapping[str, str] | None = None
    fix: Mapping[str, float] | None = None
    free: Any = None
    observables: Any = None
    exclude: Any = None
    limit_shape: str = "half-normal"
    min_effect: float = MIN_EFFECT

    def as_keywords(self) -> dict[str, Any]:
        """As keywords of `Likelihood`."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def check(self) -> None:
        """Raise `InputError` for a word or number that is not one of those allowed."""
        if not (isinstance(self.min_effect, (int, float)) and 0.0 <= self.min_effect < 1.0):
            msg = f"min_effect must be a number from 0 (use everything) to below 1, found {self.min_effect!r}"
            raise InputError(msg)
        if self.theory_errors == "free":
            msg = "theory errors 'free' (nuisance parameters fitted) are not available yet; choose marginal, sm or none"
            raise InputError(msg)
        for kind, word, allowed in (
            ("treatment of theory errors", self.theory_errors, THEORY_ERRORS),
            ("limit shape", self.limit_shape, LIMIT_SHAPES),
        ):
            if word not in allowed:
                raise UnknownNameError(unknown_name_message(kind, str(word), allowed))


@dataclass(frozen=True, slots=True)
class Construction:
    """The finished parts.

    Attributes
    ----------
    columns : (n,) int or None
        The columns of the predictions in use; None: all, in order.
    between : mapping of (id, id) to array
        Covariance of the numbers of one entry with those of another.
    pattern : (n_observables, n_directions) bool
        Which derivatives of the predictions can differ from zero.
    """

    model: Model
    predictions: PredictionsLike
    inputs: Any
    free: FreeParameters
    assembly: Assembly
    columns: NDArray[np.intp] | None
    between: Between
    pattern: NDArray[np.bool_]
    idle: tuple[str, ...]
    warnings: tuple[str, ...]
    content_hash: str


def construct(model: Model | str, data: Dataset, options: LikelihoodOptions, predictions: PredictionsLike | None) -> Construction:
    """Build the parts of a likelihood; errors as for `Likelihood`."""
    options.check()
    if isinstance(model, str):
        from fitlq_theory.models import load_model

        model = load_model(model)
    free = choose_free_parameters(model.parameters, options.fix, options.free)
    items = list(data)
    registry = _registry(items, predictions)
    columns = _columns(model, registry, predictions)
    assembly = _assembly(data, items, columns, options)
    if predictions is None:
        from fitlq_theory.predictions import Predictions

        inputs = _inputs(options)
        predictions, chosen = Predictions(model, columns.requests, inputs, registry, _errors(assembly, columns)), None
        # what was chosen by name is used, whatever the model does to it
        unmoved = {} if getattr(data, "chosen", False) else _unmoved(assembly, free, predictions, options)
        if unmoved:
            columns = _columns(model, registry, None)
            assembly = _assembly(data, items, columns, options, unmoved)
            predictions = Predictions(model, columns.requests, inputs, registry, _errors(assembly, columns))
    else:
        inputs = getattr(predictions, "inputs", None)
        positions = columns.positions(predictions.observables)
        chosen = None if np.array_equal(positions, np.arange(len(predictions.observables))) else positions
    between, remarks = covariances_between_entries(items, assembly, columns.canonical)
    idle = idle_parameters(free, predictions, chosen)
    return Construction(
        model=model,
        predictions=predictions,
        inputs=inputs,
        free=free,
        assembly=assembly,
        columns=chosen,
        between=between,
        pattern=_pattern(free, predictions),
        idle=idle,
        warnings=(*(f"the free parameter {name} changes no term of the likelihood" for name in idle), *remarks),
        content_hash=_content_hash(free, predictions, assembly, between, options),
    )


def _columns(model: Model, registry: ObservableRegistry | None, predictions: PredictionsLike | None) -> ObservableColumns:
    if predictions is not None:
        return ObservableColumns(registry, predictions.observables)
    from fitlq_theory.predictions import direct_names

    return ObservableColumns(registry, None, direct_names(model))


def _unmoved(
    assembly: Assembly, free: FreeParameters, predictions: PredictionsLike, options: LikelihoodOptions
) -> dict[NumberKey, str]:
    """Numbers to leave out because the model moves none of their entry, with the reason; none if the user chose observables."""
    if options.observables or not options.min_effect or not len(free.free):
        return {}
    effects = effects_by_entry(assembly, free, predictions)
    unmoved = {name for name, effect in effects.items() if effect < options.min_effect}
    if len(unmoved) == len(effects):
        return {}  # the warning about idle parameters says more than an empty likelihood
    reason = f"the model moves it by less than {options.min_effect:.2g} of its error anywhere in its ranges (min_effect)"
    return {_number(row.id, row.observable, row.args): reason for row in assembly.rows if row.id in unmoved}


def _number(identifier: str, observable: str, arguments: Mapping[str, Any]) -> NumberKey:
    return identifier, observable, tuple(sorted(arguments.items()))


def _assembly(
    data: Dataset,
    items: Sequence[Any],
    columns: ObservableColumns,
    options: LikelihoodOptions,
    unmoved: Mapping[NumberKey, str] | None = None,
) -> Assembly:
    idle_names = {name for one in data.left_out for name in (one.entry_id, one.observable, columns.canonical(one.observable))}
    wanted = choice_of_measurements(items, columns.canonical, options.observables, options.exclude, idle_names)
    reasons = unmoved or {}
    asked_for = {*pattern_list(options.observables), *getattr(data, "named", ())}
    by_name = {*asked_for, *map(columns.canonical, asked_for)}

    def doubt(entry: Entry, reference: ObservableReference) -> str | None:
        # whoever asks for a process or by a wildcard does not ask for its doubtful bins
        named = by_name & {entry.id, columns.canonical(reference.name)}
        return None if named else columns.doubt(reference.name, reference.args)

    def reason_against(entry: Entry, reference: ObservableReference) -> str | None:
        return (
            wanted(entry, reference) or reasons.get(_number(entry.id, reference.name, reference.args)) or doubt(entry, reference)
        )

    assembly = assemble(items, columns.column, reason_against, options.limit_shape)
    if not assembly.rows:
        msg = "no measurement is left to compare with: every one was deselected or has no prediction"
        raise InputError(msg)
    return assembly


def _errors(assembly: Assembly, columns: ObservableColumns) -> Real:
    """The smallest experimental error of the numbers that each observable is compared with; 0 where there is none."""
    smallest = np.full(len(columns.requests), np.inf)
    for row, error in errors_of_numbers(assembly):
        smallest[row.column] = min(smallest[row.column], error)
    for term in assembly.grids:
        smallest[term.columns] = np.inf  # a likelihood without a width of its own
    return np.where(np.isfinite(smallest), smallest, 0.0)


def _inputs(options: LikelihoodOptions) -> Any:
    from fitlq_theory.inputs import load_inputs

    if isinstance(options.inputs, str):
        return load_inputs(options.inputs, options.input_choices or None)
    if options.input_choices:
        msg = "choices of inputs can only be made together with the name of a set of inputs"
        raise InputError(msg)
    return options.inputs


def _registry(items: Sequence[Any], predictions: PredictionsLike | None) -> ObservableRegistry | None:
    if predictions is not None:
        known = {name for name, _ in predictions.observables}
        if all(reference.name in known for item in items for reference in item.entry.observables):
            return None
    from fitlq_theory.observables import load_registry

    return load_registry()


def _pattern(free: FreeParameters, predictions: PredictionsLike) -> NDArray[np.bool_]:
    """Derivatives that do not vanish in the Standard Model or at some random point: analytic functions of the parameters
    that vanish at all of them vanish everywhere."""
    random = np.random.default_rng(_SEED + 1).random((_PROBES, len(free.free)))
    jacobian = predictions.values_and_jacobian(free.embed(free.lower + (free.upper - free.lower) * random))[1]
    return np.asarray((predictions.sm_jacobian != 0) | (jacobian != 0).any(axis=0))


def idle_parameters(free: FreeParameters, predictions: PredictionsLike, columns: NDArray[np.intp] | None) -> tuple[str, ...]:
    """Free parameters that change no prediction at random points of their ranges, the fixed ones being where they are."""
    n = len(free.free)
    if not n:
        return ()
    random = np.random.default_rng(_SEED).random((2, _PROBES, n))
    first, second = free.lower + (free.upper - free.lower) * random
    batch = np.concatenate([first, *(np.where(np.arange(n) == k, second, first) for k in range(n))])
    values = predictions.values(free.embed(batch))
    values = (values if columns is None else values[:, columns]).reshape(n + 1, _PROBES, -1)
    same = np.abs(values[1:] - values[0]) <= 1e-12 * np.abs(values[0])
    return tuple(name for name, unchanged in zip(free.names, same.all(axis=(1, 2)), strict=True) if unchanged)


def _content_hash(
    free: FreeParameters,
    predictions: PredictionsLike,
    assembly: Assembly,
    between: Between,
    options: LikelihoodOptions,
) -> str:
    digest = hashlib.sha256()
    content = [
        _DEFINITION,
        predictions.content_hash,
        [(p.name, p.minimum, p.maximum, p.prior) for p in free.free],
        sorted(free.fixed.items()),
        [(row.id, row.observable, sorted(row.args.items())) for row in assembly.rows],
        sorted((list(pair), block.tolist()) for pair, block in between.items()),
        options.theory_errors,
        [grid.content_hash for grid in assembly.grids] or None,
    ]
    digest.update(json.dumps(content).encode())
    for term in (*assembly.symmetric, *assembly.asymmetric):
        for array in (term.central, term.above, term.below, term.mixed):
            digest.update(np.ascontiguousarray(array).tobytes())
    counting, one_sided = assembly.counting, assembly.one_sided
    for array in (
        counting.observed,
        counting.background,
        counting.background_error,
        counting.per_event,
        one_sided.centre,
        one_sided.sigma,
    ):
        digest.update(array.tobytes())
    return digest.hexdigest()
