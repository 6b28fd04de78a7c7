"""The verdicts on one submission, and the grader's end of the student's process.

    verdicts    every exercise on three fresh sets of inputs, in two processes
    explaining  the line of a wrong answer, looked for once the verdicts are made
    session     calls the student's functions, and does here what they did there
    process     starts the process, exchanges bytes with it, ends it in time
    sandbox     how it is started: inside bubblewrap where that works
"""
