"""What the figures in benchmarks/README.md are measured by: one file for each kind of figure.

`python -m benchmarks` (`make bench`) measures speed and memory, `python -m benchmarks iteration
search` some of it; `python -m benchmarks.accuracy` (`make results`) measures accuracies,
`python -m benchmarks.reading` the time that the notebooks take.  Each of the first two
writes what it found as JSON into build/, and, with --readme, copies such a file here and writes the
tables from it, the small one in README.md, too.
"""
