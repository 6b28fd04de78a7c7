"""The classroom: check an answer, get a hint, see the solution, use the student's own code.

    checking     check and use
    helping      hint and solution
    logbook      progress: what was checked so far, over all notebooks
    grade        all notebooks of a folder, judged in one table
    own          a student's own functions, where the package's are absent
    stored       what the cells of a handout show until these are there
    packing      values of a notebook as JSON and arrays
    points       what an exercise is worth, and what an answer earns
    reading      what a notebook's file holds
    instead      what came in instead of a notebook
    cells        what the text of a cell alone tells
    portable     notebooks that bring the package along, each in one file
    carried      puts the package that such a notebook carries in place
    naming       what to say of what names none of them
    figures      what a figure holds, beside its picture
    webpages     the notebooks as web pages, with a text for each picture
    registry     the exercises: where each answer lives, who judges it
    questions    the answers to short questions
    suspects     wrong losses, to be exposed
    texts        hints and derivations
    style        what a function's own text says of loops in it
    verdict      what a check says, as a card and as text
    limits       of time and output, for a function that is being checked
    frontend     a notebook or a script?
    solve        a notebook with its exercises solved, for tests
    judges/      find what is wrong with an answer, by trying it
    diagnosis/   say what it is
"""
from cs231n_lite.engine.threads import calm_notebook
from cs231n_lite.exercises import own  # noqa: F401  finds a student's functions
from cs231n_lite.exercises.checking import check, use
from cs231n_lite.exercises.figures import keep_contents
from cs231n_lite.exercises.helping import hint, solution
from cs231n_lite.exercises.logbook import progress
from cs231n_lite.exercises.verdict import Verdict

__all__ = ["Verdict", "check", "hint", "progress", "solution", "use"]

calm_notebook()
keep_contents()
