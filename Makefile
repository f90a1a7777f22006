# Everything here needs python3 (3.11 or later), make and git; the rest is set up under .venv/ and .tools/.

PYTHON ?= python3
SITES ?= 500
ROUNDS ?= 5
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test tools check lint types fmt golden docs bench wheel lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

# Set-up, done again only when its inputs change. Two steps, so that the demo need not wait for the checks' tools.

$(VENV)/.run: requirements/run.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "\`$(PYTHON)\` is missing or older than 3.11; install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.12 ..." >&2; \
	  exit 1; }
	@echo "setting up $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install -r requirements/run.txt -r requirements/build.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q validator
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "setting up the tools of the checks"
	@$(PIP) install -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.run ## render the two-site lab into build/ and check it
	@rm -rf build/nsxbaas-lab
	$(BIN)/estate new examples/lab.yaml -o build/nsxbaas-lab
	$(BIN)/estate validate build/nsxbaas-lab

test: lint types ## run every check and every test, on all cores
	$(BIN)/python -m pytest -n auto --dist worksteal

check: lint types ## run the linters and the type checker alone

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/rule_pages.py --check

types: $(VENV)/.dev
	$(BIN)/mypy

fmt: $(VENV)/.dev ## format the code, mend what the linter can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

tools: $(VENV)/.run ## install kubeconform into .tools/bin
	$(BIN)/python -m validator.kubeconform.install .tools/bin

golden: $(VENV)/.dev ## render the examples again into tests/golden
	$(BIN)/python -m tests.golden

docs: $(VENV)/.dev ## write the rule pages again
	$(BIN)/python tools/rule_pages.py

bench: $(VENV)/.run ## time estate validate beside kubeconform (SITES=500 ROUNDS=5)
	@$(BIN)/python -m compileall -q validator
	$(BIN)/python -m bench --rounds $(ROUNDS) $(SITES)

wheel: $(VENV)/.dev ## build the wheel into dist/
	$(BIN)/python -m build --no-isolation --outdir dist

lock: ## pin the newest allowed versions again (needs the package index)
	$(PYTHON) requirements/lock.py

clean: ## remove what was built, keep the environment
	rm -rf build dist
