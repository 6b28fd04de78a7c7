"""Grades where a course keeps them.

    tables      the tables that Canvas and Moodle import
    gradescope  the autograder, and the results that it writes
"""
