"""Write the explorer as one web page.

    python -m cs231n_lite.explorer [FILE]

FILE is build/explorer.html unless named.
"""
import argparse
import sys
from pathlib import Path

from cs231n_lite.explorer.page import write_page


def main() -> None:
    """Write the page and print where it is."""
    parser = argparse.ArgumentParser("python -m cs231n_lite.explorer",
                                     description="Write the explorer as a web page.")
    parser.add_argument("file", nargs="?", type=Path, default=Path("build", "explorer.html"))
    path = parser.parse_args().file
    try:
        print(f"The explorer is in {write_page(path)}; open it in a browser.")
    except OSError as error:
        sys.exit(f"{path} could not be written: {error.strerror}; name another file.")


if __name__ == "__main__":
    main()
