"""A chain that already lies in a result folder: continued, refused, or set aside, never mixed with another problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fitlq.cli.progress import say
from fitlq.errors import InputError

__all__ = ["check_chain", "set_aside_foreign_chain"]


def check_chain(file: Path, likelihood: Any, seed: int | None, walkers: int | None, *, set_aside: bool) -> int | None:
    """Refuse a chain that cannot be continued before anything beside it is written; the seed to go on with.

    With `set_aside` it is kept under another name instead.

    Raises
    ------
    InputError
        The chain is of another problem, seed or number of walkers, or the file is none.
    """
    from fitlq.sampling import Chain

    chain = Chain.load(file)
    if chain.fingerprint != likelihood.content_hash:
        different = "its model, data, inputs, options or version of the code differ"
    elif seed is not None and chain.seed != seed:
        different = f"its seed is {chain.seed}, here it is {seed}"
    elif walkers is not None and chain.walkers != walkers:
        different = f"it has {chain.walkers} walkers, here {walkers} are asked for"
    else:
        return chain.seed
    if set_aside:
        _keep(file, different)
        return seed
    msg = f"{file}: cannot be continued: {different}. It was left as it is; choose another folder"
    raise InputError(msg)


def set_aside_foreign_chain(folder: Path, likelihood: Any) -> None:
    """Before a new fit is written: a chain of other data or another model must not stand beside it."""
    file = folder / "chain.h5"
    if file.exists():
        check_chain(file, likelihood, None, None, set_aside=True)


def _keep(file: Path, different: str) -> None:
    file.replace(file.with_name("chain-before.h5"))
    picture = file.with_name("corner.png")
    if picture.exists():
        picture.replace(picture.with_name("corner-before.png"))
    say(f"{file}: {different}; kept as chain-before.h5, a new chain can be made")
