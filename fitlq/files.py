"""Writing files so that a reader, or a run that is killed, never sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from fitlq_theory.errors import InputError

__all__ = ["replace_atomically", "write_bytes_atomically", "write_text_atomically"]


def replace_atomically(path: str | Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in place in one step.

    Parameters
    ----------
    path : str or Path
        Its folder must exist.
    write : callable
        Gets the name of the temporary file.

    Raises
    ------
    InputError
        The folder does not exist or cannot be written.
    """
    target = Path(path)
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        os.close(descriptor)
    except OSError as error:
        msg = f"{target}: cannot be written ({error.strerror})"
        raise InputError(msg) from None
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes_atomically(path: str | Path, content: bytes) -> None:
    """Replace the file by `content` in one step; errors as for `replace_atomically`."""

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    replace_atomically(path, write)


def write_text_atomically(path: str | Path, text: str) -> None:
    """Replace the file by `text` (UTF-8) in one step; errors as for `replace_atomically`."""
    write_bytes_atomically(path, text.encode("utf-8"))


def _umask() -> int:
    """Permissions of new files: a temporary file is private, the result should be as readable as any other."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
