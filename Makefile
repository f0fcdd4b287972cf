.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONPATH :=

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Install what the project needs
	@$(PYTHON) -m deploy.dev.setup

run: ## Start everything on http://127.0.0.1:8000 (PORT=8001 make run: on another port)
	@$(PYTHON) -m deploy.dev.setup --run
	@exec $(PY) -m deploy.dev.run

sign-ins: ## How to sign in to the demo, with the codes of this moment
	@$(PY) -m deploy.dev.command demo sign-ins

flask: ## A command on this folder's data: make flask do="ledger check"
	@$(PY) -m deploy.dev.command $(do)

reset: ## Throw the development data away
	@$(PYTHON) -m deploy.dev.reset

test-setup:
	@$(PYTHON) -m deploy.dev.setup --tests

test: test-setup ## Run every test
	@$(PY) -m pytest -n 2

format: test-setup ## Format code and sort imports
	@$(PY) -m ruff check --fix --exit-zero --quiet . && $(PY) -m ruff format .

lint: test-setup ## Format, style, import contract, templates
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@.venv/bin/lint-imports
	@$(PY) -m djlint templates --lint --quiet

types: test-setup ## Types
	@$(PY) -m mypy

migrations: test-setup ## One head, tables as the models say, upgrade from an empty database
	@$(PY) -m pytest tests/architecture/test_migrations.py

ci: lint types migrations test ## Everything that must hold

bench: test-setup ## Measure: deposits, pages and statements against known programs, as ratios (some 20 minutes)
	@test -x var/bench/bin/python || $(PYTHON) -m venv var/bench
	@var/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@$(PY) -m benchmarks.run

lock: test-setup ## Resolve the pinned packages anew (after a change of requirements*.in or package.json)
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@for name in requirements requirements-run requirements-dev requirements-bench requirements-npm; do \
		$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
			--no-emit-index-url $$name.in --output-file $$name.txt || exit 1; done
	@npm install --package-lock-only --ignore-scripts

.PHONY: help setup run sign-ins flask reset test-setup test format lint types migrations ci bench lock
