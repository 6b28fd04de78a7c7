# The commands of cs231n_lite: `make help` lists them.  For GNU make 3.81 or newer.

# The interpreters to try, in this order, when .venv is made; `make lab PYTHON=/path/to/python3` names another.
PYTHON ?= python3.14 python3.13 python3.12 python3.11 python3

# Many Pythons are started: they share what one has compiled, none waits for the threads of another, and what
# tests/lean stands for is not built by each of them.
PYTEST := env -u PYTHONDONTWRITEBYTECODE OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH="$(CURDIR)/tests/lean" \
          .venv/bin/python -m pytest
# A worker more than two processors have: some tests wait for clocks.
SHARED := -n 3 --dist loadfile --no-loadscope-reorder

# A stamp is written once all is installed, and names the folder for which it was: what an interrupted install, a moved
# checkout or a removed interpreter leaves behind has no valid stamp, and the next call mends it.
LAB := .venv/requirements.ready
TESTS := .venv/requirements-test.ready
NO_NEWS := .venv/etc/jupyter/labconfig/page_config.json
$(shell [ -x .venv/bin/python ] || rm -f .venv/bin/pip $(LAB); \
        [ "$$(cat $(LAB) 2>/dev/null)" = "$$(pwd -P)" ] || rm -f $(LAB) $(TESTS))

.PHONY: help lab test test-all test-slow lint grade data bench results page html portable clean
.DEFAULT_GOAL := help

# What names no command; and two that name folders, which are there and so would be up to date.
.PHONY: notebooks datasets
notebooks: lab
datasets: data
.DEFAULT:
	@echo "make has no command '$@' here: make help lists those that there are." >&2; exit 2

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

lab: $(LAB) $(NO_NEWS) ## open the notebooks in JupyterLab; the first call makes .venv
	@set -- --notebook-dir=notebooks; \
	[ "$$(id -u)" != 0 ] || set -- "$$@" --allow-root; \
	[ "$$(uname)" = Darwin ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || set -- "$$@" --no-browser; \
	PATH="$$PWD/.venv/bin:$$PATH" exec .venv/bin/python -m jupyterlab "$$@"

test: $(TESTS) ## run the fast tests, in a minute or two; no network once .venv is made
	@$(PYTEST) $(SHARED) -m "not slow"

test-all: $(TESTS) ## run all tests, the slow ones too
	@$(PYTEST) $(SHARED) -m "$(if $(EVERYTHING),,not everything)"
# What CI runs after `make test`; EVERYTHING=1 adds to `make test-all` what takes longer than CI has.
test-slow: $(TESTS) ## run the slow tests alone
	@$(PYTEST) $(SHARED) -m "slow and not everything"

lint: $(TESTS) ## check style and types, by ruff and mypy
	@.venv/bin/ruff check .
	@.venv/bin/mypy

grade: $(LAB) ## judge your own notebooks: every check must say "correct"
	@.venv/bin/python -m cs231n_lite.exercises.grade notebooks $(wildcard points.csv)

data: ## fetch CIFAR-10 into datasets/ (170 MB); goes on where it was broken off
	@./get_datasets.sh

bench: $(TESTS) ## measure speed and memory beside what one would use instead
	@.venv/bin/python -m benchmarks
	@.venv/bin/python benchmarks/explorer_frames.py

results: $(LAB) ## train every configuration over ten seeds; print the accuracies
	@.venv/bin/python -m benchmarks.accuracy

page: $(LAB) ## write the explorer as one web page, build/explorer.html
	@.venv/bin/python -m cs231n_lite.explorer

html: $(LAB) ## write the notebooks as web pages with a text for each picture, into build/html
	@.venv/bin/python -m cs231n_lite.exercises.webpages

portable: $(LAB) ## write each notebook as one file that brings the package along, into build/portable
	@.venv/bin/python -m cs231n_lite.exercises.portable

clean: ## remove .venv and caches; notebooks, progress and datasets stay
	rm -rf .venv build *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/%.ready: %.txt pyproject.toml | .venv/bin/pip
	@echo "Installing the packages of $< into .venv, once; it takes a minute or two."
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $< || { \
	    echo "Not all packages of $< could be installed (see above); the next call tries again." >&2; exit 1; }
	@pwd -P > $@

$(TESTS): $(LAB)

# A first start of JupyterLab asks whether to fetch news, and looks for updates; here it does neither.
$(NO_NEWS): $(LAB)
	@mkdir -p $(@D)
	@echo '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}' > $@

# venv writes bin/pip last, so its presence says that .venv is whole.  PYTHON may be one path with spaces.
.venv/bin/pip:
	@for python in "$(PYTHON)" $(PYTHON); do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    "$$python" -c 'import ensurepip, venv' 2>/dev/null && exec "$$python" -m venv --clear .venv; \
	    lacking=$$python; \
	done; \
	if [ -n "$$lacking" ]; \
	then echo "$$lacking has no venv module: install it (Debian, Ubuntu: apt install python3-venv)." >&2; \
	else echo "No Python 3.11 or newer among: $(PYTHON). Install one (https://www.python.org/downloads)," \
	         "or name yours: make lab PYTHON=/path/to/python3" >&2; \
	fi; exit 1
