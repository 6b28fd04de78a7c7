"""What makes `pytest --nbval notebooks` worth trusting.

nbval alone takes the kernel that a notebook names, waits 2,000 s for a dead one,
calls a cell green that took too long but caught the interrupt, and compares
nothing where a notebook was saved without outputs.  Here every notebook runs on
the Python that runs pytest, apart from the student's settings and progress; a dead
kernel is noticed within seconds and a late cell is red; and, where stored outputs
are compared, a cell is red in whose place something else ran, and a notebook that could
be green for nothing is refused, and so is a run that leaves one out.
"""
import ast
import os
import re
from collections.abc import Generator, Iterator
from functools import partial
from itertools import zip_longest
from json import dumps, loads
from math import inf
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbval import plugin
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

NBVAL_TIMEOUT, OUR_TIMEOUT = 2000, 300
HEARTBEAT, GRACE = 1.0, 5.0
# What hides an error: modules and names that catch it, run code or another process that nobody
# looks into, or end the kernel.  What changes a cell on its way to Python is seen by the witness.
HIDING = {"asyncio", "concurrent", "contextlib", "multiprocessing", "pytest", "subprocess",
          "unittest", "assert_raises", "assert_raises_regex", "raises", "exec", "eval", "system",
          "popen", "excepthook", "__exit__", "__aexit__", "_exit", "exit", "quit"}
# What a kernel runs before all cells: from then on each statement of a cell that it runs is written
# down, and nothing in it can take an audit hook away.  Python tells of a tree as it is compiled,
# and of the file that the tree is from as it is run.
WITNESS = """
import ast, json, sys
def witness(event, about, tree=ast.mod, text=ast.unparse, dumps=json.dumps, seen=[],
            log=open({log!r}, "a", encoding="utf-8")):
    if event == "compile" and isinstance(about[0], tree):
        seen[:] = about[0].body
    elif event == "exec" and seen and "ipykernel_" in about[0].co_filename:
        log.writelines(dumps(text(node)) + "\\n" for node in seen)
        log.flush()
        seen.clear()
sys.addaudithook(witness)
del ast, json, sys, witness
"""
# Magics that only say how pictures are drawn and modules are read.
HARMLESS = re.compile(r"^%(?:matplotlib|load_ext autoreload|autoreload) *\w*$", re.MULTILINE)
SPREADING = ("load", "worksteal", "loadgroup")  # xdist's ways that part the cells of a notebook
COLLECTED = pytest.StashKey[set[Path]]()
ABSOLUTE = re.compile(r"""(?! [^\s"'`<>)]* \bipykernel_\d+[\\/] )  # a cell, in a warning
                          (?: (?<![\w./<\\~$)}-]) / (?:home|root|tmp|Users|Volumes|content|etc
                                                        |mnt|opt|srv|usr|var)\b
                            | (?<![\w./<\\~$)}-]) / [A-Za-z_][\w.-]*/[\w.-]
                            | (?<=["']) / [\w.]
                            | (?<![\w/]) ~[\w-]*/\w
                            | \b[A-Za-z]: [\\/]+ (?:Users\b | [\w\ -]+ (?:[\\/] | \.\w))
                            | (?<=["']) (?: \\\\[\w.-]+\\ | \\{4}[\w.-]+\\\\ ) \w
                            | file://
                          ) [^\s"'`<>)]*""", re.VERBOSE)
BINARY = ("image/png", "image/jpeg", "image/gif", "application/pdf")
PASSED_OVER = ("image/png", "image/jpeg")  # by nbval
WIDGET = "application/vnd.jupyter.widget-view+json"  # which is not the same twice
# What is another one whenever a kernel starts: where things lie, in memory and in its own folder.
MOVING = {r"\bat 0x[\da-fA-F]+": "at an address",
          r"[^\s\"'(<]*\bipykernel_\d+[\\/]\d+\.py": "a cell"}
COLOURS = re.compile(r"\x1b\[[\d;]*m")


def pytest_configure(config: pytest.Config) -> None:
    """Set nbval's options, as far as the command line did not."""
    if config.option.nbval_cell_timeout == NBVAL_TIMEOUT:
        config.option.nbval_cell_timeout = OUR_TIMEOUT
    config.option.nbval_current_env = config.option.nbval_kernel_name is None


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep a notebook's cells together on one worker; start its kernel where we are told to."""
    option = session.config.option
    if getattr(option, "dist", None) in SPREADING and (option.nbval or option.nbval_lax):
        option.dist = "loadfile"
    # `make grade` runs a copy that lies elsewhere.
    if folder := os.environ.get("CS231N_LITE_FOLDER"):
        plugin.RunningKernel = lambda *names, **how: RunningKernel(*names, **how | {"cwd": folder})


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list, list]:
    """Put a guarded notebook in the place of each of nbval's, and remember where it is."""
    found = yield
    if any(isinstance(node, IPyNbFile) for node in found):
        parent.config.stash.setdefault(COLLECTED, set()).add(file_path)
    return [Notebook.from_parent(parent, path=file_path) if isinstance(node, IPyNbFile) else node
            for node in found]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Raise UsageError when outputs are compared, but not those of every notebook named."""
    check_whole(session.items)
    option = session.config.option
    lost = (sorted(map(str, left_out(session.config)))
            if option.nbval and not option.nbval_lax else [])
    if lost:
        raise pytest.UsageError(
            f"pytest passes over {', '.join(lost)}: let each be a file whose name ends in .ipynb, "
            "in no folder that pytest ignores, or else delete it; "
            "or name the notebooks to be run one by one."
        )


def check_whole(items: list[pytest.Item]) -> None:
    """Raise UsageError where a cell of a notebook is to run without those above it."""
    chosen: dict[Notebook, list[int]] = {}
    for item in items:
        if isinstance(item.parent, Notebook):
            chosen.setdefault(item.parent, []).append(item.cell_num)
    for notebook, numbers in chosen.items():
        if sorted(numbers) != notebook.numbers[:len(numbers)]:
            raise pytest.UsageError(f"{notebook.path.name} is to be run in part, but a cell needs "
                                    "those above it: name the notebook alone, without ::, -k or -m."
                                    )


def left_out(config: pytest.Config) -> set[Path]:
    """What lies below the named folders and looks like a notebook, but was not collected."""
    start = config.invocation_params.dir
    folders = (os.path.abspath(start / argument.partition("::")[0]) for argument in config.args)
    there = {path for folder in folders for path in Path(folder).rglob("*")
             if path.suffix.lower() == ".ipynb" and ".ipynb_checkpoints" not in path.parts}
    return there - config.stash.get(COLLECTED, set())


class Notebook(IPyNbFile):
    """nbval's notebook, with its gaps closed."""

    def collect(self) -> Iterator[IPyNbCell]:
        """The code cells; CollectError when comparing their outputs would prove nothing."""
        cells = list(super().collect())
        for cell in cells:  # nbval waits five seconds for an output, too few on a busy machine
            cell.output_timeout = OUR_TIMEOUT
        self.numbers = [cell.cell_num for cell in cells]
        if self.compare_outputs and (state := unfinished(cells)):
            raise self.CollectError(
                f"{self.path.name} was saved in the middle of work: {state}, but outputs are "
                "compared with those of one run from top to bottom; choose Kernel > Restart Kernel "
                "and Run All Cells, save, and try again, or let `make grade` judge the work as it "
                "is."
            )
        flaws = ([f"{name} {flaw}" for name, flaw in flaws_of(self.nb, cells)]
                 if self.compare_outputs else [])
        if flaws:
            raise self.CollectError(
                f"{self.path.name} could be green for nothing: {flaws[0]} ({len(flaws)} flaws in "
                "all); mend it, restart the kernel, run all cells and save the notebook, "
                "or use --nbval-lax to compare nothing."
            )
        return iter(cells)

    def setup(self) -> None:
        """Start the kernel in its own environment: cartoons, and progress that is thrown away."""
        self.scratch = TemporaryDirectory(ignore_cleanup_errors=True)
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("CS231N_LITE_PROGRESS", f"{self.scratch.name}/progress.json")
            environment.setenv("TQDM_DISABLE", "1")
            environment.setenv("IPYTHONDIR", f"{self.scratch.name}/ipython")
            environment.delenv("PYTHONOPTIMIZE", raising=False)  # which leaves the asserts out
            environment.delenv("IPYKERNEL_CELL_NAME", raising=False)  # by which the witness knows
            if self.compare_outputs:
                environment.setenv("CS231N_LITE_DATA", "cartoon")
            # Sockets in a folder of its own: no port that another kernel may take meanwhile.
            if os.name == "posix":
                own_sockets = partial(KernelManager, transport="ipc",
                                      ip=f"{self.scratch.name}/kernel")
                environment.setattr("nbval.kernel.KernelManager", own_sockets)
            # It makes its cache now, so that no cell is the one to speak of it.
            import matplotlib.font_manager  # noqa: F401
            super().setup()
        self.sanitize_patterns.update(MOVING)
        watch(self.kernel)
        self.log = Path(self.scratch.name, "log")
        witness = self.kernel.kc.execute(WITNESS.format(log=str(self.log)), silent=True)
        self.kernel.await_reply(witness, timeout=OUR_TIMEOUT)

    def teardown(self) -> None:
        """Stop the kernel and forget what it kept."""
        super().teardown()
        self.scratch.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Let no cell be green that took too long, hid its error or has left a dead kernel.

    Where outputs are compared, nor one in whose place something else ran.
    """
    if not isinstance(item, IPyNbCell):
        yield
        return
    log = item.parent.log
    log.write_text("", encoding="utf-8")
    yield
    option, kernel = item.config.option, item.parent.kernel
    if item.parent.timed_out:
        raise RuntimeError(f"took longer than {option.nbval_cell_timeout:g} seconds")
    if kernel.status != "ok" and not item.options["check_exception"]:
        raise RuntimeError("ended in an error that it did not show")
    try:
        kernel.await_reply(kernel.kc.kernel_info(), timeout=option.nbval_kernel_startup_timeout)
    except Empty:
        raise RuntimeError("the kernel does not answer any more") from None
    if item.parent.compare_outputs and option.nbval_current_env:
        run = map(loads, log.read_text(encoding="utf-8").splitlines())
        for ran, said in zip_longest(run, statements(item.cell.source), fillvalue="nothing"):
            if ran != said:
                raise RuntimeError(f"the kernel ran `{ran}` where the cell says `{said}`: take out "
                                   "what changes cells before they run")
    if item.parent.compare_outputs and (change := change_of_outputs(item)):
        raise RuntimeError(f"the cell does not show what is stored, since {change}; "
                           "mend the cell, or if it is right, run all cells and save the notebook")


def change_of_outputs(cell: IPyNbCell) -> str | None:
    """What a cell shows otherwise than it is stored, where nbval does not look, if anything."""
    from cs231n_lite.contents.alike import Leeway, change_of_outputs
    tags = cell.cell.metadata.get("tags", ())
    leeway = (Leeway.LETTER if cell.options["check"]
              else next((each for each in Leeway if each.value in tags), Leeway.SHAPE))
    stored, now = ([*shown_in(outputs)] for outputs in (cell.cell.outputs, cell.test_outputs))
    return change_of_outputs(stored, now, leeway)


def shown_in(outputs: list[NotebookNode]) -> Iterator[tuple[str, str | dict]]:
    """(kind, text) of all that is shown but warnings and widgets; what is printed stands as one.

    Of a picture, (kind, what it holds) by cs231n_lite/contents.
    """
    printed = "".join(output.text for output in outputs if output.get("name") == "stdout")
    if printed:
        yield "print", plugin.carriagereturn_pat.sub("", printed)
    for output in outputs:
        data = output.get("data", {})
        for kind in sorted(data) if WIDGET not in data else ():
            yield kind, (data[kind] if kind.startswith("text/")
                         else output.metadata.get(kind, {}).get("contents", {}))


def statements(source: str) -> list[str]:
    """The statements of a cell, each in the one form that the witness writes it in."""
    tree = ast.parse(TransformerManager().transform_cell(source))
    return [ast.unparse(node) for node in tree.body]


def unfinished(cells: list[IPyNbCell]) -> str | None:
    """What shows that the outputs are not those of one run from top to bottom, if anything."""
    asked = [cell.cell for cell in cells if cell.cell.source.strip()]
    for number, cell in enumerate(asked, start=1):
        if cell.execution_count is None:
            return f"its code cell {number} has not been run"
        if cell.execution_count != number:
            return f"its code cell {number} bears [{cell.execution_count}] instead of [{number}]"
    return None


def flaws_of(notebook: NotebookNode, cells: list[IPyNbCell]) -> Iterator[tuple[str, str]]:
    """(name, flaw) for whatever could make the notebook green without being right."""
    asked = [cell for cell in cells if cell.cell.source.strip()]
    for cell in asked:
        flaw = flaw_of(cell.cell, cell.options) or hides_errors(cell.cell.source)
        if flaw:
            yield cell.name, flaw
    for cell in cells:
        if cell not in asked and cell.cell.outputs:
            yield cell.name, "has outputs, but no source"
    for part in [*notebook.cells, notebook]:
        name = f"cell {part.get('id', '')!r}" if "source" in part else "the notebook"
        for path in ABSOLUTE.findall(COLOURS.sub("\n", "\n".join(texts_of(part)))):
            yield name, f"holds the absolute path {path!r}"
    for cell in notebook.cells:
        if cell.cell_type not in ("code", "markdown"):
            yield f"cell {cell.get('id', '')!r}", f"is {cell.cell_type}, so that it is not run"
    if not any(map(is_compared, cells)):
        yield "the notebook", "holds no output that is compared"


def flaw_of(cell: NotebookNode, options: dict[str, bool]) -> str | None:
    """What keeps a code cell from being run, or compared as nbval does those run."""
    if options["skip"] or options["check_exception"]:
        return "asks to be skipped or may raise an exception"
    if any(output.output_type == "error" for output in cell.outputs):
        return "ended in an error"
    if not options["check"] and not cell.outputs:
        return "has an output that is not compared, and none is stored"
    if options["check"] and any(about == {} for kind, about in shown_in(cell.outputs)
                                if kind in PASSED_OVER):
        return ("shows a picture that cannot be compared, since nothing is stored beside it (use "
                "plots.Picture, import cs231n_lite.exercises above, or tag it nbval-ignore-output)")
    return None


def hides_errors(source: str) -> str | None:
    """What in the source keeps errors from being seen, if anything."""
    try:
        nodes = list(ast.walk(ast.parse(
            TransformerManager().transform_cell(HARMLESS.sub("", source)))))
    except SyntaxError:
        # As a magic without its %, which IPython runs all the same.
        return "is no Python, which may hide an error"
    dotted = [str(getattr(node, field, "")) for node in nodes
              for field in ("id", "attr", "name", "module")]
    names = {name for names in dotted for name in names.split(".")}
    if "get_ipython" in names:
        return "uses a magic, a shell or get_ipython, which may hide an error"
    if any(isinstance(node, (ast.Try, ast.TryStar)) for node in nodes):
        return "holds a try, which may hide an error"
    if hiding := sorted(HIDING & names):
        return f"uses {hiding[0]}, which may hide an error"
    return None


def is_compared(cell: IPyNbCell) -> bool:
    """Whether anything is compared that is stored for a cell; pictures are, though not by nbval."""
    kinds = {kind for output in cell.cell.outputs for kind in output.get("data", output)}
    return cell.options["check"] and not kinds <= {*cell.parent.skip_compare} - {*PASSED_OVER}


def texts_of(part: NotebookNode) -> Iterator[str]:
    """Source, texts in outputs, and metadata of a cell; of a notebook, the metadata alone."""
    yield part.get("source", "")
    yield dumps(part.metadata)
    for output in part.get("outputs", ()):
        kinds = {kind: text for kind, text in output.get("data", {}).items()
                 if not kind.startswith(BINARY)}
        yield from (text if isinstance(text, str) else dumps(text) for text in kinds.values())
        yield output.get("text", "")


def watch(kernel: RunningKernel) -> None:
    """Keep the kernel's last word on how a cell ended in kernel.status, which nbval throws away.

    Let kernel.get_message raise RuntimeError soon after the kernel has died, or would not stop when
    told to.
    """
    wait, interrupt = kernel.get_message, kernel.interrupt
    stop = inf

    def interrupt_for_good() -> None:
        nonlocal stop
        stop = monotonic() + GRACE
        interrupt()

    def get_message(stream: str, timeout: float | None = None) -> dict:
        end = monotonic() + (inf if timeout is None else timeout)
        while True:
            if monotonic() > stop:
                kernel.stop()
                raise RuntimeError("this cell took too long, and would not stop")
            try:
                message = wait(stream, timeout=max(0, min(HEARTBEAT, end - monotonic())))
                if stream == "shell":
                    kernel.status = message["content"]["status"]
                return message
            except Empty:
                if not kernel.is_alive():
                    raise RuntimeError("the kernel died while it ran this cell, "
                                       "or right after it") from None
                if monotonic() >= end:
                    raise

    kernel.get_message, kernel.interrupt = get_message, interrupt_for_good
