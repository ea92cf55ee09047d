"""What an import did: one line per block of the source, with everything guessed and everything that was not expressed."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BlockReport", "ImportReport"]


@dataclass(frozen=True, slots=True)
class BlockReport:
    """One block (a named measurement, a table, a workspace) of the source.

    Attributes
    ----------
    name : str
        As in the source.
    entries : tuple of str
        Ids of the entries made of it.
    found, written : int
        Numbers in the block, and those that stand in the entries.
    guessed : tuple of str
        What the source does not say.
    not_expressed : tuple of str
        What the source says and the entries do not.
    off_by_default : tuple of str
        Why a fit does not use some of the entries unless asked to.
    remarks : tuple of str
        Anything else, e.g. the comparison with the database.
    """

    name: str
    entries: tuple[str, ...] = ()
    found: int = 0
    written: int = 0
    guessed: tuple[str, ...] = ()
    not_expressed: tuple[str, ...] = ()
    off_by_default: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The block in one line."""
        target = ", ".join(self.entries) or "nothing written"
        written, found = self.written, self.found
        count = _plural(found, "number") if written == found else f"{written} of {_plural(found, 'number')}"
        parts = [f"{self.name} -> {target} ({count})"]
        parts += [f"NOT EXPRESSED: {text}" for text in self.not_expressed]
        parts += [f"guessed: {', '.join(self.guessed)}"] if self.guessed else []
        parts += [f"off by default: {text}" for text in self.off_by_default]
        return "; ".join([*parts, *self.remarks])


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of an import.

    Attributes
    ----------
    source : str
        Name of the file that was read.
    folder : str
        Where the files were written.
    files : tuple of str
        Their names.
    general : tuple of str
        What holds for every block.
    blocks : tuple of BlockReport
    unknown_names : tuple of str
        Names of observables that neither the theory layer nor the vocabulary knows; they stand in ``vocabulary.yaml``.
    """

    source: str
    folder: str
    files: tuple[str, ...]
    general: tuple[str, ...]
    blocks: tuple[BlockReport, ...]
    unknown_names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The report for people: a summary, what holds for all blocks, one line per block, the unknown names."""
        lines = [self.summary, *(f"  {text}" for text in self.general), "", *(block.line for block in self.blocks)]
        if self.unknown_names:
            count = _plural(len(self.unknown_names), "name")
            lines += ["", f"{count} unknown to fitlq, explained in {self.folder}/vocabulary.yaml (complete it by hand):"]
            lines += [f"  {name}" for name in self.unknown_names]
        return "\n".join(lines)

    @property
    def summary(self) -> str:
        """How much of the source was written, in one sentence."""
        found, written = (sum(getattr(block, key) for block in self.blocks) for key in ("found", "written"))
        entries = sum(len(block.entries) for block in self.blocks)
        lost = sum(bool(block.not_expressed) for block in self.blocks)
        held = sum(bool(block.off_by_default) for block in self.blocks)
        text = (
            f"{self.source}: {written} of {_plural(found, 'number')} in {_plural(len(self.blocks), 'block')} written as "
            f"{_plural(entries, 'entry', 'entries')} to {_plural(len(self.files), 'file')} of {self.folder}"
        )
        text += f"; something is not expressed in {_plural(lost, 'block')}" if lost else "; everything is expressed"
        return text + (f"; {_plural(held, 'block')} off by default" if held else "")


def _plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
