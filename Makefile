.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ZIG := $(CURDIR)/$(BIN)/python -m ziglang cc -mcpu=baseline
COMPILER := CC="$(ZIG)" LDSHARED="$(ZIG) -shared"
COMPILED := $(shell find worker -name '*.pyx')
DECLARED := $(shell find worker -name '*.pxd')
FAST := tests/unit tests/contract tests/property tests/golden
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start a hundred interpreters: without bytecode at hand make check takes 46 s instead of 32.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: demo
demo: $(VENV)/run  ## the main job on this machine: broker, worker, sample pages, what comes out (KEEP=1 keeps it up)
	@$(BIN)/newsworker demo $(if $(KEEP),--keep)

.PHONY: test
test: check  ## everything that must hold: make check, then real brokers (Java and Maven)
	@$(BIN)/pytest -ra tests/integration

.PHONY: check
check: $(VENV)/tools  ## format, lint, types, layers and the tests that need no broker
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q . && PATH="$(CURDIR)/$(BIN):$$PATH" cython-lint $(COMPILED) && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/pytest -n auto --dist worksteal $(FAST)

.PHONY: format
format: $(VENV)/tools  ## format and mend what can be mended
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

.PHONY: eval
eval: $(VENV)/bench  ## quality on the corpora beside the checkout, against the last record and the peers
	@$(BIN)/python -m benchmarks.quality

.PHONY: bench
bench: $(VENV)/bench  ## cost of a page, alone and through the stream
	@$(BIN)/python -m benchmarks.speed --steps --plot benchmarks/results/cost.svg && $(BIN)/python -m benchmarks.stream_throughput

.PHONY: train
train: $(VENV)/bench  ## fit the models of bodies and teasers anew on the corpora beside the checkout: then make eval, and read it
	@$(BIN)/python -m benchmarks.train_body && $(BIN)/python -m benchmarks.train_teasers

.PHONY: chaos
chaos: $(VENV)/tools  ## kill, freeze and cut off workers and brokers, then count (KILLS= WORKERS= SEED=)
	@$(BIN)/python -m tests.chaos $(if $(KILLS),--kills $(KILLS)) $(if $(WORKERS),--workers $(WORKERS)) $(if $(SEED),--seed $(SEED))

.PHONY: deploy-check
deploy-check: $(VENV)/tools .venv-deploy/tools  ## what is deployed: manifests, compose, rules, the image; alerts that fire for real (QUICK=1: without the last two)
	@$(BIN)/pytest --timeout 900 --durations=5 tests/deploy $(if $(QUICK),--ignore tests/deploy/test_image.py --ignore tests/deploy/test_live_alerts.py)

.PHONY: soak
soak: $(VENV)/tools .venv-deploy/tools  ## steady load for MINUTES=30 at RATE=20: what grows that should not?
	@$(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) $(if $(RATE),--rate $(RATE))

.PHONY: sbom
sbom: $(VENV)/tools .venv-deploy/tools  ## build the image and write its bill of materials and licences to build/sbom/
	@$(BIN)/python -m tests.deploy.image

.PHONY: audit
audit: $(VENV)/tools .venv-deploy/tools  ## look the lock up for known vulnerabilities (OSV=URL for an OSV service); 75: nothing to look up in
	@$(BIN)/python -m tests.deploy.audit $(if $(OSV),--osv-url $(OSV))

.PHONY: accept
accept: $(VENV)/tools  ## rewrite the golden results: read the difference before you commit it
	@$(BIN)/python -m tests.golden.accept

.PHONY: contracts
contracts: $(VENV)/tools  ## rewrite what is generated from the contracts: JSON Schemas, AsyncAPI, docs
	@$(BIN)/python -m schemas

.PHONY: setup
setup: $(VENV)/tools  ## the environment for development

.PHONY: lock
lock: $(VENV)/tools  ## resolve the dependencies anew into requirements/
	@$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --all-extras --no-header --no-annotate pyproject.toml -o requirements/worker.txt
	@$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/tools.in -o requirements/tools.txt
	@$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/build.in -o requirements/build.txt
	@$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/deploy.in -o requirements/deploy.txt
	@$(BIN)/uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/bench.in -o requirements/bench.txt

$(VENV)/installed: requirements/worker.txt requirements/build.txt pyproject.toml setup.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c "import os, sys, sysconfig as s; os.path.exists(s.get_path('include') + '/Python.h') or \
		sys.exit('the headers of Python are missing: install them (Debian: apt-get install python3-dev)')"
	@$(BIN)/pip install -q --require-hashes -r requirements/worker.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/build.txt
	@$(COMPILER) $(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

# After the first time only what was changed is compiled.
$(VENV)/run: $(VENV)/installed $(COMPILED) $(DECLARED)
	@$(COMPILER) $(BIN)/python setup.py -q build_ext --inplace
	@touch $@

$(VENV)/tools: $(VENV)/run requirements/tools.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/tools.txt
	@touch $@

$(VENV)/bench: $(VENV)/tools requirements/bench.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/bench.txt
	@touch $@

.venv-deploy/tools: requirements/deploy.txt tests/deploy/validators/package-lock.json
	@test -x .venv-deploy/bin/python || $(PYTHON) -m venv .venv-deploy
	@.venv-deploy/bin/pip install -q --require-hashes -r requirements/deploy.txt
	@cd tests/deploy/validators && npm ci --ignore-scripts --silent --no-audit --no-fund
	@touch $@
