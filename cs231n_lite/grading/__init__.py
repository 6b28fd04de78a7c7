"""The teacher's side: hand out the assignment without its answers, and grade what comes back.

    handout     the folder for students: the package without its answers
    run         grade submissions in parallel, go on where a run was cut off
    judging     one submission: every exercise on three fresh sets of inputs, in two processes
    finding     whose notebooks are these?
    naming      names as course systems write them, as a teacher says, or as they stand
    listing     what lies in a folder or a zip, by name alone
    kinds       which notebook of the assignment a renamed one is
    archives    zip and tar, opened in memory
    bounds      what one submission may bring
    submission  what a student has handed in, and which notebook answers which exercise
    session     the parent's end: starts the student's process, calls its functions, ends it in time
    explaining  the line of a wrong answer, looked for once the verdicts are made
    sandbox     how that process is started: inside bubblewrap where that works
    bridge      the frames between both ends: JSON and raw .npy, never pickles
    updating    the parts of update.py, which brings a student's folder to a newer handout
    handed      the package without its answers, as that process and the handout see it
    bootstrap   the first code of that process: imports what it is handed, and nothing else
    recording   what the handout's cells show until a student's functions are there
    recorder    in a notebook's kernel: keeps the values of its names
    cage        what the process may not do any more; landlock, the part of it on files
    beside      modules of the student's own, handed in or written by cells
    refusals    what the grader forbids, told with what to do instead
    excerpt     of a notebook's cells, what one of its names needs
    statements  what a statement does to the names of its notebook
    set_up      the loading of images, which is not the student's time
    student     the student's end: runs excerpts and answers calls
    classroom   the classroom as the student's end sees it, where nothing is checked
    scoring     points on results
    report      what comes of a run: the table, CSV and JSON, the page of the class
    notes       what is said under the table
    pages       a page for each student
    overview    the class at a glance
    misconceptions  the slips behind wrong answers, ranked
    loss_slips  a sentence for each slip in losses, gradients and probabilities
    other_slips  a sentence for each slip in all else
    similar     what answers have in common
    written     the answers to the notebooks' inline questions
    given       what students were given: texts, questions and code
    pictures    which of a notebook's pictures a page can show
    html        the frame of the pages, with page.css and sort.js
    plain       texts of students as text: in a page, on the screen, in a spreadsheet
    courses     grades in the tables that Canvas and Moodle import
    gradescope  the autograder that Gradescope runs, and what it writes there
    example     a made-up class of students
    mistakes    what they get wrong, and how often

Verdicts are made in the parent, which holds inputs, seeds and expected values,
from plain numbers and arrays: whatever the student's process prints, patches or
forges, it can only answer a call.  That an input was changed or is shared with a
result, or that a result was overwritten, is known from that process alone: who
takes pains to patch its reports hides these three faults.  Of a notebook runs
what its functions need and nothing else, so that no training and no check cell
matters.
"""
