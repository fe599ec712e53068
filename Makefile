# Two commands matter: `make demo` and `make test`. Both set up .venv first.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2
# Integration tests wait for other programs more than they compute.
WAITING_JOBS ?= 3

.PHONY: help demo test lint types unit integration programs bench docs pictures lock clean

help: ## Say what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(READY) ## Set up, then run the main job on the embedded example
	$(BIN)/slo demo

test: lint types unit integration ## Set up, then lint, check types and run every test

lint: $(READY) ## Style, formatting, the arrows between modules, and generated/ up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/slo generate --check

types: $(READY) ## mypy, strict on slo/ and exporter/
	$(BIN)/mypy

unit: $(READY) ## Fast tests
	$(BIN)/pytest -q -n $(JOBS) -m "not integration" --ignore tests/integration

integration: $(READY) programs ## Tests against a real Prometheus, Alertmanager, a kernel and a browser
	$(BIN)/pytest -q -n $(WAITING_JOBS) --dist loadfile -m integration

programs: ## Install prometheus, alertmanager, pushgateway, their tools and chromium where they are missing
	@tools/install-programs

bench: $(READY) programs ## Measure beside peers, each in one run
	$(BIN)/python benchmarks/engine.py --json
	$(BIN)/python benchmarks/history.py --json
	$(BIN)/python benchmarks/snapshot.py --json
	$(BIN)/python benchmarks/sweep.py --json
	$(BIN)/python benchmarks/tune.py --json
	$(BIN)/python benchmarks/workbench.py --json
	$(BIN)/python benchmarks/exporter.py --json
	$(BIN)/python benchmarks/exporter.py --multiprocess --json

docs: $(READY) ## Build the documentation as a site, under site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "Open site/index.html; searching it needs a server: $(BIN)/python -m http.server --directory site"

pictures: $(READY) programs ## Take the README's pictures of a weekly report anew
	$(BIN)/python tools/pictures.py

lock: $(READY) ## Resolve the dependencies of pyproject.toml anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --quiet --output-file requirements.lock
	$(BIN)/python tools/conda_environment.py > environment.yml

clean: ## Remove what was set up and what tools left; history and reports stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(READY): requirements.lock pyproject.toml tools/make-venv
	@tools/make-venv $(VENV)
	@touch $@
