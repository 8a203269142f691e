# Everything here needs only python3 and make; the rest is installed into .venv.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
CC     := $(VENV)/bin/cc-categorise
DOCS   := README.md docs/*.md docs/how-to/*.md

.PHONY: help demo test check lint types docs docs-current examples bench model evaluate clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	$(PY) -m compileall -q cc_categorise
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: $(VENV)/installed ## set up, and count the example export of three forces
	$(CC) count examples/three-forces/export.csv --as-at 2024-03-31 || test $$? -eq 3

test: $(VENV)/installed-dev ## set up, and run the whole suite with coverage
	$(PY) -m pytest -n auto --cov --cov-report=term

check: lint types docs-current test ## what CI runs: lint, types, docs current, tests

lint: $(VENV)/installed-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/installed-dev
	$(PY) -m mypy

docs: $(VENV)/installed-dev ## print commands and their output into README and docs again
	COLUMNS=100 $(PY) -m cogapp -r $(DOCS)

docs-current: $(VENV)/installed-dev
	COLUMNS=100 $(PY) -m cogapp --check $(DOCS)

examples: $(VENV)/installed-dev ## rewrite what the example folders expect; read the diff
	$(PY) -m pytest -q tests/cli/test_examples.py --update-examples

bench: $(VENV)/installed-dev ## measure start-up and speed beside other programs
	$(PY) benchmarks/bench.py

model: $(VENV)/installed-dev ## learn the model that reads text again, from training/ and the phrases (some minutes)
	OPENBLAS_NUM_THREADS=1 $(PY) training/shipped.py

evaluate: $(VENV)/installed-dev ## measure that model, and parts of it; write docs/model-card.md (some minutes)
	OPENBLAS_NUM_THREADS=1 $(PY) evaluation/score.py --ablations

clean: ## remove what was installed and built
	rm -rf $(VENV) build dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
