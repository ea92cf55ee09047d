"""The declarative description of an analysis: everything that makes a likelihood, as plain data that fits in a YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitlq.analysis_fields import AnalysisError, normalised_fields
from fitlq.likelihood.construction import MIN_EFFECT, LikelihoodOptions
from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.likelihood import Likelihood
    from fitlq.measurements.selection import Policy

__all__ = ["Analysis", "AnalysisError"]

_SCHEMA = "fitlq-analysis/1"
_POLICIES = ("average", "individual")
_WET = "wet"


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is fitted to what.

    Attributes
    ----------
    model : str or None
        Name of a shipped or installed model; ``wet`` takes its parameters from `free` and `fix`.
    model_file : str or None
        A model of one's own: a Python file; `model` then picks one of several in it by name.
    fix : mapping of str to float
    free : mapping of str to (low, high) or None
    observables, exclude : tuple of str
        Names or shell-style wildcards.
    as_of : str or None
        Day of the data, ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None: everything.
    policy : {"average", "individual"}
    data : tuple of str
        Folders or files with measurements of one's own, laid over the shipped ones.
    include : tuple of str
        Entries to use although they are off by default: ids, wildcards, ``unverified``, ``projected``.
    representations : mapping of str to str
        Form of a data set to use instead of the default one, by group.
    theory_errors, inputs, input_choices, limit_shape, min_effect
        As for `Likelihood`.
    seed : int
        Of everything random.

    Raises
    ------
    AnalysisError
        A value of the wrong kind.
    """

    model: str | None = None
    model_file: str | None = None
    fix: Mapping[str, float] = field(default_factory=dict)
    free: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)
    observables: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    as_of: str | None = None
    policy: Policy = "average"
    data: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    representations: Mapping[str, str] = field(default_factory=dict)
    theory_errors: str = "marginal"
    inputs: str = "default"
    input_choices: Mapping[str, str] = field(default_factory=dict)
    limit_shape: str = "half-normal"
    min_effect: float = MIN_EFFECT
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value in normalised_fields(self).items():
            object.__setattr__(self, name, value)
        if self.model is None and self.model_file is None:
            msg = "an analysis needs model (a name) or model_file (a Python file)"
            raise AnalysisError(msg)
        if self.policy not in _POLICIES:
            raise AnalysisError(unknown_name_message("policy", self.policy, _POLICIES))
        LikelihoodOptions(theory_errors=self.theory_errors, limit_shape=self.limit_shape, min_effect=self.min_effect).check()

    def load_model(self) -> Model:
        """The model; errors as for `fitlq.load_model` and for a model file."""
        from fitlq_theory import models

        if self.model_file is not None:
            return models.load_model_file(Path(self.model_file), self.model)
        if self.model == _WET:
            if not (self.free or self.fix):
                msg = "model 'wet': name its coefficients in free (or fix), for example CVL_bctaunutau"
                raise AnalysisError(msg)
            return models.wet_model([*self.free, *self.fix], _wet_ranges(self.free, self.fix))
        return models.load_model(str(self.model))

    def build(self) -> Likelihood:
        """Read the data, prepare the predictions, and make the likelihood."""
        from fitlq.likelihood import Likelihood
        from fitlq.measurements import load_measurements

        model = self.load_model()
        data = load_measurements(
            as_of=self.as_of,
            policy=self.policy,
            directories=self.data,
            include=self.include,
            representations=self.representations,
        )
        likelihood = Likelihood(
            model,
            data,
            theory_errors=self.theory_errors,
            inputs=self.inputs,
            input_choices=self.input_choices,
            fix=self.fix,
            free=self.free,
            observables=self.observables,
            exclude=self.exclude,
            limit_shape=self.limit_shape,
            min_effect=self.min_effect,
        )
        likelihood.analysis = self
        return likelihood

    @classmethod
    def of(cls, likelihood: Likelihood, seed: int = 0) -> Analysis:
        """The description of a likelihood made by hand, as far as it can be described.

        Raises
        ------
        AnalysisError
            A model that is neither shipped nor installed, inputs without a name, or measurements added or taken out by hand.
        """
        from fitlq_theory.models import shipped_models

        options = likelihood.options
        if likelihood.model.name not in shipped_models() or not isinstance(options.inputs, str):
            msg = f"model {likelihood.model.name!r} or its inputs cannot be named in a file; give the Analysis yourself"
            raise AnalysisError(msg)
        free = options.free
        if not isinstance(free, Mapping):
            free = dict.fromkeys([free] if isinstance(free, str) else free or ())
        if likelihood.model.name == _WET:
            free = {**dict.fromkeys(likelihood.parameters), **free}
        found = cls(
            model=likelihood.model.name,
            fix=options.fix or {},
            free=free,
            observables=options.observables or (),
            exclude=options.exclude or (),
            as_of=str(likelihood.data.as_of),
            policy=likelihood.data.policy,
            include=likelihood.data.rules.include,
            representations=likelihood.data.rules.representations,
            theory_errors=options.theory_errors,
            inputs=options.inputs,
            input_choices=options.input_choices or {},
            limit_shape=options.limit_shape,
            min_effect=options.min_effect,
            seed=seed,
        )
        if found.build().content_hash != likelihood.content_hash:
            msg = "the measurements were changed by hand and cannot be named in a file; give the Analysis yourself"
            raise AnalysisError(msg)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without what is at its default."""
        result: dict[str, Any] = {"schema": _SCHEMA}
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None or (isinstance(value, (tuple, dict)) and not value):
                continue
            if one.name == "free":
                value = {name: None if ends is None else list(ends) for name, ends in value.items()}
            result[one.name] = list(value) if isinstance(value, tuple) else value
        return result

    def to_yaml(self) -> str:
        """As a YAML document."""
        import yaml

        return yaml.safe_dump(self.to_dict(), sort_keys=False, allow_unicode=True, width=120)

    @classmethod
    def from_yaml(cls, source: str | Path) -> Analysis:
        """Read a file, or a YAML document given as text of more than one line.

        Raises
        ------
        AnalysisError
            The file cannot be read, a key is unknown, or a value is of the wrong kind; file and key are named.
        """
        from fitlq_theory.strict_yaml import load_yaml

        if isinstance(source, str) and "\n" in source:
            text, name = source, "analysis"
        else:
            name = str(source)
            text = _read(Path(source))
        content = load_yaml(text, name)
        if not isinstance(content, Mapping):
            msg = f"{name}: expected a mapping with the keys of an analysis"
            raise AnalysisError(msg)
        keys = {key: value for key, value in content.items() if key != "schema"}
        if content.get("schema") != _SCHEMA:
            msg = f"{name}: schema: expected {_SCHEMA!r}, found {content.get('schema')!r}"
            raise AnalysisError(msg)
        allowed = [one.name for one in fields(cls)]
        for key in keys:
            if key not in allowed:
                msg = f"{name}: {unknown_name_message('key', str(key), allowed)}"
                raise AnalysisError(msg)
        try:
            return cls(**keys)
        except InputError as error:
            msg = f"{name}: {error}"
            raise AnalysisError(msg) from None


def _wet_ranges(free: Mapping[str, tuple[float, float] | None], fix: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Ranges of coefficients wide enough for what the user asks for; they have to contain the Standard Model, 0."""
    ranges = {name: (min(ends[0], 0.0), max(ends[1], 0.0)) for name, ends in free.items() if ends and ends[0] < ends[1]}
    return ranges | {name: (-abs(value), abs(value)) for name, value in fix.items() if value != 0.0}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read as an analysis file ({error})"
        raise AnalysisError(msg) from None
