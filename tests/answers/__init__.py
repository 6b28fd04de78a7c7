"""Answers that students might give, right ones and wrong ones, by exercise.

`right` holds plain functions in many styles, and numbers.  `wrong` spoils them, one line or
two at a time, and says which faults a verdict must name.
"""
