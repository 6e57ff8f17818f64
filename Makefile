# `make verify` checks the theory and `make test` runs the tests, each from a bare checkout that
# has Python 3.11 or newer; whatever they need goes into .venv, at the versions in constraints.txt.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
THEORY := $(VENV)/theory.installed
BENCH := $(VENV)/bench.installed
TEST := $(VENV)/test.installed
DOCS := $(VENV)/docs.installed
KERNELS := momo/optim/fused/_kernels.so
.DEFAULT_GOAL := help

# The processes use the cores; threads of theirs would only compete.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

# Packages are installed as source: whoever imports one first compiles it for all after. Images of
# containers forbid to keep that, and then each of many processes would compile torch anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed (make PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Without compiling all files of all packages: Python compiles what is imported.
$(THEORY): pyproject.toml constraints.txt | $(RUN)
	$(RUN) -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[theory]'
	@touch $@

$(BENCH): pyproject.toml constraints.txt | $(RUN)
	$(RUN) -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[theory,bench]'
	@touch $(THEORY) $@

$(TEST): pyproject.toml constraints.txt | $(RUN)
	$(RUN) -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[test]'
	@# Without torchvision, whose file on PyPI does not go with torch for the CPU.
	$(RUN) -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt --no-deps timm
	@touch $(THEORY) $(BENCH) $(DOCS) $@

$(DOCS): pyproject.toml constraints.txt | $(RUN)
	$(RUN) -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

# Installing has compiled them; this is for when their source has changed since.
$(KERNELS): momo/optim/fused/kernels.c hatch_build.py | $(RUN)
	-$(RUN) hatch_build.py

.PHONY: verify
verify: $(THEORY) ## check every statement of the theory; the report goes to build/theory.html
	$(RUN) -m theory verify --report build/theory.html

.PHONY: verify-full
verify-full: $(THEORY) ## the same with more seeds, K up to 1e5 and β up to 0.99: minutes
	$(RUN) -m theory verify --full --report build/theory-full.html

# Coq, by the system's package manager where that is allowed without asking; where it is not,
# `make rocq` says what to install.
.PHONY: coq
coq:
	@command -v coqc >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  export DEBIAN_FRONTEND=noninteractive && apt-get update -qq && \
	  apt-get install -qq --yes --no-install-recommends coq >/dev/null; } || true

.PHONY: rocq
rocq: $(THEORY) coq ## let Coq's kernel check the theorems of theory/rocq
	$(RUN) -m theory rocq

.PHONY: test
test: $(TEST) $(KERNELS) lint ## run the linter, the type checker and the tests
	$(RUN) -m pytest -n 2 --dist worksteal -m 'not slow'

# The browser, as Coq is installed; where it may not be, `make docs` says what to install.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  export DEBIAN_FRONTEND=noninteractive && apt-get update -qq && \
	  apt-get install -qq --yes --no-install-recommends chromium >/dev/null; } || true

.PHONY: docs
docs: $(DOCS) chromium ## build the docs site into build/site, follow its links, click through it in a browser
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict
	$(RUN) -m scripts.site.links build/site
	$(RUN) -m scripts.site.browse build/site

# What the wheel for aarch64 is built and tried with, as Coq is installed; where that is not
# allowed, `make wheels` leaves it out, and says so.
.PHONY: aarch64
aarch64:
	@{ command -v aarch64-linux-gnu-gcc && command -v qemu-aarch64-static && \
	  dpkg --print-foreign-architectures | grep -qx arm64; } >/dev/null 2>&1 || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && export DEBIAN_FRONTEND=noninteractive && \
	  dpkg --add-architecture arm64 && apt-get update -qq && apt-get install -qq --yes \
	  --no-install-recommends gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static >/dev/null; } || true

.PHONY: wheels
wheels: $(TEST) aarch64 ## build the files of a release in dist, and try them in clean environments
	$(RUN) -m scripts.release build
	$(RUN) -m scripts.release try

.PHONY: wheels-full
wheels-full: $(TEST) aarch64 ## the same with every Python here, and torch on emulated aarch64: minutes
	$(RUN) -m scripts.release build
	$(RUN) -m scripts.release try --all

.PHONY: figures
figures: $(TEST) ## draw all figures from the records of the project, to build/figures
	$(RUN) -m paper_figs

.PHONY: test-slow
test-slow: $(TEST) ## run the tests that take long
	-$(MAKE) rocq  # what is skipped without it: each theorem with a wrong constant, and a second kernel
	$(RUN) -m pytest -n 2 -m slow
	@# What `make test` draws about a third of.
	$(RUN) -m pytest -n 2 -m 'hypothesis and not slow' --all-examples

.PHONY: test-gpu
test-gpu: $(TEST) ## run the tests that need a GPU, with torch for CUDA: minutes
	$(RUN) -m pytest -n 4 -m 'gpu and not slow' tests/bench tests/experiments tests/optim

.PHONY: mutants
mutants: $(TEST) ## break the equations one small change at a time: which does no test notice? (hours)
	$(RUN) -m scripts.mutants theory --jobs 2
	$(RUN) -m scripts.mutants --jobs 2

.PHONY: lint
lint: $(TEST) ## check style and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy -n 2

.PHONY: format
format: $(TEST) ## format the code
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

.PHONY: bench
bench: $(BENCH) ## time batched runs against single ones, and the optimizers against torch's own
	$(RUN) -m theory bench
	$(RUN) -m momo.bench

.PHONY: bench-gpu
bench-gpu: $(BENCH) ## time the optimizers on a GPU, with torch for CUDA: minutes
	$(RUN) -m momo.bench speed memory --device cuda --workloads huge small --patience 10

# pip-audit has an environment of its own, so that what it needs is not audited as ours.
.PHONY: audit
audit: $(TEST) ## licences and known vulnerabilities of all packages; Error 3: the database cannot be reached
	$(RUN) -m scripts.licences
	$(RUN) -m venv build/audit
	build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	$(RUN) -m scripts.audit build/audit/bin/pip-audit

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
