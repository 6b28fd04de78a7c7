#!/bin/sh
# Fetch CIFAR-10 into datasets/.  Options: ./get_datasets.sh --help
# On Windows: python -m cs231n_lite.download.  The folder is the script's, not a link's.
here=$(dirname -- "$(readlink -f -- "$0" 2>/dev/null || echo "$0")")  # not for Python: type ./get_datasets.sh alone
for python in "$here/.venv/bin/python" python3 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -P "$here/cs231n_lite/download.py" "$@"  # -P: nothing is imported from where the user stands
    fi
done
echo "get_datasets.sh found no Python 3.11 or newer (python3 is $(python3 --version 2>&1 || true))." \
     "Install one from https://www.python.org, then run this again." >&2
exit 1
