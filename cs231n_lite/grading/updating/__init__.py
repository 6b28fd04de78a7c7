"""Bring this folder to a newer handout; every cell and file that you wrote or changed is kept.

    python update.py NEW     # the new handout: a folder, or a zip file of it

It updates the folder that it lies in.  A cell is yours when its text is none that was handed out.
Where you and the new handout changed the same cell, yours stands as it was, below a text cell with
the new version.  What was replaced is kept in `.before-update-1`, or a higher number.
"""
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # a json.py of the student's, beside this file, must not stand for Python's
