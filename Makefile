# Habits. `make setup` once; `make check` before every commit: the continuous checks run the same.

BIN ?= $(if $(wildcard .venv/bin/python),.venv/bin/)
PYTHON ?= python3.11
GALLERY ?= build/gallery

.PHONY: setup check format tidy lint types imports tests fast long demo gallery words papers bench pins

setup:            ## an environment of its own, with everything that the checks need
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -c constraints.txt -e '.[test]'
	.venv/bin/pre-commit install

check: format lint types imports tests   ## everything that has to hold

format:           ## is the code laid out as the formatter would?
	$(BIN)ruff format --check .

tidy:             ## lay the code out, and mend what can be mended without thinking
	$(BIN)ruff check --fix .
	$(BIN)ruff format .

lint:             ## is it written as we agreed?
	$(BIN)ruff check .

types:            ## do the types hold?
	$(BIN)mypy

imports:          ## do imports run one way?
	$(BIN)lint-imports --no-cache

tests:            ## every test but the long ones
	$(BIN)pytest

fast:             ## the tests that need no server: seconds
	$(BIN)pytest -m 'not long and not slow'

long:             ## the long ones: whole programmes, crashes, both databases
	$(BIN)pytest -m long

demo:             ## a programme of two years with invented people, in a minute
	$(BIN)baken demo

gallery:          ## every e-mail in every language, to look at: build/gallery/index.html
	$(BIN)python -c "from pathlib import Path; from notifications.gallery import write_gallery; write_gallery(Path('$(GALLERY)'))"

words:            ## is anything left untranslated?
	$(BIN)pytest tests/notifications/test_words.py tests/notifications/test_form_words.py tests/portal/test_portal_words.py

papers:           ## write docs/coverage.md and the tables of the handbooks anew
	$(BIN)python -m tests.house.test_coverage
	$(BIN)python -m tests.visibility.paper

bench:            ## matching and mail beside the least that they can cost
	$(BIN)python -m benchmarks.matching
	$(BIN)python -m benchmarks.mail

pins:             ## write constraints.txt anew, with the newest versions that go together
	uv pip compile pyproject.toml --universal --extra test --python-version 3.11 --no-header --no-annotate --upgrade -q -o constraints.txt
