# Each target first sets up what it needs in .venv. Needs Python 3.11 or newer, and nothing else.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCREEN := $(DISPLAY)$(WAYLAND_DISPLAY)

.PHONY: help run check lint types test test-fonts test-interop bench bench-exports bench-formats bench-loading \
	bench-bundle bench-suggestions bench-second-look bench-labeller bench-crawl bench-effort torture prior matrix \
	bundle pictures clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Segmark needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV) || \
		{ echo "Choose a folder that can be written: make VENV=FOLDER $(MAKECMDGOALS)"; exit 2; }
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[all]" --group dev
	touch $@

$(VENV)/.interop: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group interop
	touch $@

$(VENV)/.extractors: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group extractors
	touch $@

$(VENV)/.bundle: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group bundle
	touch $@

run: $(VENV)/.installed  ## open the window on the sample pages
ifeq ($(shell uname -s)$(SCREEN),Linux)
	@echo "There is no display. Running the tour instead; its screenshots go to exports/tour."
	$(BIN)/segmark tour exports/tour
else
	$(BIN)/segmark exports/samples.segmark resources/pages/harbour.txt resources/pages
endif

check: lint types test  ## lint, types and tests

lint: $(VENV)/.installed  ## check the style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed  ## check the types
	$(BIN)/mypy

test: $(VENV)/.installed  ## run the tests on all cores; ARGS="-p randomly" shuffles them
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore=tests/interop $(ARGS)

test-fonts: $(VENV)/.installed  ## run the window's tests with other fonts and sizes; FONTS="noto:20:2 cjk"
	$(BIN)/python -m tests.fonts $(FONTS)

matrix:  ## run the tests on each Python, lowest and highest versions; PYTHONS="3.12 3.13"
	.ci/matrix $(PYTHONS) -- $(ARGS)

test-interop: $(VENV)/.interop  ## read the exports with the libraries that they are for (large downloads)
	$(BIN)/python -m pytest tests/interop tests/export/formats/test_every_format.py

bench: $(VENV)/.installed  ## measure speed and memory against their budgets
	$(BIN)/python -m tests.benchmarks.bench_program
	$(BIN)/python -m tests.benchmarks.bench_exports

bench-exports: $(VENV)/.interop  ## measure each export format; PAGES=500000, FORMATS="jsonl lines", CORPUS=folder
	$(BIN)/python -m tests.benchmarks.bench_exports $(if $(CORPUS),--corpus $(CORPUS)) \
		$(or $(PAGES),10000) $(FORMATS)

bench-bundle: bundle  ## measure the size of the bundle, and its start beside that of .venv
	$(BIN)/python -m tests.benchmarks.bench_bundle

bench-loading: $(VENV)/.installed  ## compare the text of pages with Chromium's; CORPUS=folder
	$(BIN)/python -m tests.benchmarks.bench_loading --corpus $(or $(CORPUS),../shared/corpus)
	$(BIN)/python -m tests.benchmarks.encoding_figures

bench-formats: $(VENV)/.installed  ## load the work of other tools and count spans right, wrong and told; PAGES=100
	$(BIN)/python -m tests.benchmarks.bench_formats $(PAGES)

torture: $(VENV)/.installed  ## inject every fault a thousand times and update the table in the help
	$(BIN)/python -m tests.torture
	SEGMARK_ANY_INPUT=300 SEGMARK_PAGES_OPENED=2000 $(BIN)/python -m pytest tests/gui/test_any_input.py

bench-suggestions: $(VENV)/.extractors  ## measure the accuracy of the suggestions; CORPUS=folder, JSON=file
	$(BIN)/python -m tests.benchmarks.bench_suggestions --corpus $(CORPUS) $(if $(JSON),--json $(JSON))

bench-second-look: $(VENV)/.installed  ## count the seeded errors that it shows first; CORPUS=folder, JSON=file
	$(BIN)/python -m tests.benchmarks.second_look_figures --corpus $(or $(CORPUS),../shared/corpus) $(if $(JSON),--json $(JSON))

bench-labeller: $(VENV)/.extractors  ## compare the labeller with extractors, sites left out; CORPUS=folder, FOLDS=5
	$(BIN)/python -m tests.benchmarks.bench_labeller --corpus $(or $(CORPUS),../shared/corpus) --folds $(or $(FOLDS),5)

bench-crawl: $(VENV)/.installed  ## measure the labelling of a crawl; CORPUS=folder, PAGES=2000
	$(BIN)/python -m tests.benchmarks.bench_crawl --corpus $(or $(CORPUS),../shared/corpus) --pages $(or $(PAGES),500)

bench-effort: $(VENV)/.installed  ## count what it takes to label a page; CORPUS=folder, JSON=file
	$(BIN)/python -m tests.benchmarks.bench_effort --corpus $(CORPUS) $(if $(JSON),--json $(JSON))

prior: $(VENV)/.installed  ## learn the model that ships; CORPUS=folder
	$(BIN)/python -m tests.prior --corpus $(CORPUS)

bundle: $(VENV)/.bundle  ## build dist/segmark, which runs without Python on this kind of machine
	$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build/bundle \
		resources/bundle/segmark.spec

pictures: $(VENV)/.installed  ## retake the screenshots of the README and the help
	$(BIN)/python -m tests.pictures

clean:  ## remove .venv and all caches
	rm -rf $(VENV) .matrix build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
