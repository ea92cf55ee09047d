"""Whether a list of lists of numbers can be a correlation matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from fitlq.measurements.structure import Problem

__all__ = ["correlation_problems"]

Path = tuple[str | int, ...]

# A published matrix is rounded; below this the rounding of the arithmetic itself is meant, not that of the paper.
_MATRIX_TOLERANCE = 1e-9


def correlation_problems(path: Path, matrix: Sequence[Sequence[float]], count: int) -> Iterator[Problem]:
    """What makes `matrix`, found at `path`, no correlation matrix of `count` numbers."""
    if len(matrix) != count or any(len(row) != count for row in matrix):
        shape = f"{len(matrix)} x {'/'.join(str(n) for n in sorted({len(row) for row in matrix}))}"
        yield path, f"must be a square matrix of {count} x {count} numbers, found {shape}"
        return
    array = np.array(matrix, dtype=np.float64)
    for row, column in np.argwhere(np.abs(array) > 1):
        yield (*path, int(row), int(column)), f"a correlation lies between -1 and 1, found {array[row, column]:g}"
    for index in np.flatnonzero(np.diagonal(array) != 1):
        yield (*path, int(index), int(index)), f"the diagonal must be 1, found {array[index, index]:g}"
    for row, column in np.argwhere(np.triu(np.abs(array - array.T)) > _MATRIX_TOLERANCE):
        yield (
            (*path, int(row), int(column)),
            f"must be symmetric: [{row}][{column}] = {array[row, column]:g}, [{column}][{row}] = {array[column, row]:g}",
        )
    if np.array_equal(array, array.T):
        lowest = float(np.linalg.eigvalsh(array)[0])
        if lowest < -_MATRIX_TOLERANCE:
            yield (
                path,
                f"is not positive semi-definite (smallest eigenvalue {lowest:.3g}): no data can be correlated like this",
            )
