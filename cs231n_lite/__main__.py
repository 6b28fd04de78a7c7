"""The commands that the package has, for whoever starts the package itself."""
import sys

COMMANDS = {
    "download": "fetch CIFAR-10, as ./get_datasets.sh does",
    "explorer": "write the explorer as one web page, as make page does",
    "exercises.grade": "judge your notebooks, as make grade does",
    "exercises.portable": "write each notebook as one file, as make portable does",
    "exercises.webpages": "write the notebooks as web pages, as make html does",
}

if __name__ == "__main__":
    for name, what in COMMANDS.items():
        print(f"python -m cs231n_lite.{name:<19} {what}")
    sys.exit("Name one of these; the notebooks are opened by make lab.")
