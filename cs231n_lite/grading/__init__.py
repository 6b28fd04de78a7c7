"""The teacher's side: hand out the assignment without its answers, and grade what comes back.

    handout     the folder for students: the package without its answers
    updating    the parts of update.py, which brings a student's folder to a newer handout
    intake      what comes back: whose it is, and what of it is a notebook
    running     a process of its own, which runs students' code and may do nothing else
    judging     the verdicts, made outside of it
    reporting   what comes of a run: the table, the page of the class, a page for each student
    courses     grades for Canvas, Moodle and Gradescope
    example     a class that is made up
    run         all of it for many submissions, in parallel; it goes on where it was cut off

Verdicts are made in the parent, which holds inputs, seeds and expected values,
from plain numbers and arrays: whatever the student's process prints, patches or
forges, it can only answer a call.  That an input was changed or is shared with a
result, or that a result was overwritten, is known from that process alone: who
takes pains to patch its reports hides these three faults.  Of a notebook runs
what its functions need and nothing else, so that no training and no check cell
matters.
"""
