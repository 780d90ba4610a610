# Everything a person needs to run, test and measure redflags. `make` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup demo test search faults check fix bench bench-detection night

VENV := $(CURDIR)/.venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
READY := $(VENV)/.ready
WORKERS ?= 2
SEED := $(or $(SEED),$(shell date +%s))
TODAY = $(shell TZ=Europe/London date +%F)
DEMO := $(CURDIR)/var/demo
DEMO_HOMES ?= 2000
DEMO_YEARS ?= 3

export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(VENV)
export DO_NOT_TRACK := true

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
	  while IFS= read -r line; do printf '  make %-16s %s\n' "$${line%%:*}" "$${line##*## }"; done

setup: $(READY) ## virtual environment with everything locked, once per change of uv.lock

$(READY): uv.lock pyproject.toml | $(UV)
	$(UV) sync --locked --compile-bytecode --quiet --python $(PY)
	@touch $@

# uv removes what is not locked, itself included where it made the environment, so it may be fetched
# again; a python of 3.11 to 3.13 is looked for by running it, since a shim may be there and not run.
$(UV):
	@[ -x $(PY) ] || { \
	  python=$${PYTHON:-$$(for name in python3.12 python3.11 python3.13 python3; do \
	    "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	      2>/dev/null && { "$$name" -c 'import sys; print(sys.executable)'; break; }; \
	  done || true)}; \
	  [ -n "$$python" ] || { \
	    echo 'expected Python 3.11, 3.12 or 3.13 on the PATH, found none;' \
	         'install one, or say where it is: make setup PYTHON=/path/to/python' >&2; exit 2; }; \
	  echo "a virtual environment with $$python"; "$$python" -m venv $(VENV); }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null
	$(PY) -m pip install --quiet --disable-pip-version-check 'uv>=0.8'

demo: $(READY) ## a synthetic landlord, a night over it, and the alerts it raised
	rm -rf $(DEMO)
	$(VENV)/bin/redflags simulate --homes $(DEMO_HOMES) --years $(DEMO_YEARS) --seed 1 \
	  --until $(TODAY) --output $(DEMO)/extracts
	$(IN_DEMO) $(VENV)/bin/redflags night --as-of $(TODAY)
	$(IN_DEMO) $(VENV)/bin/redflags alerts
	$(IN_DEMO) $(VENV)/bin/redflags status
	@echo
	@echo 'Next: the same night again, which changes nothing:'
	@echo '  $(IN_DEMO_SHORT) .venv/bin/redflags night --as-of $(TODAY)'
	@echo 'The review queue in a browser; it prints a link for the first administrator:'
	@echo '  $(IN_DEMO_SHORT) .venv/bin/redflags serve'
	@echo 'Somebody who works the alerts there:'
	@echo '  $(IN_DEMO_SHORT) .venv/bin/redflags user add --email you@example.org \'
	@echo '    --name You --role reviewer --every-patch'
	@echo 'Or look at your own extracts first:'
	@echo '  REDFLAGS_EXTRACTS=/path/to/your/extracts .venv/bin/redflags check'

IN_DEMO := REDFLAGS_HOME=$(DEMO) REDFLAGS_EXTRACTS=$(DEMO)/extracts
IN_DEMO_SHORT := REDFLAGS_HOME=var/demo REDFLAGS_EXTRACTS=var/demo/extracts

# the tests start many processes, and without this each would compile the whole package again
test search: export PYTHONDONTWRITEBYTECODE :=
test: $(READY) ## all tests; needs a Chromium, and installs one where it can
	@.ci/browser
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

search: $(READY) ## properties on fresh examples, twenty times as many; SEED=N for the same again
	@echo 'to see the same examples again: make search SEED=$(SEED)'
	$(PY) -m pytest -m hypothesis --hypothesis-profile search --hypothesis-seed $(SEED) \
	  -n $(WORKERS) --dist worksteal --timeout 3600
	@echo 'nothing found with SEED=$(SEED)'

faults: $(READY) ## faults injected into an extract of every ready mapping, and how each was met
	$(PY) tests/faults/run.py

check: $(READY) $(UV) ## format, lint, types, import contracts, lock file; changes nothing
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/ruff check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	@[ -x $(UV) ] || $(MAKE) $(UV)
	$(UV) lock --check --quiet --python $(PY)
	.ci/no_shared_data

fix: $(READY) ## format, and mend what the linter can
	$(VENV)/bin/ruff format
	$(VENV)/bin/ruff check --fix

bench: $(READY) ## how fast, how much memory, how well it ranks
	$(PY) tests/benchmarks/run.py

bench-detection: $(READY) ## detection beside the best any method could do; takes an hour
	$(PY) tests/yardstick/run.py --write docs/detection.md

night: $(READY) ## tonight's run, with REDFLAGS_* as it is in the environment
	$(VENV)/bin/redflags night
