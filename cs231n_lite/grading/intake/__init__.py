"""What comes back, read by names and bytes alone; nothing of it is run.

    finding     whose notebooks are these?
    naming      names as course systems write them, as a teacher says, or as they stand
    listing     what lies in a folder or a zip, by name alone
    kinds       which notebook of the assignment a renamed one is
    archives    zip and tar, opened in memory
    bounds      what one submission may bring
    submission  what a student has handed in, and which notebook answers which exercise
"""
