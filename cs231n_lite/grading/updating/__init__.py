"""Bring this folder to a newer handout; every cell and file that you wrote or changed is kept.

    python update.py NEW     # the new handout: a folder, or a zip file of it

It updates the folder that it lies in.  A cell is yours when its text is none that was handed out.
Where you and the new handout changed the same cell, yours stands as it was, below a text cell with
the new version.  What was replaced is kept in `.before-update-1`, or a higher number.

It needs Python 3.11 or newer, and nothing else.  These parts are one file in a handout:

    record   what was handed out, now and before
    cells    a notebook of the student's and a new one, merged
    reading  the files of a handout
    changes  what an update will write and remove
    placing  files put in their places, in one step where the system has one
    command  the command
"""
import sys

if sys.version_info < (3, 11):  # noqa: UP036  (a student's own python3 may be older)
    sys.exit("update.py needs Python 3.11 or newer; run it with the Python of .venv.")
if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # a json.py of the student's, beside this file, must not stand for Python's
