# The commands are the same everywhere: CI runs what the README says.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed-$(shell cat pyproject.toml constraints.txt | cksum | cut -d' ' -f1)

AUDITED ?= $(patsubst assignments/%/assignment.toml,%,$(wildcard assignments/*/assignment.toml))

.DEFAULT_GOAL := help
.PHONY: help setup demo test audits proofs bench lint format clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP)  ## install everything into .venv (the other commands do it by themselves)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "This Python lacks venv (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -c constraints.txt -e '.[staff,hub,test]'
	@rm -f $(VENV)/.installed-*; touch $@

demo: $(STAMP)  ## run a whole class through nbgrader: release, submit, grade, feedback
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/autograder demo

lint: $(STAMP)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint  ## lint, types and all fast tests
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not proof"

# Four answers at once on two processors: servers and watched processes wait more than they work.
audits: $(STAMP)  ## every grader against all mutants and variants (three quarters of an hour)
	for slug in $(AUDITED); do \
	  PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/autograder audit $$slug --repeats 3 --jobs 4 || exit; done

proofs: $(STAMP)  ## long evidence: attacks without each layer, hundreds of kills (an hour)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -m proof

bench: $(STAMP)  ## measure grading against plain nbgrader, forty minutes (BENCH="--growth ''" for less)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m benchmarks.overhead $(BENCH)

format: $(STAMP)  ## reformat the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove what the commands above made
	rm -rf $(VENV) build dist demo-run *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
