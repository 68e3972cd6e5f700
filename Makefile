# Everything a newcomer needs is `make study` and `make test`. The package is always used as a wheel,
# never from the checkout, so that a forgotten data file is found here and not by a user.

PYTHON ?= $(firstword $(shell command -v python3.11) python3)
VENV ?= .venv
PIP_FLAGS ?=
STUDY ?= dmi_vs_traditional
STUDY_FLAGS ?= --quick
FILMS_FLAGS ?=
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SOURCES := $(shell find dmi_sim models envs experiments -type f -not -name '*.pyc') README.md LICENSE
TYPED := dmi_sim tests docs $(wildcard benchmarks)

# One numerical thread a process: studies and tests use the cores by running processes side by side.
export OMP_NUM_THREADS := 1
# The checkout's own dmi_sim/ must not be imported instead of the wheel.
export PYTHONSAFEPATH := 1

.PHONY: study install test check docs films policies bench clean
.DELETE_ON_ERROR:

study: install
	$(BIN)/dmi-sim study $(STUDY) $(STUDY_FLAGS)

install: $(VENV)/.stamp-wheel

test: $(VENV)/.stamp-wheel $(VENV)/.stamp-dev $(VENV)/.stamp-browser
	DMI_SIM_WHEEL_ONLY=1 $(BIN)/pytest -n auto --dist worksteal $(TEST_FLAGS)

check: $(VENV)/.stamp-wheel $(VENV)/.stamp-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/pyright --pythonpath $(BIN)/python $(TYPED)
	$(BIN)/lint-imports
	$(BIN)/dmi-sim check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The documentation, into site/; a warning, such as a link that leads nowhere, is an error.
docs: $(VENV)/.stamp-wheel $(VENV)/.stamp-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The films in docs/films, of the shipped policies; FILMS_FLAGS="sitting --policy infant_1" for some of them.
films: $(VENV)/.stamp-wheel $(VENV)/.stamp-films
	PYTHONPATH=docs $(BIN)/python docs/record_films.py $(FILMS_FLAGS)

# The policies that are missing in models/policies; all of them take hours.
policies: install
	$(BIN)/dmi-sim policies --workers $(WORKERS) --out models/policies

bench: $(VENV)/.stamp-wheel $(VENV)/.stamp-dev
	$(BIN)/dmi-sim bench

clean:
	rm -rf $(VENV) dist site .pytest_cache .ruff_cache .hypothesis

$(VENV)/.stamp-python:
	@version="$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)"; \
	test "$$version" = 3.11 || { \
	  echo "dmi_sim needs Python 3.11; '$(PYTHON)' is $${version:-not there}." >&2; \
	  echo "PyBullet has no wheels for newer versions. Install Python 3.11, name it with" >&2; \
	  echo "make PYTHON=/path/to/python3.11, or use conda: conda env create -f environment.yml" >&2; \
	  exit 4; }
	@test "$$(uname -sm)" = "Linux x86_64" || { \
	  echo "PyBullet has wheels for Linux x86-64 only; this is $$(uname -sm)." >&2; \
	  echo "Use conda (conda env create -f environment.yml) or the Containerfile." >&2; exit 4; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.stamp-build: $(VENV)/.stamp-python constraints.txt
	$(PIP) install --quiet $(PIP_FLAGS) -c constraints.txt hatchling
	@touch $@

dist/.stamp-wheel: pyproject.toml $(SOURCES) | $(VENV)/.stamp-build
	rm -rf dist
	$(BIN)/hatchling build -t wheel
	@touch $@

$(VENV)/.stamp-deps: constraints.txt pyproject.toml | dist/.stamp-wheel
	$(PIP) install $(PIP_FLAGS) -c constraints.txt dist/*.whl
	@touch $@

# Where Ray has no wheel its tests are skipped, and say so; all the rest is tested all the same.
$(VENV)/.stamp-dev: $(VENV)/.stamp-deps
	$(PIP) install $(PIP_FLAGS) -c constraints.txt "$$(echo dist/*.whl)[dev,docs,cluster,onnx,tensorboard]" || \
	$(PIP) install $(PIP_FLAGS) -c constraints.txt "$$(echo dist/*.whl)[dev,docs]"
	@touch $@

# The page is tested in Debian's browser, since none comes as a wheel. Where it cannot be had, those tests are skipped.
$(VENV)/.stamp-browser: $(VENV)/.stamp-python
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
	  timeout 120 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 600 \
	  apt-get install -qq --yes --no-install-recommends chromium >/dev/null; } || \
	echo "no chromium here, and none could be installed: tests of the page in a browser are skipped" >&2
	@touch $@

# The encoder is large, and only films need it.
$(VENV)/.stamp-films: $(VENV)/.stamp-dev
	$(PIP) install $(PIP_FLAGS) -c constraints.txt "$$(echo dist/*.whl)[films]"
	@touch $@

# The version does not change between commits, so pip must be told that the content does.
$(VENV)/.stamp-wheel: $(VENV)/.stamp-deps dist/.stamp-wheel
	$(PIP) install --quiet --no-deps --force-reinstall dist/*.whl
	@touch $@
