# Every target works on a fresh machine with Python 3.11+, git and make.
# Everything is installed into .venv/; nothing else on the machine is touched.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test check format bench bench-tryton e2e-real e2e-tryton docs lock clean

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The lock file is complete; without --no-deps, older pips look for newer releases of what has extras.
.venv/installed: requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hourline needs Python 3.11 or later; set PYTHON=python3.12, say."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Hourline and its tools into .venv/ ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/installed  ## install everything into .venv/

demo: .venv/installed  ## run a simulated firm's month to invoices, journals and the proof
	@$(BIN)/hourline demo $(DEMO_OPTIONS)

test: .venv/installed  ## run all tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/installed  ## format, lint, imports, types, unit tests, docs
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m "not integration"

format: .venv/installed  ## rewrite the code in house format
	$(BIN)/ruff format -q .
	$(BIN)/ruff check -q --fix .

bench: .venv/installed  ## print the performance figures as ratios of one run
	@$(BIN)/hourline bench

docs: .venv/installed  ## write the generated reference pages anew
	$(BIN)/python -m tools.cli_reference
	$(BIN)/python -m tools.connector_reference
	$(BIN)/python -m tools.problem_reference
	$(BIN)/python -m tools.database_reference
	$(BIN)/python -m tools.rulebook_reference

REAL_DATA ?= ../shared/real-data/tock
e2e-real: .venv/installed  ## carry nine months of real timecards (REAL_DATA=folder) to invoices
	@$(BIN)/hourline e2e-real $(REAL_DATA)

bench-tryton: .venv/installed  ## compare the time of posting into a real ERP with that of the ERP alone
	@$(BIN)/python -m tools.e2e_tryton.timing

e2e-tryton: .venv/installed  ## carry an export to the books of a real ERP, through kills and lost replies
	@$(BIN)/python -m tools.e2e_tryton $(E2E_OPTIONS)

COMPILE := build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock:  ## choose the newest allowed packages and write their hashes to requirements/
	@$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv
	$(COMPILE) pyproject.toml -o requirements/run.lock
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.lock
	$(COMPILE) requirements/tryton.in -o requirements/tryton.lock

clean:  ## remove what was installed and every embedded database of this checkout
	@test ! -x $(BIN)/hourline || { $(BIN)/hourline down; $(BIN)/hourline down --demo; } || true
	@test ! -x $(BIN)/python || test ! -d .tryton || $(BIN)/python -m tools.tryton clean || true
	rm -rf .venv .hourline .tryton build dist
