"""The classroom: check an answer, get a hint, see the solution, use the student's own code.

    registry     the exercises: where each answer lives, who judges it
    problems     inputs made to show mistakes
    referee      losses and gradients from their definitions, independent of the answers
    questions    the answers to the short questions of the first notebook
    judges       judge_loss, judge_outputs, judge_sgd, judge_search, judge_lines, judge_numbers: find an answer's faults
    judging      what all judges need: call, compare; crashes says what an exception means
    diagnosis    what a wrong loss or gradient is made of: decompose takes it apart by calls with different reg, anatomy
                 and penalties say what the pieces should be, slips what they often are, laws by which factor
    explain_loss the story of it, told to a student
    faults       every fault that a verdict can name, with its sentence
    texts        hints and derivations
    verdict      what a check says, as a card and as text
    checking     check and use
    helping      hint and solution
    limits       of time and output, for a function that is being checked
    frontend     a notebook or a script?
    logbook      what was checked so far, over all notebooks
    grade        all notebooks of a folder, judged in one table
    solve        a notebook with its exercises solved, for tests
"""
from cs231n_lite.exercises.checking import check, use
from cs231n_lite.exercises.helping import hint, solution
from cs231n_lite.exercises.logbook import progress
from cs231n_lite.exercises.verdict import Verdict

__all__ = ["Verdict", "check", "hint", "progress", "solution", "use"]
