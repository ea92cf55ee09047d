"""Look up observables by name, alias or pattern."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from fitlq_theory.contracts import Observable
from fitlq_theory.errors import FitlqError, UnknownNameError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["ObservableRegistry", "load_registry"]

_PROCESS_MODULES = (
    "b_to_c_lepton_neutrino",
    "leptonic_charged",
    "bc_lifetime",
    "b_to_s_neutrinos",
    "kaon_to_pion_neutrinos",
    "meson_mixing",
    "lepton_dipoles",
    "neutrino_trident",
    "lepton_to_lepton_photon",
    "lepton_to_three_leptons",
    "muon_conversion",
    "muonium_conversion",
    "b_to_u_lepton_neutrino",
    "bc_to_jpsi_lepton_neutrino",
    "lambda_b_to_lambda_c_lepton_neutrino",
    "b_to_x_c_lepton_neutrino",
    "c_to_s_d_lepton_neutrino",
    "s_to_u_lepton_neutrino",
    "light_meson_leptonic",
    "tau_lepton_decays",
    "beauty_lifetime_differences",
    "charm_mixing",
    "b_to_d_neutrinos",
    "inclusive_b_to_s_neutrinos",
    "b_to_s_neutrinos_hadronic_mass",
    "b_to_vector_photon",
    "b_to_x_photon",
    "z_and_w_pole",
    "b_to_lepton_pair",
    "kaon_to_lepton_pair",
    "charm_to_lepton_pair",
    "meson_to_pion_lepton_pair",
    "charm_to_pion_lepton_pair",
    "neutral_pion_to_lepton_pair",
    "tau_to_lepton_meson",
    "tau_to_lepton_strange_meson",
    "dark_sector",
    "lambdab_to_lambda_leptons",
    "b_to_k_lepton_pair",
    "b_to_kstar_lepton_pair",
    "bs_to_phi_lepton_pair",
    "b_to_s_two_leptons",
    "b_to_x_s_lepton_pair",
)
_ENTRY_POINT_GROUP = "fitlq.observables"


class ObservableRegistry:
    """Immutable collection of observables.

    Parameters
    ----------
    observables : iterable of Observable
    processes : mapping of str to str, optional
        Name of an observable -> the process it belongs to.
    titles : mapping of str to str, optional
        Process -> what it is, in one line.

    Raises
    ------
    FitlqError
        Two observables claim the same name or alias.
    """

    def __init__(
        self,
        observables: Iterable[Observable],
        processes: Mapping[str, str] | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        self._processes = dict(processes or {})
        self.titles: Mapping[str, str] = dict(titles or {})
        self._observables: dict[str, Observable] = {}
        self._by_any_name: dict[str, Observable] = {}
        for observable in observables:
            self._observables[observable.name] = observable
            for name in (observable.name, *observable.aliases):
                if name in self._by_any_name:
                    msg = f"two observables are called {name!r}"
                    raise FitlqError(msg)
                self._by_any_name[name] = observable

    def __iter__(self) -> Iterator[Observable]:
        return iter(self._observables.values())

    def __len__(self) -> int:
        return len(self._observables)

    def __contains__(self, name: str) -> bool:
        return name in self._by_any_name

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical names."""
        return tuple(self._observables)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Canonical names and aliases."""
        return tuple(self._by_any_name)

    def resolve(self, name: str) -> Observable:
        """The observable called `name` (canonical or alias); `UnknownNameError` with the nearest names otherwise."""
        try:
            return self._by_any_name[name]
        except KeyError:
            raise UnknownNameError(unknown_name_message("observable", name, self._by_any_name)) from None

    def find(self, pattern: str) -> tuple[Observable, ...]:
        """Observables with a name or alias equal to `pattern` or matching it as a shell pattern (`*`, `?`)."""
        if pattern in self._by_any_name:
            return (self._by_any_name[pattern],)
        return tuple(o for o in self if any(fnmatchcase(n, pattern) for n in (o.name, *o.aliases)))

    def process_of(self, name: str) -> str:
        """The process of an observable: the module its formulas are in, or the plug-in; empty if nobody said."""
        return self._processes.get(self.resolve(name).name, "")

    def check(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Raise `InputError` if there is no such observable or its arguments are impossible."""
        self.resolve(name).check_arguments(arguments)


@cache
def load_registry() -> ObservableRegistry:
    """The shipped observables and those of installed plug-ins (entry points ``fitlq.observables``).

    A plug-in is a callable ``observables(point) -> iterable of Observable``; one that fails is named in a warning and left
    out. The collection is immutable and made once per process.
    """
    point = load_inputs().point()
    found: list[Observable] = []
    processes: dict[str, str] = {}
    titles: dict[str, str] = {}
    for module_name in _PROCESS_MODULES:
        module = import_module(f"fitlq_theory.observables.{module_name}")
        here = module.observables(point)
        found.extend(here)
        processes |= dict.fromkeys((o.name for o in here), module_name)
        titles[module_name] = (module.__doc__ or "").partition("\n")[0].rstrip(".")
    for entry_point in entry_points(group=_ENTRY_POINT_GROUP):
        here = _plugged(entry_point.name, entry_point.load, point)
        found.extend(here)
        processes |= dict.fromkeys((o.name for o in here), entry_point.name)
        titles[entry_point.name] = f"plug-in {entry_point.name}"
    return ObservableRegistry(found, processes, titles)


def _plugged(name: str, load: Callable[[], Any], point: ParameterPoint) -> tuple[Observable, ...]:
    try:
        return tuple(load()(point))
    except Exception as error:  # noqa: BLE001 - a broken plug-in must not break the package
        warnings.warn(f"plug-in {name!r} offers no observables: {error}", stacklevel=3)
        return ()
