# Everything happens in .venv; the system's Python is only used to create it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
# Where it is set, each of the hundreds of processes that the tests start would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
STAMP := .venv/.ready
# The newest Python of this machine that is new enough.
FIND_PYTHON := for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null && \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	echo $$name && break; done

.PHONY: help setup run demo test lint bench lock clean

help: ## Zeigt diese Übersicht
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Richtet die Umgebung in .venv ein

$(STAMP): requirements.lock pyproject.toml
	@name="$$($(FIND_PYTHON))"; if [ -z "$$name" ]; then \
		echo "Es fehlt Python 3.11 oder neuer mit dem Modul venv (Debian, Ubuntu: apt install python3-venv)." >&2; \
		exit 1; fi; \
	if [ ! -x $(PYTHON) ]; then echo "Umgebung anlegen mit $$name"; $$name -m venv .venv; fi
	@echo "Pakete installieren (beim ersten Mal einige Minuten)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Startet alles und zeigt Adressen und Musterzugänge
	@exec .venv/bin/vereinbar up

demo: setup ## Spielt den Vorgang „Smart Region Kreis Unna“ durch
	@exec .venv/bin/vereinbar demo

test: setup ## Führt alle Tests aus
	@./.ci/system-packages
	@$(PYTHON) -m pytest --numprocesses=3 --dist=loadscope --no-loadscope-reorder

lint: setup ## Prüft Stil, Typen und die Grenzen zwischen den Räumen
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

bench: setup ## Misst; only=handover, decisions, inbox, waiting oder documents nur eines davon
	@$(PYTHON) -m tests.bench $(only)

lock: setup ## Schreibt requirements.lock neu (nach einer Änderung in pyproject.toml)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check uv
	@$(PYTHON) -m uv pip compile pyproject.toml --group dev --universal --generate-hashes \
		--no-emit-index-url --no-header --quiet --output-file requirements.lock

clean: ## Entfernt Umgebung und Zwischenstände (die Daten in var/ bleiben)
	@rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
