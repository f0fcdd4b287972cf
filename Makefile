.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1
export PYTHONPATH :=
PORT ?= 8000
export PORT

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Install what the project needs
	@python3 deploy/dev/setup.py

run: setup ## Start everything on http://127.0.0.1:8000
	@exec $(PY) -m deploy.dev.run

reset: ## Throw the development data away
	@python3 deploy/dev/reset.py

test-setup:
	@python3 deploy/dev/setup.py --tests

test: test-setup ## Run every test
	@$(PY) -m pytest -n 2

format: test-setup ## Format code and sort imports
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

lint: test-setup ## Format, style, import contract, templates
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@.venv/bin/lint-imports
	@.venv/bin/djlint templates --lint --quiet

types: test-setup ## Types
	@$(PY) -m mypy

ci: lint types test ## Everything that must hold

.PHONY: help setup run reset test-setup test format lint types ci
