"""A class that is made up, to try the grader on.

    students  their notebooks and points
    mistakes  what they get wrong
"""
