"""For developers: run notebooks on the cartoons and store their outputs, the same bytes each time.

    python tests/store_outputs.py notebooks/svm.ipynb notebooks/softmax.ipynb

Each file is replaced only when every cell of it ran.
"""
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient.exceptions import CellExecutionError, DeadKernelError
from notebook_runs import clean_environment, execute, normalize


def store_outputs(path: Path) -> None:
    """Run the notebook at `path` from its own folder and write it back with its outputs."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as scratch:
        execute(notebook, path.parent, clean_environment(Path(scratch), CS231N_LITE_DATA="cartoon"))
    fresh = path.with_suffix(".ipynb.new")
    fresh.write_text(normalize(notebook), encoding="utf-8")
    fresh.replace(path)


def main(paths: list[str]) -> int:
    """Store the outputs of each notebook; the number of those that could not be run."""
    failed = 0
    for path in paths:
        try:
            store_outputs(Path(path))
        except (CellExecutionError, DeadKernelError) as error:
            failed += 1
            print(f"{path} is left as it was: {error}", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
