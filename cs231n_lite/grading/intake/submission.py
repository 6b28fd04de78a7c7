"""What a student has handed in, and which notebook answers which exercise; nothing is run here."""
import errno
import io
import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import BinaryIO, NamedTuple

from cs231n_lite.exercises.cells import STUB, bound_in_text
from cs231n_lite.exercises.portable import without_package
from cs231n_lite.exercises.reading import Notebook, is_notebook, notebook_of
from cs231n_lite.exercises.registry import ASKING, EXERCISES
from cs231n_lite.grading.intake.archives import Unopened, held, is_archive, members, taken
from cs231n_lite.grading.intake.bounds import (
    CELLS,
    CODE,
    FILES,
    MB,
    MODULES,
    MODULES_TOGETHER,
    Left,
    Room,
    megabytes,
    mentioned,
)
from cs231n_lite.grading.intake.listing import HIDDEN, InZip, is_hidden, is_instead, never_matters

CHECKED = re.compile(r"\bcheck\((\w+)")
INSTEAD = 5  # files that are looked into where there is no notebook

Source = Path | InZip | bytes | str


class Submission(NamedTuple):
    """A student's name, and each notebook: its place, its content, or why it cannot be had.

    `alone` is True for what was handed in without a folder; `told` says how name and files were
    read.  `modules` are the student's own, beside the notebooks; `archives` hold more of both, and
    are opened once they are read; `left` is what was left out, and why; `id` is the number that the
    course knows the student by, where a name holds it.
    """

    student: str
    notebooks: dict[str, Source]
    alone: bool = False
    told: str = ""
    modules: dict[str, Source] = {}  # noqa: RUF012  # which nobody changes
    archives: dict[str, Source] = {}  # noqa: RUF012
    left: tuple[Left, ...] = ()
    id: str = ""

    def read(self, room: Room | None = None) -> "Submission":
        """The same with what lies there, so that only what is being graded is held."""
        room = room or Room()
        here = self.opened(room) if self.archives else self
        notebooks = {name: content(here.notebooks[name], name, room)
                     for name in sorted(here.notebooks, key=distance)}
        modules = {name: content(source, name, room) for name, source in here.modules.items()}
        kept, left = within_bounds(modules), list(here.left)
        unread = [name for name, data in {**notebooks, **modules}.items() if isinstance(data, str)]
        if len(unread) < len(notebooks):  # else each exercise says it
            left += [Left(name, f"{notebooks.get(name, modules.get(name))!s}".removeprefix(name)
                          .strip()) for name in unread]
        left += [Left(name, f"is not read: modules may have {MODULES_TOGETHER // MB} MB in all.")
                 for name, data in modules.items() if name not in kept and name not in unread]
        return here._replace(notebooks={**notebooks}, modules={**kept}, archives={},
                             told=counted(here.told, notebooks), left=tuple(mentioned(left)))

    def opened(self, room: Room) -> "Submission":
        """The same with the files of its archives in place of these."""
        files: dict[str, Source] = {}
        faults: dict[str, Source] = {}
        left: list[Left] = []
        for name, source in self.archives.items():
            more, others = unpacked(source, room)
            prefix = f"{name}/" if len(self.archives) > 1 else ""
            files |= {prefix + path: data for path, data in more.items()}
            left += [Left((prefix + entry).rstrip("/") or name, why) for entry, why in others]
            if others and not more:
                entry, why = others[-1]
                faults[name] = f"{f'{name}/{entry}'.rstrip('/')} {why}"
        found = parts_of(self.student, files, self.alone, self.told,
                         (*self.left, *left))._replace(id=self.id)
        if found.notebooks or not faults:
            return found
        return found._replace(notebooks=faults, left=self.left)

    @property
    def key(self) -> str:
        """A hash of all of it, once it is read."""
        told = [self.student, self.id, str(self.alone), self.told, *map(str, self.left)]
        parts = [text.encode("utf-8", "replace") for text in told]
        for name, data in (*sorted(self.notebooks.items()), *sorted(self.modules.items())):
            parts += [name.encode("utf-8", "replace"),
                      data if isinstance(data, bytes) else str(data).encode("utf-8", "replace")]
        return sha256(b"".join(len(part).to_bytes(8, "little") + part
                               for part in parts)).hexdigest()

    @property
    def slug(self) -> str:
        """The name as part of a file name, without what is odd; a hash keeps students apart."""
        plain = re.sub(r"\W+", "-", self.student, flags=re.ASCII)[:60]
        return f"{plain}-{sha256(self.student.encode('utf-8', 'replace')).hexdigest()[:16]}"


def parts_of(student: str, files: dict[str, Source], alone: bool = False, told: str = "",
             left: tuple[Left, ...] = ()) -> Submission:
    """A submission of these files: what each is to it goes by its name."""
    names = sorted((name for name in files if not never_matters(name)), key=distance)
    notebooks = [name for name in names if is_notebook(name)]
    archives = [name for name in names if is_archive(name)] if not notebooks else []
    folders = {os.path.dirname(name) for name in notebooks[:FILES]}
    modules = [name for name in names if name.lower().endswith(".py") and belongs(name, folders)]
    instead = sorted(names, key=lambda name: not is_instead(name))[:INSTEAD]
    more = [*left, *(Left(name, HIDDEN) for name in files if is_hidden(name))]
    if notebooks:
        more += [Left(name, "lies beside a notebook, and is not opened.")
                 for name in names if is_archive(name)]
    for what, those, most in (("notebook", notebooks, FILES), ("module", modules, MODULES)):
        more += [Left(name, f"is not read: there are more than {most} {what}s.")
                 for name in those[most:]]

    def of(chosen: list[str]) -> dict[str, Source]:
        return {name: files[name] for name in chosen}

    return Submission(student, of(notebooks[:FILES] if notebooks or archives else instead), alone,
                      told, of(modules[:MODULES]), of(archives[:FILES]), tuple(more))


def belongs(module: str, folders: set[str]) -> bool:
    """True for a module that notebooks in these folders can import: beside them, or below."""
    return not module.startswith("cs231n_lite/") and any(
        not folder or module.startswith(f"{folder}/") for folder in folders)


def within_bounds(modules: dict[str, bytes | str]) -> dict[str, bytes | str]:
    """The first modules that together have no more bytes than is allowed."""
    kept: dict[str, bytes | str] = {}
    room = MODULES_TOGETHER
    for name, data in modules.items():
        if isinstance(data, bytes) and len(data) <= room:
            kept[name], room = data, room - len(data)
    return kept


def counted(told: str, notebooks: dict[str, bytes | str]) -> str:
    """How a submission was read, with the number of its notebooks."""
    number = sum(is_notebook(name) and isinstance(data, bytes)
                 for name, data in notebooks.items())
    return f"{told}; {number or 'no'} notebook{'s' * (number != 1)}".removeprefix("; ")


def content(source: Source, name: str, room: Room) -> bytes | str:
    """The bytes of a file, or why there are none: no link or pipe is followed."""
    if not isinstance(source, (Path, InZip)):
        return source
    if why := room.lateness():
        return f"{name} {why}"
    try:
        if isinstance(source, Path):
            with opened_file(source) as file:
                size = os.fstat(file.fileno()).st_size
                data: bytes | str = room.refusal(size) or file.read(size)
        else:
            data = "is not there any more."
            with opened_file(source.archive) as file:
                for member in members(file, room):
                    if member.name == source.name:
                        data = (member.why or room.refusal(member.size)
                                or held(source.name, member.read))
    except Unopened as reason:
        return f"{name} {reason}"
    except OSError as error:
        return f"{name} {unread(error)}"
    if isinstance(data, str):
        return f"{name} {data}"
    room.take(len(data))
    return data


def unread(error: OSError) -> str:
    """Why a file cannot be opened, said of it."""
    if error.errno == errno.ELOOP:
        return "is a link, which is not followed."
    return f"cannot be read: {error.strerror}."


def opened_file(path: Path) -> BinaryIO:
    """A file, opened for reading; Unopened for anything else of that name."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    file = os.fdopen(fd, "rb")
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise Unopened("is no file.")


def unpacked(source: Source, room: Room) -> tuple[dict[str, bytes | str], list[Left]]:
    """The notebooks and modules in an archive, or what lies there instead, and what is left."""
    data = source if isinstance(source, Path) else content(source, "It", room)
    if isinstance(data, str):
        return {}, [Left("", data.removeprefix("It "))]
    for wanted in (is_wanted, lambda name: not never_matters(name)):
        try:
            with opened_file(data) if isinstance(data, Path) else io.BytesIO(data) as file:
                files, left = taken(file, wanted, room)
        except Unopened as reason:
            return {}, [Left("", str(reason))]
        except OSError as error:
            return {}, [Left("", unread(error))]
        if left or any(map(is_notebook, files)):
            break
    return files, left


def is_wanted(name: str) -> bool:
    """True for the name of a notebook or a module."""
    if is_notebook(name) and is_hidden(name):
        return True  # to be told
    return (is_notebook(name) or name.lower().endswith(".py")) and not never_matters(name)


def books_of(notebooks: dict[str, Source], end: float) -> dict[str, Notebook]:
    """What the notebooks hold, read until this moment; what has too much code is not taken in.

    What a notebook has brought along is none of its code.
    """
    books = {}
    for name, data in notebooks.items():
        late = f"{name} is not read: reading what lies nearer took too long."
        book = notebook_of(name, content(data, name, Room()) if monotonic() < end else late)
        book = book._replace(cells=[without_package(cell) for cell in book.cells])
        if (code := sum(map(len, book.cells))) > CODE or len(book.cells) > CELLS:
            book = Notebook([], [], f"{name} has {len(book.cells):,} code cells with "
                                    f"{megabytes(code)} MB; expected at most {CELLS:,} "
                                    f"with {CODE // MB} MB.")
        books[name] = book
    return books


def places(notebooks: dict[str, Notebook], alone: bool = False) -> dict[str, str | None]:
    """The exercises that a submission is judged on, with the notebook that answers, or None.

    That is the nearest notebook of the assignment's name that answers the exercise,
    else one whose name begins with it, as a browser names the second copy; where
    none does, the same with a stub, then one that binds the exercise's name.  A
    notebook that was handed in alone is judged on all exercises of the one that it
    is, whatever its name, and on what else it answers; in a folder, notebooks may
    have been deleted.
    """
    names = {name: {found for cell in book.cells
                    for found in (*bound_in_text(cell), *CHECKED.findall(cell))}
             for name, book in sorted(notebooks.items(), key=lambda item: distance(item[0]))}
    answered = {name: answered_in(book) for name, book in notebooks.items()}
    chosen = {id: place_of(id, names, answered) for id in EXERCISES}
    if alone and any(chosen.values()):
        it_is = made_of({id for id, place in chosen.items() if place})
        return {id: place or next(iter(notebooks)) for id, place in chosen.items()
                if place or EXERCISES[id].notebook in it_is}
    return chosen


def answered_in(book: Notebook) -> set[str]:
    """The names that cells of a notebook bind, stubs left out."""
    return {found for cell in book.cells if not STUB.search(cell) for found in bound_in_text(cell)}


def answered_twice(notebooks: dict[str, Notebook], alone: bool = False) -> list[Left]:
    """The notebooks that answer what another one is judged on."""
    twice: dict[tuple[str, str], list[str]] = {}
    for id, place in places(notebooks, alone).items():
        taken = answered_in(notebooks[place]) if place else set()
        for name, book in notebooks.items():
            if name != place and id in taken & answered_in(book):
                twice.setdefault((name, place or ""), []).append(id)
    return [Left(name, f"answers {', '.join(ids[:3])}{' and more' * (len(ids) > 3)}, "
                       f"as {place} does, which is judged.")
            for (name, place), ids in twice.items()]


def made_of(said: set[str]) -> set[str]:
    """The notebooks of the assignment that a notebook with these exercises is.

    That is the one of which it has most, and any other of which it has half.
    """
    shares = {asking: [id in said for id, exercise in EXERCISES.items()
                       if exercise.notebook == asking] for asking in ASKING}
    most = max(map(sum, shares.values()))
    return {asking for asking, share in shares.items()
            if sum(share) == most or 2 * sum(share) >= len(share)}


def place_of(id: str, names: dict[str, set[str]], answered: dict[str, set[str]]) -> str | None:
    """The notebook that answers the exercise, by the names that each binds, checks and answers."""
    asking = EXERCISES[id].notebook
    exact = [name for name in names if stem(name) == asking]
    like = [name for name in names if stem(name).startswith(asking)]
    saying = [name for name in names if id in names[name]]
    answers = [name for name in (*exact, *like) if id in answered[name]]
    said = [name for name in exact if name in saying]
    return next(iter([*answers, *said, *saying * (not exact), *exact, *like]), None)


def distance(name: str) -> tuple[int, bool, str]:
    """How far below the top a notebook lies; of two as far, the one in notebooks/ is nearer."""
    folders = Path(name).parts[:-1]
    return len(folders), folders[:1] != ("notebooks",), name


def stem(name: str) -> str:
    """A file's name in small letters, without folder and ending."""
    return Path(name).stem.lower()
