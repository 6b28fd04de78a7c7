"""Speed and memory, each figure measured side by side with what it stands beside.

    python -m benchmarks [NAME ...] [--quick]
    python -m benchmarks --readme [FILE]

Without names, all of them are measured; the table is printed, and written with the curves into
build/bench.json, bench.png and peers.png.  With --readme nothing is measured: FILE, or
build/bench.json, becomes what benchmarks/README.md shows.
"""
import argparse
import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from subprocess import CalledProcessError

import numpy as np

from benchmarks.measure import fresh_process
from benchmarks.report import BUILD, HEAD, HERE, PAGE, Figure, markdown, publish, read, store

NAMES = ["losses", "iteration", "to_accuracy", "peers", "load_cifar10", "out_of_core", "search",
         "notebooks", "busy", "grading", "imports"]


def main(words: list[str] | None = None) -> int:
    """Measure, or publish."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"some of: {', '.join(NAMES)}, growth")
    parser.add_argument("--quick", action="store_true", help="small sizes: does everything run?")
    parser.add_argument("--readme", nargs="?", type=Path, const=BUILD / "bench.json",
                        metavar="FILE")
    arguments = parser.parse_args(words)
    if arguments.readme:
        show(read(arguments.readme))
        return 0
    if unknown := set(arguments.names) - {*NAMES, "growth"}:
        parser.error(f"there is no {', '.join(sorted(unknown))}; "
                     f"the names are {', '.join(NAMES)} and growth.")
    return measure(arguments.names or [*NAMES, "growth"], arguments.quick)


def measure(names: list[str], quick: bool) -> int:
    """Run each in a process with one thread for BLAS; 1 if any of them failed, else 0."""
    result, failed = {"machine": machine(), "figures": [], "growth": [], "peers": []}, []
    print(markdown(HEAD, []), flush=True)
    for name in names:
        module = import_module(f"benchmarks.{name}")
        try:
            if name in ("growth", "peers"):
                result[name] = fresh_process(module.series, quick)
            if name == "growth":
                print("\n" + module.on_page(result["growth"]), flush=True)
            elif name == "peers":
                add(module.figures(result["peers"]), result)
            else:
                add([Figure(*row) for row in fresh_process(module.figures, quick)], result)
        except CalledProcessError:
            failed.append(name)
        save(result, BUILD)
    if failed:
        print(f"not measured, since it failed (see above): {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def add(figures: list[Figure], result: dict) -> None:
    """Print some rows of the table, and keep them."""
    print("\n".join(markdown(figure.row(), []).splitlines()[0] for figure in figures), flush=True)
    result["figures"] += [figure._asdict() for figure in figures]


def machine() -> str:
    """What was measured on."""
    return (f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
            f"Python {platform.python_version()}, NumPy {np.__version__}")


def save(result: dict, folder: Path) -> None:
    """The measurements as JSON and as pictures."""
    from benchmarks.picture import draw, draw_peers
    store(result, folder / "bench.json")
    draw([Figure(**row) for row in result["figures"]], result["growth"], folder / "bench.png")
    if result["peers"]:
        draw_peers(result["peers"], folder / "peers.png")


def on_page(result: dict) -> str:
    """The text of the page's section."""
    from benchmarks.growth import on_page as of_growth
    table = markdown(HEAD, [Figure(**row).row() for row in result["figures"]])
    return f"Measured on {result['machine']}:\n\n{table}\n\n{of_growth(result['growth'])}".strip()


def show(result: dict) -> None:
    """Keep the measurements where the page's table and picture come from, and write the table."""
    save(result, HERE)
    publish("make bench", on_page(result), PAGE)


if __name__ == "__main__":
    sys.exit(main())
