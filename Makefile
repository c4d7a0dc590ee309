# Needs Python 3.11 or newer and make; everything else is fetched into .tools/ and .venv/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Without bytecode every command compiles Ibis and Django anew: seven seconds instead of three.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test lint bench docs soak lock clean distclean

SEED ?= 2023
ROWS ?= 3000000
PYTEST_ARGS ?=

CITY := demo-city
BIN := .venv/bin
READY := .venv/.ready

help:  ## What can be made here
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
	    printf '  make %-10s %s\n' "$$target" "$$text"; done

demo: $(READY)  ## A sample city from delivery to clue, in ./demo-city  (SEED=7 makes another)
	@$(BIN)/clew demo --into $(CITY) --seed $(SEED)

test: $(READY)  ## Style, types, import layers and every test, with one verdict at the end
	@tools/checks.sh lint tests $(PYTEST_ARGS)

lint: $(READY)  ## Style, types and import layers only
	@tools/checks.sh lint

bench: $(READY)  ## Ingest and detectors against bare DuckDB, into benchmarks/latest.json  (ROWS=3000000, or CSV_GB=5: ingest alone; VISITS=3000000: every detector)
	@$(BIN)/python -m benchmarks $(if $(CSV_GB),--csv-gb $(CSV_GB),$(if $(VISITS),--visits $(VISITS),--rows $(ROWS)))

docs: $(READY)  ## The manual of datasets, detectors and commands, from the code into docs/generated
	@$(BIN)/python -m tools.manual docs/generated

soak: $(READY)  ## The long runs: kills, tampering and mutated files in large numbers
	@CLEW_SOAK=1 $(BIN)/pytest -n 2 --dist loadfile -m soak $(PYTEST_ARGS)
	@$(BIN)/python -m tests.journeys.mutants --files 20000

lock:  ## New uv.lock and requirements.lock.txt after a change of dependencies
	@tools/environment.sh lock

clean:  ## Removes what runs left behind; .venv and .tools stay
	@rm -rf $(CITY) docs/generated .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## Removes .venv and .tools as well
	@rm -rf .venv .tools frontend/node_modules src/clew/web/static/vendor

$(READY): uv.lock requirements.lock.txt pyproject.toml tools/environment.sh frontend/package-lock.json tools/frontend.py
	@tools/environment.sh
	@touch $@
