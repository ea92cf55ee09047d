"""Fit and sample into a result folder: the work behind ``fitlq sample`` and ``fitlq quickstart``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.cli.answer import Interrupted
from fitlq.cli.fit import build
from fitlq.cli.interruption import InterruptibleProgress
from fitlq.cli.progress import say
from fitlq.cli.stored_chain import check_chain

if TYPE_CHECKING:
    from fitlq.analysis import Analysis
    from fitlq.fitting import Fit
    from fitlq.sampling import Chain

__all__ = ["sample_into"]


def sample_into(
    folder: Path | None,
    analysis: Analysis,
    *,
    walkers: int | None,
    steps: int,
    until_converged: bool,
    seed: int | None = None,
    set_aside: bool = False,
) -> tuple[Fit, Chain]:
    """Fit, sample into ``chain.h5`` of `folder` (None: memory only) and write pictures and report.

    Without `seed` a chain that is there goes on with its own, and a new one takes that of the analysis.

    A chain of other data or another version is refused, or with `set_aside` renamed to ``chain-before.h5``.

    Raises
    ------
    Interrupted
        Ctrl-C while sampling; what was written so far stays.
    """
    from fitlq.fitting import fit
    from fitlq.report.result_files import write_pictures_and_report
    from fitlq.results import write_fit
    from fitlq.sampling import sample

    likelihood = build(analysis)
    file = None if folder is None else folder / "chain.h5"
    if file is not None and file.exists():
        seed = check_chain(file, likelihood, seed, walkers, set_aside=set_aside)
    seed = analysis.seed if seed is None else seed
    best = fit(likelihood, seed=seed, progress=False)
    say(f"best fit: χ² = {best.chi2:.2f} with {best.ndof} degrees of freedom")
    if folder is not None:
        write_fit(folder, analysis, best)
    try:
        with InterruptibleProgress() as progress:
            chain = sample(
                likelihood,
                start=best,
                walkers=walkers,
                steps=steps,
                until_converged=until_converged,
                file=file,
                seed=seed,
                progress=progress,
            )
    except KeyboardInterrupt:
        raise Interrupted(_saved(file)) from None
    if folder is not None:
        write_pictures_and_report(folder, analysis, best, chain)
        say(f"written: {folder}")
    return best, chain


def _saved(file: Path | None) -> str:
    if file is None or not file.exists():
        return "no samples were written"
    from fitlq.sampling import Chain

    steps = Chain.load(file).steps
    return f"{steps} steps are saved in {file}; the same command continues from there"
