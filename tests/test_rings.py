"""The house stands as CONTRIBUTING.md says: rings import inner ones only, none goes round."""
import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "cs231n_lite"
RINGS = {"engine": 1, "exercises": 2, "explorer": 2, "grading": 3}
COUNTERS = {"cs231n_lite.classifiers", "cs231n_lite.tune"}  # where textbook and engine meet


def module_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in PACKAGE.rglob("*.py")}


def imports(module):
    """The modules of the package that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES.keys()
            yield from named or {node.module} & MODULES.keys()
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & MODULES.keys()


def ring(module):
    return next((RINGS[part] for part in module.split(".") if part in RINGS), 0)


def test_a_ring_imports_inner_ones_only_but_at_the_two_counters():
    outward = {(module, other) for module in MODULES for other in imports(module)
               if ring(other) > ring(module)}
    assert {module for module, _ in outward} == COUNTERS
    assert {ring(other) for _, other in outward} == {1}


def test_no_module_imports_itself_by_way_of_others():
    list(TopologicalSorter({m: set(imports(m)) - {m} for m in MODULES}).static_order())


def test_the_textbook_needs_numpy_and_nothing_else_but_for_its_pictures():
    allowed = {"cs231n_lite", "numpy", "matplotlib", "IPython"}
    for module, path in MODULES.items():
        if ring(module) == 0:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
                      for alias in node.names}
            roots = {name.split(".")[0] for name in names if name}
            assert roots - allowed <= sys.stdlib_module_names, module
