"""The folder for students, without the answers.

    folder     its files: notebooks, README, Makefile, package
    handed     the package without its answers, as a handout and the student's process see it
    recording  what the notebooks' cells show until a student's functions are there
    recorder   in a notebook's kernel: keeps the values of its names
"""
