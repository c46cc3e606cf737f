# The one menu. Every target makes the environment it needs; nothing has to be prepared.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: help setup demo test check fmt lock messages permissions screenshots geometry fuzz

help: ## show this menu
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

.venv/run.stamp: requirements/run.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Luoshi needs Python 3.11 or newer, and none was found: install one (Debian: apt-get install python3 python3-venv), or name it with PYTHON=/path/to/python." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks its venv module: install it (Debian: apt-get install python3-venv)." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Luoshi runs on into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

setup: .venv/dev.stamp ## install Luoshi and its development tools into .venv

.venv/dev.stamp: .venv/run.stamp requirements/dev.lock
	@echo "Installing the development tools into .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

lock: .venv/dev.stamp ## write the locks anew (hashes, no addresses)
	@$(PYTHON) -m uv --version >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 2; }
	$(PYTHON) -m uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/run.lock
	$(PYTHON) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements/run.lock -o requirements/dev.lock

demo: .venv/run.stamp ## make the demonstration site in ./demo and serve it at 127.0.0.1:8000 (PORT=N for another)
	@$(BIN)/luoshi demo --fill --data demo --port $(or $(PORT),8000)

test: .venv/dev.stamp ## check, then run all tests: on SQLite, on a PostgreSQL of their own, and in a browser
	@$(MAKE) --no-print-directory check
	@echo "Tests on SQLite ..."
	@$(BIN)/python -m pytest -n 2
	@echo "Tests on PostgreSQL ..."
	@$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest -n 2 -m "not browser and not anywhere"

check: .venv/dev.stamp ## style, types, floors, templates, languages, migrations
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo | tail -n 5
	@$(BIN)/djlint --quiet --lint luoshi
	@$(BIN)/python tools/messages.py --check
	@$(BIN)/python tools/vendor.py --check
	@LUOSHI_DATA=$$(mktemp -d) $(BIN)/python -m django makemigrations --check --dry-run --settings luoshi.config.settings

fmt: .venv/dev.stamp ## format code and templates
	@$(BIN)/ruff check --fix --quiet
	@$(BIN)/ruff format --quiet

messages: .venv/dev.stamp ## gather the words of the screens into the English catalogue and compile it
	@$(BIN)/python tools/messages.py

permissions: .venv/dev.stamp ## try every address and verb as everybody and write docs/permissions.md anew
	@LUOSHI_WRITE_TABLES=1 $(BIN)/python -m pytest -n 0 -q tests/permissions

screenshots: .venv/dev.stamp ## take the pictures of the README from a running demonstration
	@$(BIN)/python tools/screenshots.py

geometry: .venv/dev.stamp ## measure the official page in our PDF and in LibreOffice's print of the docx
	@$(BIN)/python -m tools.geometry

fuzz: .venv/dev.stamp ## feed the reader damaged files for SECONDS=600, made here or from FILES=folder; faults go to ./fuzz
	@$(BIN)/python -m tools.fuzz --seconds $(or $(SECONDS),600) $(if $(FILES),--files "$(FILES)")
