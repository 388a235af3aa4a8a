# Sets up what it needs in .venv and then does what is asked; needs Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DISPLAY_THERE := $(DISPLAY)$(WAYLAND_DISPLAY)

.PHONY: run test test-interop lint bench bench-exports bench-suggestions pictures clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[graphemes,parquet,plots,warc,zstd]" --group dev
	touch $@

$(VENV)/.interop: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group interop
	touch $@

$(VENV)/.extractors: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group extractors
	touch $@

run: $(VENV)/.installed  ## open the window on the sample pages
ifeq ($(shell uname -s)$(DISPLAY_THERE),Linux)
	@echo "There is no display, so here is the tour instead; look at its pictures in exports/tour."
	$(BIN)/segmark tour exports/tour
else
	$(BIN)/segmark exports/samples.segmark resources/pages
endif

test: $(VENV)/.installed  ## the suite, without a screen
	$(BIN)/python -m pytest --ignore=tests/interop

test-interop: $(VENV)/.interop  ## the exports in the libraries that read them; fetches these
	$(BIN)/python -m pytest tests/interop tests/export/formats/test_every_format.py

lint: $(VENV)/.installed  ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.installed  ## every budget, on the real window and a real project
	$(BIN)/python -m tests.benchmarks.bench_program
	$(BIN)/python -m tests.benchmarks.bench_exports

bench-exports: $(VENV)/.interop  ## speed and memory of each format; PAGES=500000, FORMATS="jsonl lines"
	$(BIN)/python -m tests.benchmarks.bench_exports $(or $(PAGES),10000) $(FORMATS)

torture: $(VENV)/.installed  ## every fault a thousand times; makes the table of the help anew
	$(BIN)/python -m tests.torture
	SEGMARK_ANY_INPUT=300 SEGMARK_PAGES_OPENED=2000 $(BIN)/python -m pytest tests/gui/test_any_input.py

bench-suggestions: $(VENV)/.extractors  ## how good the suggestions are; CORPUS=folder, JSON=file
	$(BIN)/python -m tests.benchmarks.bench_suggestions --corpus $(CORPUS) $(if $(JSON),--json $(JSON))

pictures: $(VENV)/.installed  ## make the pictures of the README and the help anew
	$(BIN)/python -m tests.pictures

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
