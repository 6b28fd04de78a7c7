"""The command: looks at its argument, and says in a sentence what was done."""
import sys
from pathlib import Path

from cs231n_lite.grading.updating.changes import Changes, changes_for, content
from cs231n_lite.grading.updating.placing import alone, put, recover
from cs231n_lite.grading.updating.reading import Handout, handout_at
from cs231n_lite.grading.updating.record import RECORD, Record

BACKUP = ".before-update-"
USAGE = "python update.py NEW, where NEW is the new handout, a folder or a zip file"


def main(arguments: list[str], folder: Path) -> int:
    """Update the folder; 0 when that is done, 2 with one sentence when it could not be."""
    try:
        print(updated(folder.resolve(), arguments))
    except ValueError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted; nothing of yours is lost: run it again.", file=sys.stderr)
    except OSError as error:
        print(f"The update could not be made ({error}); nothing of yours is lost. "
              "Mend that, then run it again.", file=sys.stderr)
    else:
        return 0
    return 2


def updated(folder: Path, arguments: list[str]) -> str:
    """Bring a folder to the handout named, and say what was done; ValueError for a wrong one."""
    with alone(folder):
        folder = recover(folder)
        if len(arguments) != 1 or arguments[0].startswith("-"):
            raise ValueError(f"Usage: {USAGE}.")
        new = handout_at(Path(arguments[0]).resolve(), folder)
        refuse_others(folder, new)
        for _ in range(5):
            changes = changes_for(folder, new)
            backup = backup_in(folder)
            if not changes.files or changes.hold():
                break
        else:
            raise ValueError("Files are being saved all the time here; close JupyterLab, "
                             "then run this again.")
        if not changes.files:
            return "\n".join([f"{folder} is up to date already; nothing was changed.",
                              *of_copies(changes)])
        put(folder, changes.files, backup)
        return told(folder, changes, new, backup if (folder / backup).exists() else "")


def refuse_others(folder: Path, new: Handout) -> None:
    """Raise ValueError unless the folder is one of the assignment, and the handout a newer one."""
    if not (folder / "notebooks").is_dir() or not (folder / "cs231n_lite").is_dir():
        raise ValueError(f"{folder} is no folder of the assignment: it lacks notebooks or "
                         "cs231n_lite; copy update.py into yours and run it there.")
    made = Record.read(content(folder / RECORD)).made
    if new.record.made < made:
        raise ValueError(f"{new.where} was made on {day(new.record.made)}, and this folder comes "
                         f"from a newer handout, made on {day(made)}; name one that is newer.")


def day(made: str) -> str:
    """A time of the record, as it is told."""
    return made[:16].replace("T", " at ")


def backup_in(folder: Path) -> str:
    """A name for the folder of what is replaced."""
    number = 1
    while (folder / f"{BACKUP}{number}").exists():
        number += 1
    return f"{BACKUP}{number}"


def told(folder: Path, changes: Changes, new: Handout, backup: str) -> str:
    """What was done, in a few sentences."""
    marked = sum(changes.marked.values())
    lines = [f"{folder} was updated to the handout of {day(new.record.made)}; cells of yours that "
             f"were kept: {changes.kept}."]
    lines += [f"{old} is called {name} now: close it if it is open, for an editor that saves it "
              "again brings it back as it was." for name, old in sorted(changes.renamed.items())]
    lines += of_copies(changes)
    if marked:
        places = ", ".join(f"{name} ({count})" for name, count in sorted(changes.marked.items()))
        lines.append(f"Where both you and the handout changed something, both stay: look for "
                     f"\"Update.\" in {places}.")
    if changes.both:
        names = ", ".join(changes.both[:9]) + " and others" * (len(changes.both) > 9)
        lines.append("Files of yours that the new handout has otherwise are in "
                     f"{backup} now: {names}.")
    if backup:
        lines.append(f"Everything that was replaced is in the hidden folder {backup}.")
    lines.append("If JupyterLab is open, choose File > Reload Notebook from Disk in each notebook "
                 "and restart its kernel.")
    return "\n".join(lines)


def of_copies(changes: Changes) -> list[str]:
    """What there is to say of a student's copies; an editor may have saved one by an old name."""
    return ["Notebooks of your own that were made from the handout's stay as they are: "
            f"{', '.join(changes.copies)}."] * bool(changes.copies)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent))
