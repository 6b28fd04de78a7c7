"""The commands of a teacher.

    python -m cs231n_lite.grading handout DEST
    python -m cs231n_lite.grading run SUBMISSIONS... --out DIR
    python -m cs231n_lite.grading gradescope DEST
    python -m cs231n_lite.grading example DIR
"""
import argparse
import sys
from math import isfinite
from pathlib import Path

from joblib import parallel_config

from cs231n_lite.exercises.frontend import shown
from cs231n_lite.exercises.points import Points, points_in
from cs231n_lite.grading.courses import gradescope, tables
from cs231n_lite.grading.example.students import STUDENTS, write_class
from cs231n_lite.grading.handout.folder import hand_out
from cs231n_lite.grading.handout.recording import datasets_here
from cs231n_lite.grading.judging.process import NoStart
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.reporting.notes import names_read, not_graded
from cs231n_lite.grading.reporting.plain import visible
from cs231n_lite.grading.reporting.report import isolation, table, write
from cs231n_lite.grading.run import check_limits, grade


def main(arguments: list[str]) -> int:
    """Run a command; 0 when it did what it says, 2 with one sentence when it could not.

    A run did so though something may not be graded: the table names it, and so does
    not_graded.json, which a script may look into; stray files are no reason to drop the results.
    """
    options = parsed(arguments)
    try:
        return options.command(options)
    except (ValueError, OSError, NoStart) as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; the same command goes on from here.", file=sys.stderr)
        return 130


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser("python -m cs231n_lite.grading",
                                     description="Hand out the assignment; grade it.")
    commands = parser.add_subparsers(required=True)
    handout = commands.add_parser("handout",
                                  help="write the folder for students, without the answers")
    handout.add_argument("dest", help="a folder that does not exist yet, or is empty")
    handout.add_argument("--portable", action="store_true",
                         help="add each notebook as one file that brings the package along")
    handout.add_argument("--points", help="a table of points, by which `make grade` adds them up")
    handout.set_defaults(command=handed_out)
    run = commands.add_parser("run", help="grade notebooks, and folders of them; "
                                          "a run that was cut off goes on")
    run.add_argument("submissions", nargs="+",
                     help="a notebook, a student's folder or archive, or a folder or zip of those")
    where = run.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", help="the folder for results.csv, results.json and students/")
    where.add_argument("--gradescope", metavar="FILE",
                       help="of one submission alone, the results.json that Gradescope reads")
    run.add_argument("--name-pattern", metavar="REGEX",
                     help="says whose an entry of a folder is, in a group of the name student: "
                          "\"(?P<student>[a-z]+)_.*\"; it is looked for in the entry's name, and "
                          "else in the paths of a folder's files")
    run.add_argument("--jobs", type=int, default=-1,
                     help="how many at once; one for each processor if not given")
    run.add_argument("--seconds", type=float, default=Limits().seconds,
                     help="for one submission, of which an exercise may take a "
                          "quarter (%(default)g)")
    run.add_argument("--memory", type=float, default=Limits().memory / 2**30,
                     help="in GiB (%(default)g)")
    run.add_argument("--points", help="a CSV file with the columns exercise and points, and "
                                      "loss and gradient for part marks if wanted")
    run.add_argument("--canvas", metavar="GRADEBOOK",
                     help="the gradebook as Canvas exports it; canvas.csv is what it imports")
    run.add_argument("--assignment", default=tables.NEW,
                     help="its title in Canvas (%(default)s); a new one if there is none")
    run.add_argument("--moodle", metavar="WORKSHEET",
                     help="the grading worksheet as Moodle exports it; "
                          "moodle.csv is what it imports")
    run.add_argument("--similar", action="store_true",
                     help="show on the class's page which answers are alike: a fact, no accusation")
    run.set_defaults(command=ran)
    autograder = commands.add_parser("gradescope",
                                     help="write the autograder that Gradescope runs")
    autograder.add_argument("dest", help="a folder that does not exist yet, or is empty")
    autograder.add_argument("--points", help="the table of points; without it, each exercise "
                                             "gives 1")
    autograder.set_defaults(command=wrote_autograder)
    made_up = commands.add_parser("example", help="make a class up, and grade it")
    made_up.add_argument("dest", help="a folder that does not exist yet, or is empty")
    made_up.add_argument("--students", type=int, default=STUDENTS,
                         help="how many (%(default)d)")
    made_up.add_argument("--jobs", type=int, default=-1,
                         help="how many are graded at once; one for each processor if not given")
    made_up.set_defaults(command=made_example)
    return parser.parse_args(arguments)


def handed_out(options: argparse.Namespace) -> int:
    """Write the handout."""
    if options.points:
        points_in(options.points)
    shown("Running the notebooks, twice on each dataset, unless that was done before; "
          "it takes minutes.")
    hand_out(options.dest, datasets_here(), options.portable, options.points)
    shown(f"{options.dest} holds the assignment without its answers. "
          "The check's own reference is in there (exercises/diagnosis/slips.py, "
          "exercises/judges/referee.py); it is not available when you grade.")
    return 0


def ran(options: argparse.Namespace) -> int:
    """Grade, and print the table."""
    if not isfinite(options.memory):
        raise ValueError(f"memory is {options.memory}; expected a number of GiB.")
    limits = Limits(options.seconds, int(options.memory * 2**30))
    points = points_in(options.points) if options.points else None
    if options.gradescope:
        return ran_for_gradescope(options, limits, points)
    if (options.canvas or options.moodle) and points is None:
        raise ValueError("--canvas and --moodle need points; say --points FILE, too.")
    book = tables.canvas_gradebook(options.canvas) if options.canvas else None
    sheet = tables.moodle_worksheet(options.moodle, points or {}) if options.moodle else None
    with parallel_config(n_jobs=options.jobs):
        results = grade(options.submissions, options.out, limits, options.name_pattern, points,
                        options.similar)
    shown(table(results))
    if left := not_graded(Path(options.out)):
        shown(left)
    shown(f"{names_read(results)}\n{isolation(results)}\nThe class at a glance is in "
          f"{options.out}/index.html; beside it are results.csv, results.json and the students' "
          "pages.")
    for name in ("canvas.csv", "moodle.csv"):
        Path(options.out, name).unlink(missing_ok=True)  # of an earlier run
    if book:
        fill_in(Path(options.out, "canvas.csv"), *tables.canvas(book, results, options.assignment))
    if sheet:
        fill_in(Path(options.out, "moodle.csv"), *tables.moodle(sheet, results))
    return 0


def fill_in(path: Path, text: str, strangers: list[str]) -> None:
    """Write what a course imports, and name the students whom its list does not hold."""
    write(path, text)
    shown(f"{path} is what the course imports." + (
        f" Not in its list, or not one alone: {'; '.join(map(visible, strangers))}."
        if strangers else ""))


def ran_for_gradescope(options: argparse.Namespace, limits: Limits, points: Points | None) -> int:
    """Grade one submission for Gradescope, and print the table for the teacher."""
    if len(options.submissions) > 1:
        raise ValueError(f"--gradescope is for one submission, and {len(options.submissions)} are "
                         "named; grade a course with --out.")
    check_limits(limits)
    result, results = gradescope.grade_one(options.submissions[0], limits, points)
    gradescope.write_results(options.gradescope, results)
    shown(f"{table([result])}\n{isolation([result])}")
    return 0


def wrote_autograder(options: argparse.Namespace) -> int:
    """Write the folder for Gradescope."""
    if options.points:
        points_in(options.points)
    gradescope.autograder(options.dest, options.points)
    shown(f"Zip the files in {options.dest}, not the folder around them, and upload that: "
          "it holds the answers, so it is for Gradescope alone.")
    return 0


def made_example(options: argparse.Namespace) -> int:
    """Write the made-up class, and grade it as any other."""
    folder = Path(options.dest)
    write_class(folder, options.students)
    with parallel_config(n_jobs=options.jobs):
        results = grade([folder / "submissions"], folder / "results",
                        points=points_in(folder / "points.csv"))
    shown(f"{len(results)} made-up students are in {folder / 'submissions'}, "
          f"their grades and pages in {folder / 'results'}: open index.html there.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
