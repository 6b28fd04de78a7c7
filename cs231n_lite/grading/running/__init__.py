"""The process that runs students' code.  It sees these modules of the grader, and no others.

    bootstrap   its first code: imports what it is handed, and nothing else
    cage        what it may not do any more; landlock, the part of it on files
    student     its end of the pipe: runs excerpts and answers calls
    bridge      the frames between both ends: JSON and raw .npy, never pickles
    excerpt     of a notebook's cells, what one of its names needs
    statements  what a statement does to the names of its notebook
    beside      modules of the student's own, handed in or written by cells
    classroom   the classroom as this end sees it, where nothing is checked
    set_up      the loading of images, which is not the student's time
    refusals    what is forbidden here, told with what to do instead
"""
