"""What the figures on the README's page are measured by: one file for each kind of figure.

`python -m benchmarks` (`make bench`) measures speed and memory, `python -m benchmarks iteration search` some of it;
`python -m benchmarks.accuracy` (`make results`) measures accuracies.  Each writes what it found as JSON into build/,
and, with --readme, copies such a file here and writes the README's tables from it.
"""
