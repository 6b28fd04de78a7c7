"""In a notebook's kernel: keep the values that its cells give to names which later cells need."""
import ast
import json
from pathlib import Path
from typing import Any

import numpy as np
from IPython.core.getipython import get_ipython
from numpy import ndarray as Array

from cs231n_lite.exercises.packing import packed
from cs231n_lite.exercises.stored import bound, dataset_of, digest

LARGEST = 2**17  # bytes of an array; what is larger is no weights


class Recorder:
    """Listens to the kernel that it is made in; `save` writes what it has kept."""

    def __init__(self, sources: list[str]) -> None:
        shell: Any = get_ipython()
        self.shell = shell
        self.sources = sources
        self.cells: dict[str, dict[str, Any]] = {}
        self.arrays: list[Array] = []
        self.shell.events.register("post_run_cell", self.ended)

    def ended(self, result: Any) -> None:
        """What IPython calls after a cell."""
        source = result.info.raw_cell
        if source in self.sources:
            later = self.sources[self.sources.index(source) + 1:]
            names = bound(source) & {name for cell in later for name in used(cell)}
            self.cells[digest(source)] = {name: tree for name in sorted(names)
                                          for tree in self.kept(self.shell.user_ns.get(name))}

    def kept(self, value: Any) -> list:
        """The value packed, in a list; nothing where it cannot be, or is too large."""
        arrays: list[Array] = list(self.arrays)
        try:
            tree = packed(value, arrays)
        except TypeError:
            return []
        if any(array.nbytes > LARGEST for array in arrays[len(self.arrays):]):
            return []
        self.arrays = arrays
        return [tree]

    def save(self, path: str) -> None:
        """Write the values, with the name of the dataset."""
        known = {"dataset": dataset_of(self.shell.user_ns), "cells": self.cells}
        arrays: dict[str, Any] = {str(number): each for number, each in enumerate(self.arrays)}
        np.savez(Path(path), cells=np.frombuffer(json.dumps(known).encode(), np.uint8), **arrays)


def used(source: str) -> set[str]:
    """The names whose values a cell asks for, also in its functions."""
    return {node.id for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
