# The course's commands. Each one sets up what it needs, once; `make` alone lists them.
# PYTHON=/path/to/python3 chooses the Python that the environment is made with.

VENV    := .venv
BIN     := $(VENV)/bin
COURSE  := $(VENV)/.course
READY   := $(VENV)/.ready
export PYTHON
# Containers often forbid Python to keep what it has compiled; then each process compiles anew.
unexport PYTHONDONTWRITEBYTECODE

# What ruff reads.
CHECKED := autograder tests deploy nbgrader_config.py setup.py

# Tests: how many at a time (on two cores six, because they also wait), and which notebooks
# nbval runs: the one that is quickest always, the others in a long run.
# A file stays with one worker, because a notebook's cells and a class's cycle belong together.
WORKERS   ?= 6
NOTEBOOKS := $(wildcard solutions/*/*.ipynb)
SHORT     := $(wildcard solutions/ch01_*/*.ipynb)
LONG      := $(filter-out $(SHORT),$(NOTEBOOKS))
SHARED_OUT = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
NBVAL      = $(if $(1),--nbval $(1))
PYTEST     = $(BIN)/python -m pytest
# Runs all of up to three commands, and fails if any of them has failed.
all_of     = failed=0; $(foreach each,1 2 3,$(if $($(each)),$($(each)) || failed=1;)) exit $$failed
INSTALL    = -m pip install -qq --disable-pip-version-check

# Chapters as Colab has them: their kernels are of Colab's set, what grades them is not.
IN_COLAB   = tests/notebooks/test_in_colab.py

# The tests that run on other sets of versions, too, each in an environment of its own.
ON_A_SET   = tests/graphs tests/judging tests/corpus tests/teaching tests/checking
QUICK_ON_IT = tests/by_value tests/properties tests/practising tests/training

# Of the newest versions, what grades runs, too, and a class by nbgrader's own commands.
GRADING    = tests/grading tests/classroom/test_classroom.py
NEWEST     = $(or $(PYTHON),python3.13 python3.12 python3)

.DEFAULT_GOAL := help
.PHONY: help setup drawing programs browser database network lab demo cluster-demo build site test \
	test-long test-oldest test-colab test-newest bench clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(READY) programs ## make the environment in .venv/, with everything pinned
	@echo "Ready. Next: make lab, or make demo."

# What students need, and on top of it what grading and tests need.
$(COURSE): requirements.txt pyproject.toml
	@.ci/make-venv $(VENV)
	@echo "Installing the course's packages into $(VENV) (a few minutes, 2.6 GB)…"
	@grep -v "^-e" requirements.txt > $(VENV)/pins.txt
	@$(BIN)/python $(INSTALL) --constraint $(VENV)/pins.txt --editable ".[course]"
	@touch $@

$(READY): $(COURSE)
	@echo "Installing what grading and tests need besides…"
	@$(BIN)/python $(INSTALL) -r requirements.txt
	@$(MAKE) --no-print-directory programs
	@touch $@

drawing:
	@.ci/system-package graphviz "command -v dot" \
		"it draws the models (without it they are shown as text)"

programs: drawing
	@[ "$$(uname)" != Linux ] || .ci/system-package bubblewrap "command -v bwrap" \
		"it fences students' code in while it is graded"

browser:
	@.ci/system-package chromium "command -v chromium || command -v google-chrome" \
		"the browser tests need it (without it they are skipped)"
	@[ "$$(uname)" != Linux ] || .ci/system-package libjs-mathjax \
		"ls /usr/share/javascript/mathjax/MathJax.js" \
		"browser tests set formulas with it (without it fewer of them do)"

database:
	@[ "$$(uname)" != Linux ] || .ci/system-package postgresql "ls /usr/lib/postgresql/*/bin/initdb" \
		"one test keeps its gradebook there (without it it is skipped)"

network:
	@[ "$$(uname)" != Linux ] || .ci/system-package iproute2 "command -v ip" \
		"it makes the networks of the cluster's tests (without it they use plain processes)"

# TensorFlow tells its life on stderr; students need none of it.
lab: export TF_CPP_MIN_LOG_LEVEL = 3
lab: $(COURSE) drawing ## open the course in JupyterLab
	@cd course && JUPYTER_CONFIG_PATH="$(CURDIR)/deploy/lab" ../$(BIN)/jupyter lab $$([ "$$(id -u)" = 0 ] && echo --allow-root)

demo: $(READY) ## play a class of twelve, from a Canvas zip to marks, feedback and a report
	@$(BIN)/autograder demo

cluster-demo: $(READY) network ## grade a small class on a cluster of processes, one of which is lost on the way
	@PYTHONPATH=tests $(BIN)/python -m cluster.demo

build: $(READY) ## regenerate everything that is made from solutions/
	@$(BIN)/autograder build

site: $(READY) ## make the web site, in site/html
	@$(BIN)/python -m autograder.grading.building.site_sources site/source
	@$(BIN)/python -m sphinx -q -W --keep-going -b html site/source site/html
	@echo "Open site/html/index.html."

test: $(READY) browser network ## run the tests
	@$(BIN)/ruff check --quiet $(CHECKED)
	@$(BIN)/ruff format --quiet --check $(CHECKED)
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(PYTEST) -m "not long" $(SHARED_OUT) tests $(call NBVAL,$(SHORT))

test-long: $(READY) browser database network ## the long tests, which make test leaves out
	@$(call all_of, \
		$(PYTEST) -m "long and not alone" $(SHARED_OUT) tests --ignore $(IN_COLAB), \
		$(if $(LONG),$(PYTEST) $(SHARED_OUT) $(call NBVAL,$(LONG))), \
		$(PYTEST) -m "long and alone" tests)

$(VENV)-oldest/.ready $(VENV)-colab/.ready: $(VENV)-%/.ready: tests/sets/%.txt pyproject.toml
	@.ci/make-venv $(VENV)-$*
	@$(VENV)-$*/bin/python $(INSTALL) --constraint tests/sets/$*.txt --editable . \
		pytest pytest-xdist hypothesis nbclient nbval ipykernel psutil
	@touch $@

pytest_of = TF_CPP_MIN_LOG_LEVEL=3 $(VENV)-$(1)/bin/python -m pytest -n $(WORKERS) --dist loadfile
on_a_set = $(call all_of, \
	$(pytest_of) $(ON_A_SET) --nbval-lax $(NOTEBOOKS), \
	$(pytest_of) -m "not long" $(QUICK_ON_IT))

test-oldest: $(VENV)-oldest/.ready ## the package and all notebooks on the oldest versions that fit
	@$(call on_a_set,oldest)

test-colab: $(VENV)-colab/.ready $(READY) ## the same on Google Colab's, and chapters as Colab has them
	@$(call on_a_set,colab)
	@$(PYTEST) $(IN_COLAB)

# No pins: it is installed anew each time, because what is newest changes.
test-newest: programs ## the same and grading on the newest Python here and the newest versions
	@PYTHON="$(NEWEST)" .ci/make-venv $(VENV)-newest
	@$(VENV)-newest/bin/python $(INSTALL) --upgrade --upgrade-strategy eager --editable ".[test]"
	@$(call on_a_set,newest)
	@$(VENV)-newest/bin/python -m pytest -m "not long and not alone" $(SHARED_OUT) $(GRADING)

bench: $(READY) ## benchmarks: comparing, practice, the chapters, a class against stock nbgrader (an hour)
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.comparing
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.growing
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.practising
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.reporting
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.watching
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.varying
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.notebooks
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.grading
	@SEEDS=3 $(PYTEST) -m slow tests/chapters

clean: ## remove what demo and tests leave behind (never classroom/, never .venv/)
	@rm -rf demo .pytest_cache .ruff_cache .hypothesis
	@find autograder tests -name __pycache__ -type d -prune -exec rm -rf {} +
