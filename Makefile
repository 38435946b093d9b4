# The menu. Each target makes .venv and installs what it needs; nothing else has to be there but
# Python (3.11 to 3.13; 3.14 is untested) and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

RUN ?= against_gensim
EXAMPLES ?= 2000
NO_HURRY := -o faulthandler_timeout=0
SIDE_BY_SIDE := -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types floors slow laws bounds fuzz constraints docs site bench clean

help: ## show this menu
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.plots ## train on a dictionary, ask the vectors, draw their map
	@$(BIN)/skipgram demo

test: $(VENV)/.dev ## prove it: the fast tests, or those of one room (ROOM=corpus, ROOM=training/exact)
	$(BIN)/python -m pytest -m "not slow" $(SIDE_BY_SIDE) $(if $(ROOM),tests/$(ROOM))

check: lint types floors docs site test slow bounds ## all that CI checks, but for wide draws (laws)

lint: $(VENV)/.dev ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## static types
	$(BIN)/mypy

floors: $(VENV)/.dev ## no import goes up a floor
	$(BIN)/lint-imports

slow: $(VENV)/.dev ## the tests that take longer
	$(BIN)/python -m pytest -m slow $(NO_HURRY)

laws: $(VENV)/.dev ## each law on EXAMPLES new examples
	SKIPGRAM_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -m "hypothesis and not slow" $(NO_HURRY) $(SIDE_BY_SIDE)

bounds: $(VENV)/.dev ## the kernels' proofs once more, with every index checked
	cache=$$(mktemp -d) && NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=$$cache \
	$(BIN)/python -m pytest tests/training/negative_sampling/test_kernel.py tests/training/negative_sampling/test_batched.py \
	tests/training/held_out/test_scoring.py tests/corpus/tokens tests/corpus/phrases/test_phrases.py \
	tests/corpus/cooccurrence/test_cooccurrence.py tests/training/exact/test_row_kernels.py \
	tests/vectors/formats/test_text_reading.py tests/vectors/formats/test_binary_reading.py \
	tests/vectors/formats/test_fasttext.py tests/spelling tests/evaluation/test_analogy_answers.py; \
	status=$$?; rm -rf $$cache; exit $$status

fuzz: $(VENV)/.dev ## 100,000 damaged files of every format, each law on 20,000 examples
	$(BIN)/python -W ignore tests/helpers/fuzzing.py
	$(MAKE) laws EXAMPLES=20000

docs: $(VENV)/.dev ## docs/commands.md is what the command line says
	$(BIN)/python tools/make_command_docs.py --check

site: $(VENV)/.docs ## the documentation as pages in site/; a dead link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo "open site/index.html"

# RUN: against_gensim, judged, analogy_speed, exact_softmax, spelling, unseen_words, small_texts, softmax_levels, softmax_growth, convergence, whole_command, time_to_quality, deterministic, stability, roofline, reading, vectors, queries, documents, memory, latency, killed_writers.
bench: $(VENV)/.bench $(VENV)/.plots ## a benchmark (RUN=its name in benchmarks/, DATA=folder of its texts)
	$(BIN)/python benchmarks/$(RUN).py $(if $(DATA),--data $(DATA))

clean: ## remove what the targets above made
	rm -rf $(VENV) skipgram-demo site .mypy_cache .pytest_cache .ruff_cache .hypothesis

constraints: ## constraints.txt anew: the newest versions with which the tests pass
	$(PYTHON) tools/make_constraints.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# One stamp a set of extras, renewed when the dependencies or their versions change.
$(VENV)/.%: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[$*]'
	@touch $@
