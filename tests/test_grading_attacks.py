"""No attack of the bank is called correct; each comes to an end and leaves nothing behind."""
import ctypes
import os
import platform
import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir
from time import monotonic

import attacks
import numpy as np
import pytest
from grading_helpers import left_over, notebook, traces, verdicts
from notebook_runs import ROOT, clean_environment

from cs231n_lite.exercises.judges.problems import loss_problems
from cs231n_lite.grading.__main__ import main
from cs231n_lite.grading.judging import sandbox
from cs231n_lite.grading.judging.sandbox import Limits
from cs231n_lite.grading.judging.session import Session
from cs231n_lite.grading.run import grade
from cs231n_lite.grading.running.landlock import CREATE_RULESET, SCOPES_SINCE

resource = pytest.importorskip("resource")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore"),
              pytest.mark.skipif(sys.platform != "linux",
                                 reason="elsewhere the filter of system calls is missing")]
# What is to be stopped by its time has little of it; what is refused must be found out before that
# on the busiest machine.
QUICK, PATIENT = (Limits(seconds=seconds, memory=2**30, search=0) for seconds in (12.0, 600.0))
WITH_REASONS = attacks.RESOURCES | attacks.PROCESSES | attacks.FORGED
SEARCH = """from concurrent.futures import ThreadPoolExecutor
import threading
import matplotlib.pyplot as plt
def search(make, X_train, y_train, X_val, y_val, learning_rates, regs):
    def one(point):
        model = make(*point)
        model.fit(X_train, y_train)
        return point, ((model.predict(X_train) == y_train).mean(), \
(model.predict(X_val) == y_val).mean()), model
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(one, [(rate, reg) for rate in learning_rates for reg in regs]))
    plt.plot([accuracies for _, accuracies, _ in rows])
    plt.gcf().canvas.draw()
    best = max(rows, key=lambda row: row[1][1])
    return {point: accuracies for point, accuracies, _ in rows}, best[1][1], best[2]
"""


@pytest.fixture(params=[True, False], ids=["bubblewrap", "cage alone"])
def isolated(request) -> bool:
    if request.param and not sandbox.isolates():
        pytest.skip("bubblewrap does not work here")
    return request.param


@pytest.fixture
def unread(isolated: bool) -> bool:
    """As `isolated`, where no other files can be read."""
    if not isolated and ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, 1) < 1:
        pytest.skip("this kernel has no Landlock")
    return isolated


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch, tmp_path_factory):
    own = tmp_path_factory.mktemp("tmp")
    monkeypatch.setattr("tempfile.tempdir", str(own))
    before = traces()
    yield
    processes, files = left_over(before)
    assert not processes and files <= 0
    assert not list(own.iterdir())


def verdict_on(cell: str, isolated: bool, limits: Limits = PATIENT):
    """The verdict on `predict`."""
    return verdicts(cell, isolated=isolated, limits=limits)["predict"]


@pytest.mark.parametrize("name", attacks.ENDLESS)
def test_what_never_ends_is_stopped(name, isolated):
    verdict = verdict_on(attacks.ENDLESS[name], isolated, QUICK)
    assert verdict.status == "wrong" and "stopped after 3 seconds" in verdict.message, verdict


@pytest.mark.parametrize("name", WITH_REASONS)
def test_what_is_refused_or_forged_is_wrong_with_its_reason(name, isolated):
    cell, reason = WITH_REASONS[name]
    verdict = verdict_on(cell, isolated, PATIENT if reason not in ("", "stopped after") else QUICK)
    assert verdict.status == "wrong" and reason in verdict.message, verdict


@pytest.mark.parametrize("name", attacks.RIGHT_AT_FIRST)
def test_what_is_right_at_first_is_found_out_on_other_inputs(name, isolated):
    verdict = verdict_on(attacks.RIGHT_AT_FIRST[name], isolated)
    assert verdict.status == "wrong", verdict


@pytest.mark.parametrize("sent", [
    "np.full(8000, None)", "[['x' * 32] * 1000] + [np.zeros(1000, np.uint8)] * 500"])
def test_what_is_handed_on_counts_as_what_it_becomes_in_the_grader(sent):
    """Some hundreds of bytes, or kilobytes, on its way; far more once a judge makes an array."""
    cell = SEARCH.replace("    def one", f"""\
    model = make(learning_rates[0], regs[0]).fit(X_train, y_train)
    sent = {sent}
    while True:
        try:
            model.predict(sent)
        except RuntimeError:
            pass
    def one""")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verdict = verdicts("import numpy as np", cell, limits=PATIENT)["search"]
    assert verdict.status == "wrong" and "hands on, more than 64 MB" in verdict.message, verdict
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**18  # kB


def test_a_model_of_the_grader_s_does_not_predict_far_more_rows_than_there_are():
    cell = SEARCH.replace("    def one", """\
    model = make(learning_rates[0], regs[0]).fit(X_train, y_train)
    model.predict(np.zeros((10**6, 1), np.uint8))
    def one""")
    message = verdicts("import numpy as np", cell)["search"].message
    assert "RuntimeError: ValueError: X has shape (1000000, 1); expected rows" in message


def test_what_knows_the_inputs_of_the_check_is_wrong(isolated):
    first = {round(float(problem.W[0, 0]), 4) for problem in loss_problems()}
    cell = attacks.KNOWS_THE_CHECK.replace("{0.6534, -0.2921}", str(first))
    assert verdict_on(cell, isolated).status == "wrong"


@pytest.mark.parametrize("name", attacks.SPIES)
def test_the_package_s_answers_are_out_of_reach(name, unread):
    assert verdict_on(attacks.SPIES[name], unread).status != "correct"


@pytest.mark.parametrize("name", attacks.CHECKS)
def test_check_cells_do_not_matter(name, isolated):
    for cell, status in ((attacks.RIGHT, "correct"), (attacks.WRONG, "wrong")):
        found = verdicts(cell, attacks.CHECKS[name], isolated=isolated)
        assert found["predict"].status == status


def test_other_files_cannot_be_seen(tmp_path):
    if not sandbox.isolates():
        pytest.skip("bubblewrap does not work here")
    secret = tmp_path / "secret"
    secret.write_text("0")
    for path in (secret, Path(__file__), Path(sandbox.__file__)):
        cell = attacks.function(f"return os.stat({str(path)!r}) and (X @ W).argmax(axis=1)")
        assert "FileNotFoundError" in verdict_on(cell, True).message


def test_other_files_cannot_be_read(unread, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("0")
    for look in (f"open({str(secret)!r})", f"os.listdir({str(tmp_path)!r})",
                 f"os.listdir({str(Path.home())!r})", "os.listdir('/')",
                 f"open('/proc/{os.getpid()}/cmdline')"):
        message = verdict_on(attacks.function(look, attacks.BEST), unread).message
        assert "PermissionError" in message or "FileNotFoundError" in message, message


def test_no_file_can_be_written(isolated, tmp_path):
    for path in (tmp_path / "new", Path(gettempdir(), "new"), "new", Path(__file__)):
        cell = attacks.function(f"open({str(path)!r}, 'a').write('x')", attacks.BEST)
        message = verdict_on(cell, isolated).message
        refusals = ("PermissionError", "FileNotFoundError", "OSError")
        assert any(refusal in message for refusal in refusals), message
    assert not list(tmp_path.iterdir()) and not Path("/", "new").exists()


@pytest.mark.parametrize("name", attacks.CHANGES)
def test_no_file_can_be_changed_by_a_call_that_does_not_open_it(name, tmp_path):
    """In the cage alone; inside bubblewrap there is no such file."""
    x86, arm, arguments = attacks.CHANGES[name]
    number = {"x86_64": x86, "aarch64": arm}[platform.machine()]
    if number is None:
        pytest.skip("this machine has no such call")
    path = tmp_path / "file"
    path.write_text("text")
    before = os.stat(path)
    cell = attacks.function(*attacks.SYSTEM_CALL, f"import struct; path = {os.fsencode(path)!r}",
                            f"return call({number}, {arguments})")
    # Landlock refuses to open the file at all, as Errno 13.
    assert "errno" in verdict_on(cell, False).message.lower()
    after = os.stat(path)
    assert path.read_text() == "text" and after[:7] == before[:7] and after[8:] == before[8:]


def test_the_grader_s_process_is_closed_to_others_of_the_same_user_while_it_grades():
    import ctypes

    def is_open():
        return ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)

    with Session({"svm": [attacks.RIGHT]}, PATIENT, False, monotonic() + 600) as session:
        session.answer("predict", "svm")
        assert is_open() == 0
    assert is_open() == 1


def test_landlock_alone_lets_no_signal_out():
    if ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, 1) < SCOPES_SINCE:
        pytest.skip("this kernel's Landlock knows no signals")
    confined = f"""if True:
        import os, sys
        sys.path.insert(0, {str(ROOT)!r})
        from cs231n_lite.grading.running import cage, landlock
        assert cage.unprivileged() and landlock.confined([])
        os.kill(os.getpid(), 0)
        print("itself", flush=True)
        os.kill(os.getppid(), 0)"""
    done = subprocess.run([sys.executable, "-c", confined], check=False,
                          capture_output=True, text=True)
    assert done.stdout == "itself\n" and "PermissionError" in done.stderr, done.stderr


def test_an_earlier_submission_leaves_nothing_to_the_next(isolated):
    leaves = attacks.function(
        "for folder in ('/tmp', '/dev/shm', '/var/tmp', '.'):", "    try:",
        "        open(f'{folder}/cs231n_lite_left', 'w').write('x')", "    except OSError:",
        "        pass", "from multiprocessing import shared_memory", "try:",
        "    shared_memory.SharedMemory('cs231n_lite_left', True, 8)", "except OSError:",
        "    pass", attacks.ZEROS)
    finds = attacks.function(
        "found = any(os.path.exists(f'{f}/cs231n_lite_left') "
        "for f in ('/tmp', '/dev/shm', '/var/tmp', '.'))",
        "return np.zeros(len(X), int) if found else (X @ W).argmax(axis=1)")
    verdict_on(leaves, isolated)
    assert verdict_on(finds, isolated).status == "correct"
    assert not [folder for folder in ("/tmp", "/dev/shm", "/var/tmp", "/")
                if Path(folder, "cs231n_lite_left").exists()]


def test_an_attack_s_memory_is_not_the_grader_s():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name in ("an array of objects many times", "a huge result", "arrays handed on without end"):
        verdict_on(attacks.RESOURCES[name][0], False, QUICK)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**18  # kB


def test_a_search_in_threads_that_plots_is_correct(isolated):
    assert verdicts(SEARCH, isolated=isolated)["search"].status == "correct"


def test_a_thread_that_goes_on_after_its_call_does_not_disturb_the_next_one(isolated):
    goes_on = SEARCH.replace("    best =", """
    def for_ever():
        while True:
            try:
                make(learning_rates[0], regs[0])
            except RuntimeError:
                pass
    threading.Thread(target=for_ever, daemon=True).start()
    best =""")
    found = verdicts(goes_on, attacks.RIGHT, isolated=isolated)
    assert found["search"].status == found["predict"].status == "correct"


def test_a_grader_that_holds_many_files_grades_as_well(isolated):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    held = [os.open("/", os.O_RDONLY) for _ in range(1100)]
    try:
        assert verdict_on(attacks.RIGHT, isolated).status == "correct"
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_numpy_that_lies_beside_the_other_packages_is_found(tmp_path):
    base = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    if sys.prefix == sys.base_prefix or not base.exists():
        pytest.skip("needs a virtual environment, to take NumPy out of")
    (tmp_path / "ada.ipynb").write_bytes(notebook(attacks.RIGHT))
    environment = clean_environment(tmp_path, PYTHONPATH=f"{ROOT}:{Path(np.__file__).parents[1]}")
    command = [base, "-m", "cs231n_lite.grading", "run", tmp_path / "ada.ipynb",
               "--out", tmp_path / "out", "--jobs", "1"]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert "✓ predict" in done.stdout, done.stdout + done.stderr


def test_a_set_up_that_starts_no_process_ends_the_run_and_grades_nobody(
        monkeypatch, tmp_path, capsys):
    (tmp_path / "ada.ipynb").write_bytes(notebook(attacks.RIGHT))
    monkeypatch.setattr(sandbox, "libraries", lambda: ["/nonexistent"])
    arguments = ["run", str(tmp_path / "ada.ipynb"), "--out", str(tmp_path / "out"), "--jobs", "1"]
    assert main(arguments) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert ("No process for students' code starts here "
            "(ModuleNotFoundError: No module named 'numpy')") in said
    assert not list((tmp_path / "out").rglob("*.json"))


LISTED = ("def listed(folder):", "    try:", "        return os.listdir(folder)",
          "    except OSError:", "        return []")


def test_the_package_is_hidden_wherever_it_lies_in_what_is_visible(unread, monkeypatch, tmp_path):
    (tmp_path / "link").symlink_to(ROOT)
    monkeypatch.setattr(sandbox, "SYSTEM", (*sandbox.SYSTEM, str(ROOT), str(tmp_path / "link")))
    folders = [str(Path(folder, "cs231n_lite")) for folder in (ROOT, tmp_path / "link")]
    cell = attacks.function(*LISTED, f"if [listed(folder) for folder in {folders}] == [[], []]:",
                            f"    open({str(ROOT / 'Makefile')!r})", f"    {attacks.BEST}")
    assert verdict_on(cell, unread).status == "correct"


def test_around_python_s_libraries_nothing_is_visible(unread):
    if sys.base_prefix == "/usr":
        pytest.skip("needs a Python in a folder of its own")
    cell = attacks.function(
        *LISTED, f"seen = set(listed({sys.prefix!r})) | set(listed({sys.base_prefix!r}))",
        "if seen <= {'bin', 'lib', 'lib64'} and not listed('/usr/bin'):",
        f"    {attacks.BEST}", "raise ValueError(seen)")
    assert verdict_on(cell, unread).status == "correct"


def test_everyone_else_is_graded_in_the_same_run(tmp_path):
    course = tmp_path / "course"
    bank = (attacks.ENDLESS["a single call of compiled code"],
            attacks.PROCESSES["an exit"][0],
            attacks.RESOURCES["a flood past Python"][0],
            attacks.PROCESSES["forks without end"][0])
    for n, cell in enumerate(bank):
        for name, source in ((f"attack {n}", cell), (f"honest {n}", attacks.RIGHT)):
            folder = course / name
            folder.mkdir(parents=True)
            (folder / "svm.ipynb").write_bytes(notebook(source))
            (folder / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    results = grade([course], tmp_path / "out", Limits(seconds=24, memory=2**30, search=0))
    statuses = {result["student"]: row["verdict"] for result in results
                for row in result["exercises"] if row["exercise"] == "predict"}
    assert statuses == {name: "correct" if name.startswith("honest") else "wrong"
                        for name in statuses}
    assert len(statuses) == 8
