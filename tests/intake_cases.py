"""Made-up folders of submissions, and archives that somebody has bent.

Each course is the files below a folder, and what is to be found in it: each student's notebooks
by name, and the entries that are left out.  A file is its bytes; None is an empty folder, a text a
link to it, and a dict an archive of these files, of the kind that its name says.
"""
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

NB = b'{"cells": []}'
META = b"""---
submission_111:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1'
  :created_at: 2026-01-31
  :results:
    :name: no submitter
submission_112:
  :submitters:
  - :name: 'Ben O''Neil'
  - :name: "C\\u00e9line"
"""
MOODLE = "Ada Lovelace_12_assignsubmission_file_"
COURSES = {
    "folders, notebooks and archives": (
        {"ada/svm.ipynb": NB, "ben.zip": {"svm.ipynb": NB}, "cy.ipynb": NB,
         "tom.tar.gz": {"hw/svm.ipynb": NB}, "una.rar": b"Rar!\x1a\x07",
         "vi.tar": {"svm.ipynb": NB}},
        {"ada": ["svm.ipynb"], "ben": ["svm.ipynb"], "cy": ["cy.ipynb"], "tom": ["hw/svm.ipynb"],
         "una": ["una.rar"], "vi": ["svm.ipynb"]}, []),
    "what computers keep beside": (
        {"ada/svm.ipynb": NB, "ada/.ipynb_checkpoints/svm.ipynb": NB, "ada/._svm.ipynb": NB,
         "__MACOSX/._ada.ipynb": NB, "Thumbs.db": b"", "venv/lib/demo/svm.ipynb": NB,
         "node_modules/x.js": b"", ".venv/x.ipynb": NB, "ada/venv/x.ipynb": NB,
         ".git/config": b"", ".DS_Store": b"",
         "ben.zip": {"svm.ipynb": NB, "__MACOSX/._svm.ipynb": NB, ".ipynb_checkpoints/x.ipynb": NB,
                     ".before-update-1/notebooks/svm.ipynb": NB},
         "._ada": b""},
        {"ada": ["svm.ipynb"], "ben": ["svm.ipynb"]}, [".venv", "node_modules", "venv"]),
    "hidden files, links and what is nobody's": (
        {"ada/svm.ipynb": NB, ".ben.ipynb": NB, ".cy/svm.ipynb": NB, "dee": "/etc", "list.csv": b"",
         "ada/.softmax.ipynb": NB, "ada/more": "/etc", "eve.ipynb": "/etc/passwd",
         "flo.ipynb": "/etc/passwd"},
        {"ada": ["svm.ipynb"], "eve": ["eve.ipynb"], "flo": ["flo.ipynb"]},
        [".ben.ipynb", ".cy", "ada: .softmax.ipynb", "ada: more", "dee", "list.csv"]),
    "something in place of a notebook": (
        {"ada/svm.py": b"", "ben/svm.ipynb.txt": NB, "cy/svm.html": b"", "dee/svm.pdf": b"",
         "eve": None, "flo.py": b"", "gus.ipynb.txt": NB, "hal.zip": {"svm.py": b""},
         "ida/svm.ipynb": NB, "ida/svm.pdf": b"", "joe.ipynb": NB, "joe.html": b""},
        {"ada": ["svm.py"], "ben": ["svm.ipynb.txt"], "cy": ["svm.html"], "dee": ["svm.pdf"],
         "eve": [], "flo": ["flo.py"], "gus": ["gus.ipynb.txt"], "hal": ["svm.py"],
         "ida": ["svm.ipynb"], "joe": ["joe.ipynb"]}, []),
    "Canvas": (
        {"smith_12345_67890_svm.ipynb": NB, "smith_12345_67891_softmax.ipynb": NB,
         "jones_LATE_222_6001_svm.ipynb": NB, "jones_LATE_222_6009_svm-1.ipynb": NB,
         "leejo_333_7001_work.zip": {"svm.ipynb": NB}, "anon_aB3_7002_svm.ipynb": NB,
         "textonly_444_text.html": b""},
        {"smith": ["softmax.ipynb", "svm.ipynb"], "jones": ["svm-1.ipynb"], "leejo": ["svm.ipynb"],
         "anon": ["svm.ipynb"], "textonly": ["text.html"]}, ["jones_LATE_222_6001_svm.ipynb"]),
    "two students of one name in Canvas": (
        {"smith_1_21_svm.ipynb": NB, "smith_2_22_svm.ipynb": NB},
        {"smith_1": ["svm.ipynb"], "smith_2": ["svm.ipynb"]}, []),
    "dates, which look like Canvas's numbers": (
        {"hw_2026_1_ada.ipynb": NB, "hw_2026_2_ben.ipynb": NB, "lab_3_4_a.ipynb": NB,
         "lab_3_4_b.ipynb": NB},
        {"hw_2026_1_ada": ["hw_2026_1_ada.ipynb"], "hw_2026_2_ben": ["hw_2026_2_ben.ipynb"],
         "lab_3_4_a": ["lab_3_4_a.ipynb"], "lab_3_4_b": ["lab_3_4_b.ipynb"]}, []),
    "a zip of Canvas's": (
        {"all.zip": {"smith_1_21_svm.ipynb": NB, "smith_1_22_softmax.ipynb": NB,
                     "leejo_3_23_work.zip": {"svm.ipynb": NB}, "../x_4_24_svm.ipynb": NB,
                     ".y_5_25_svm.ipynb": NB}},
        {"smith": ["softmax.ipynb", "svm.ipynb"], "leejo": ["svm.ipynb"]},
        ["../x_4_24_svm.ipynb", ".y_5_25_svm.ipynb"]),
    "Moodle": (
        {f"{MOODLE}/svm.ipynb": NB, "Ada Lovelace_12_assignsubmission_onlinetext_/text.html": b"",
         "Participant_13_assignsubmission_file_/svm.ipynb": NB,
         "Participant_14_assignsubmission_file_svm.ipynb": NB},
        {"Ada Lovelace": [f"{MOODLE}/svm.ipynb"], "Participant_13": ["svm.ipynb"],
         "Participant_14": ["svm.ipynb"]}, []),
    "a zip of Moodle's": (
        {"all.zip": {f"{MOODLE}/svm.ipynb": NB, "venv/lib/svm.ipynb": NB,
                     "Ben_13_assignsubmission_file_/svm.ipynb": NB}},
        {"Ada Lovelace": ["svm.ipynb"], "Ben": ["svm.ipynb"]}, ["venv"]),
    "Gradescope": (
        {"assignment_1_export/submission_metadata.yml": META,
         "assignment_1_export/submission_111/svm.ipynb": NB,
         "assignment_1_export/submission_112/mine.ipynb": NB,
         "assignment_1_export/submission_113/svm.ipynb": NB},
        {"Ada Lovelace": ["svm.ipynb"], "Ben O'Neil, C\u00e9line": ["mine.ipynb"],
         "submission_113": ["svm.ipynb"]}, []),
    "a zip of Gradescope's": (
        {"export.zip": {"assignment_1_export/submission_metadata.yml": META,
                        "assignment_1_export/submission_111/svm.ipynb": NB}},
        {"Ada Lovelace": ["svm.ipynb"]}, []),
    "Blackboard": (
        {"HW 1_ada_attempt_2026-01-31-10-00-00_svm.ipynb": NB,
         "HW 1_ada_attempt_2026-01-31-11-00-00_svm.ipynb": NB,
         "HW 1_ada_attempt_2026-01-31-11-00-00.txt": b""},
        {"ada": ["svm.ipynb"]}, ["HW 1_ada_attempt_2026-01-31-10-00-00_svm.ipynb",
                                 "HW 1_ada_attempt_2026-01-31-11-00-00.txt"]),
    "GitHub Classroom": (
        {"hw1-submissions/hw1-ada/svm.ipynb": NB, "hw1-submissions/hw1-ben-b/svm.ipynb": NB},
        {"ada": ["svm.ipynb"], "ben-b": ["svm.ipynb"]}, []),
    "names with hyphens of no assignment": (
        {"ana-maria/svm.ipynb": NB, "ana-lucia/svm.ipynb": NB},
        {"ana-lucia": ["svm.ipynb"], "ana-maria": ["svm.ipynb"]}, []),
    "nbgrader": (
        {"submitted/ada/hw1/svm.ipynb": NB, "submitted/ben/hw1/svm.ipynb": NB,
         "submitted/ben/hw1/timestamp.txt": b""},
        {"ada": ["hw1/svm.ipynb"], "ben": ["hw1/svm.ipynb"]}, []),
    "the notebook's name beside the student's": (
        {"ada_svm.ipynb": NB, "ada_softmax.ipynb": NB, "svm - ben.ipynb": NB, "ben_svm.txt": b""},
        {"ada": ["softmax.ipynb", "svm.ipynb"], "ben": ["svm.ipynb"]}, ["ben_svm.txt"]),
    "second downloads and copies": (
        {"kim_svm.ipynb": NB, "kim_svm (1).ipynb": NB, "kim_softmax(2).ipynb": NB,
         "svm_lee.ipynb": NB, "svm_lee (1).ipynb": NB, "ana svm - Copy (2).ipynb": NB,
         "ana svm.ipynb": NB, "bo_svm_copy.ipynb": NB, "bo_svm copy 2.ipynb": NB,
         "svm_kim2.ipynb": NB, "joe (1).ipynb": NB, "joe.ipynb": NB},
        {"kim": ["softmax(2).ipynb", "svm (1).ipynb", "svm.ipynb"],
         "lee": ["svm (1).ipynb", "svm.ipynb"], "ana": ["svm - Copy (2).ipynb", "svm.ipynb"],
         "bo": ["svm copy 2.ipynb", "svm_copy.ipynb"], "kim2": ["svm.ipynb"],
         "joe (1)": ["joe (1).ipynb"], "joe": ["joe.ipynb"]}, []),
    "renamed notebooks of one student": (
        {"part 1.ipynb": b'"check(predict)"', "part 2.ipynb": b'"def softmax(scores):\\n"'},
        {"course": ["part 1.ipynb", "part 2.ipynb"]}, []),
    "different notebooks of two students, as their names say": (
        {"ada_svm.ipynb": b'"check(predict)"', "ben_softmax.ipynb": b'"check(softmax)"'},
        {"ada": ["svm.ipynb"], "ben": ["softmax.ipynb"]}, []),
    "different notebooks of two students, as Canvas says": (
        {"smith_1_21_a.ipynb": b'"check(predict)"', "leejo_2_22_b.ipynb": b'"check(softmax)"'},
        {"smith": ["a.ipynb"], "leejo": ["b.ipynb"]}, []),
    "the same notebook of two students": (
        {"ada.ipynb": b'"exercise:predict"', "ben.ipynb": b'"def search("'},
        {"ada": ["ada.ipynb"], "ben": ["ben.ipynb"]}, []),
    "names that are nearly the same": (
        {"ada/svm.ipynb": NB, "ada.ipynb": NB, "ada.zip": {"svm.ipynb": NB}, "Ada.ipynb": NB,
         "a+b.ipynb": NB, "a b.ipynb": NB, "con.ipynb": NB, "caf\u00e9.ipynb": NB,
         "cafe\u0301.ipynb": NB},
        {"ada": ["svm.ipynb"], "ada.ipynb": ["ada.ipynb"], "ada.zip": ["svm.ipynb"],
         "Ada": ["Ada.ipynb"], "a+b": ["a+b.ipynb"], "a b": ["a b.ipynb"], "con": ["con.ipynb"],
         "cafe\u0301": ["cafe\u0301.ipynb"], "caf\u00e9 (2)": ["caf\u00e9.ipynb"]}, []),
    "archives beside notebooks, and archives in archives": (
        {"ada/svm.ipynb": NB, "ada/old.zip": {"svm.ipynb": NB},
         "ben/a.zip": {"svm.ipynb": NB}, "ben/b.tar": {"softmax.ipynb": NB},
         "cy.zip": {"in.zip": {"svm.ipynb": NB}},
         "dee.zip": {"in.zip": {"inner.zip": {"svm.ipynb": NB}}},
         "eve.zip": {"svm.ipynb": NB, ".softmax.ipynb": NB}},
        {"ada": ["svm.ipynb"], "ben": ["a.zip/svm.ipynb", "b.tar/softmax.ipynb"],
         "cy": ["in.zip/svm.ipynb"], "dee": ["dee.zip"], "eve": ["svm.ipynb"]},
        ["ada: old.zip", "eve: .softmax.ipynb"]),
}


def laid_out(folder: Path, files: dict) -> Path:
    """The folder, with these files in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data is None:
            path.mkdir()
        elif isinstance(data, str):
            path.symlink_to(data)
        else:
            path.write_bytes(packed(name, data))
    return folder


def packed(name: str, data: bytes | dict) -> bytes:
    """A file's bytes; of a dict an archive, of the kind that the name says."""
    if isinstance(data, bytes):
        return data
    files = [(inner, packed(inner, held)) for inner, held in data.items()]
    return zipped(files) if name.endswith(".zip") else tarred(
        [(member(inner, size=len(held)), held) for inner, held in files],
        "w:gz" if name.endswith("gz") else "w")


def zipped(files: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Iterable[tuple[tarfile.TarInfo, bytes]], mode: str = "w",
           form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:
        for info, data in files:
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def member(name: str, **fields: object) -> tarfile.TarInfo:
    """A member of a tar."""
    info = tarfile.TarInfo(name)
    for key, value in fields.items():
        setattr(info, key, value)
    return info


def changed(archive: bytes, field: int, value: bytes) -> bytes:
    """A zip whose lists say something else of every member, from this byte on."""
    data, at = bytearray(archive), 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + field:at + field + len(value)] = value
        at += 4
    return bytes(data)


def header(**fields: object) -> bytes:
    """A header of a tar that tarfile would not write, with its sum."""
    return member("svm.ipynb", **fields).tobuf(tarfile.GNU_FORMAT)


def negative() -> bytes:
    """A header of a file of less than no bytes."""
    data = bytearray(header())
    data[124:136] = b"\xff" * 11 + b"\0"
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data)
    return bytes(data)


PLAIN, TAR = zipped([("svm.ipynb", NB)]), tarred([(member("svm.ipynb", size=len(NB)), NB)])
GNU = tarred([(member("\u00e9" * 99 + "/svm.ipynb", size=len(NB)), NB)], form=tarfile.GNU_FORMAT)
# Of each archive: its name, its bytes, and a part of what is said of its notebook, or of itself.
BENT = {
    "a bomb": ("ben.zip", lambda: changed(PLAIN, 24, struct.pack("<I", 2**31)), "has 2,048 MB"),
    "a bomb that says it is small": (
        "ben.zip", lambda: changed(zipped([("svm.ipynb", bytes(2**22))]), 24, b"\x09\0\0\0"),
        "svm.ipynb is damaged"),
    "a bomb of a tar": ("ben.tar", lambda: header(size=2**33 - 1) + bytes(2048), "has 8,192 MB"),
    "a bomb before the notebook": (
        "ben.tar", lambda: member("x.bin", size=2**31).tobuf() + TAR, "unpacks to more than"),
    "a lie about the list": (
        "ben.zip", lambda: PLAIN[:-10] + struct.pack("<I", 2**31 - 1) + PLAIN[-6:], "ben.zip"),
    "a list without end": (
        "ben.zip", lambda: zipped((f"{i}{'x' * 4000}.ipynb", b"") for i in range(2100)),
        "a list of files of 8.2 MB"),
    "an absolute path": ("ben.zip", lambda: zipped([("/etc/svm.ipynb", NB)]), "leads out"),
    "a way out": ("ben.zip", lambda: zipped([("a/../../svm.ipynb", NB)]), "leads out"),
    "a way out of Windows": ("ben.zip", lambda: zipped([("C:\\svm.ipynb", NB)]), "leads out"),
    "a password": ("ben.zip", lambda: changed(PLAIN, 8, b"\x01"), "locked with a password"),
    "another method": ("ben.zip", lambda: zipped([("svm.ipynb", NB)], zipfile.ZIP_LZMA),
                       "packed in a way"),
    "a link": ("ben.zip", lambda: changed(PLAIN, 38, struct.pack("<I", 0o120777 << 16)),
               "is a link"),
    "a link in a tar": ("ben.tar", lambda: header(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
                        "is a link"),
    "a hard link": ("ben.tar", lambda: header(type=tarfile.LNKTYPE, linkname="x"), "is a link"),
    "a device": ("ben.tar", lambda: header(type=tarfile.CHRTYPE), "is no file"),
    "a pipe": ("ben.tar", lambda: header(type=tarfile.FIFOTYPE), "is no file"),
    "a sparse file": ("ben.tar", lambda: header(type=tarfile.GNUTYPE_SPARSE), "no plain size"),
    "a negative size": ("ben.tar", lambda: negative() * 3, "no plain size"),
    "a name without end": ("ben.tar", lambda: header(type=b"L", size=2**30) + bytes(2048),
                           "more than 16,384 bytes"),
    "names of names without end": (
        "ben.tar", lambda: (header(type=b"L", size=9) + b"svm.ipynb".ljust(512, b"\0")) * 5000,
        "no notebook"),
    "a zip cut off": ("ben.zip", lambda: PLAIN[:60], "is damaged, or no archive"),
    "a tar cut off": ("ben.tar", lambda: TAR[:515], "is cut off"),
    "a packed tar cut off": (
        "ben.tar.gz", lambda: packed("x.gz", {"svm.ipynb": bytes(range(256))})[:300], "is damaged"),
    "no archive": ("ben.zip", lambda: b"hello", "is no archive"),
    "nothing": ("ben.zip", lambda: b"", "is no archive"),
    "RAR": ("ben.rar", lambda: b"Rar!\x1a\x07", "is a RAR archive, which is not opened here"),
    "7z": ("ben.zip", lambda: b"7z\xbc\xaf\x27\x1c", "is a 7z archive"),
    "xz": ("ben.tar.xz", lambda: tarred([(member("svm.ipynb"), b"")], "w:xz"), "packed with xz"),
}
# Archives that are as good as any.
GOOD = {
    "a tar under another name": ("ben.zip", TAR, "svm.ipynb"),
    "a tar of bzip2": ("ben.tar.bz2", tarred([(member("svm.ipynb", size=len(NB)), NB)], "w:bz2"),
                       "svm.ipynb"),
    "a long name": ("ben.tar", GNU, "\u00e9" * 99 + "/svm.ipynb"),
    "a long name of pax": (
        "ben.tar", tarred([(member("\u00e9" * 99 + "/svm.ipynb", size=len(NB)), NB)]),
        "\u00e9" * 99 + "/svm.ipynb"),
    "slashes of Windows": ("ben.zip", zipped([("hw\\svm.ipynb", NB)]), "hw/svm.ipynb"),
    "UTF-8 that does not say so": (
        "ben.zip", zipped([("xx/svm.ipynb", NB)]).replace(b"xx/", b"\xc3\xa9/"),
        "\u00e9/svm.ipynb"),
    "a name of cp437": (
        "ben.zip", zipped([("xx/svm.ipynb", NB)]).replace(b"xx/", b"\x81x/"), "\u00fcx/svm.ipynb"),
}
