"""The README's commands work: each is known to `baken`, run by a test, or listed here with the reason why not."""

import re
import shlex
from functools import cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from deployments.cli import app
from tests.house.rooms import HOUSE, python_files

README, CLI, MAKEFILE = HOUSE / "README.md", HOUSE / "deployments" / "cli.py", HOUSE / "Makefile"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:baken|make) [^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
WORD = re.compile(r"^[a-z][a-z-]*$")
FIRST_WORDS = {
    "git": "gets the code; not a command of ours",
    "cd": "the shell's own",
    "export": "the shell's own",
    "pip": "installs; the checks run on what it installed",
    "uv": "installs, as pip does",
    "python3": "makes the environment",
    "docker": "starts a mail catcher or a database beside Baken",
    "pre-commit": "sets the hooks; what they run is run by `make check`",
}
NOT_RUN = {
    "serve": "runs until it is stopped",
}
"""Subcommands in a ```sh block that no test runs, with the reason."""


def commands(text: str) -> list[str]:
    """Every command line in the ```sh blocks: continued lines joined, comments and prompts taken off."""
    found = []
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            plain = shlex.join(shlex.split(line.strip().removeprefix("$ "), comments=True))
            found += [part.strip() for part in re.split(r" '?(?:&&|\|)'? ", plain) if part.strip()]
    return found


def mentioned(text: str) -> list[str]:
    """Every command of ours that the text names in passing, between backticks."""
    return INLINE.findall(BLOCK.sub("", text))


def words(command: str) -> list[str]:
    """The words of a command, without the variables set in front of it and the environment's folder."""
    given = shlex.split(command)
    while given and re.match(r"^[A-Z_]+=", given[0]):
        given.pop(0)
    return [given[0].removeprefix(".venv/bin/"), *given[1:]] if given else []


def subcommand(given: list[str]) -> list[str]:
    """The leading plain words after `baken`: what may be subcommands, and the first arguments."""
    found = []
    for word in given[1:]:
        if not WORD.match(word):
            break
        found.append(word)
    return found


@cache
def help_of(*chain: str) -> tuple[int, str]:
    """How `baken <chain> --help` ends, and what it says on a terminal wide enough for every option."""
    said = StringIO()
    wide, quiet = Console(file=said, width=200), Console(file=StringIO())
    try:
        app([*chain, "--help"], console=wide, error_console=quiet)
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def usage(chain: list[str]) -> list[str]:
    """How far `baken` knows these words: the subcommands in the usage line of its help."""
    said = re.search(r"Usage: (.*)", help_of(*chain)[1])
    known = said[1].split() if said else []
    return [word for word in chain if word in known]


def faults_of_baken(given: list[str]) -> list[str]:
    """What is wrong with a `baken` command, judged by the help of `baken` itself."""
    chain = subcommand(given)
    code, shown = help_of(*chain)
    if code != 0:
        return [f"unknown: {' '.join(given)}"]
    if "COMMAND" in shown.partition("\n")[0] and not {"--help", "--version"} & set(given):
        return [f"a subcommand is missing: {' '.join(given)}"]
    options = [word.partition("=")[0] for word in given if word.startswith("--")]
    return [f"unknown option {option}: {' '.join(given)}" for option in options if option not in shown]


def is_run(chain: list[str]) -> bool:
    """Whether a test outside this folder runs these subcommands, as words of a list or as one line after `baken`."""
    listed, line = ", ".join(f'"{word}"' for word in chain), f"baken {' '.join(chain)}"
    texts = [path.read_text(encoding="utf-8") for path in python_files("tests") if path.parent.name != "house"]
    return any(listed in text or line in text for text in texts)


def faults(command: str) -> list[str]:
    """What is wrong with one command line."""
    given = words(command)
    if not given or given[0] in FIRST_WORDS:
        return []
    if given[0] == "make":
        targets = re.findall(r"^([a-z]+):", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE)
        return [f"no target {target}" for target in given[1:] if target not in targets]
    if given[:2] == ["python", "-m"]:
        return [] if find_spec(given[2]) else [f"no module {given[2]}"]
    if given[0] != "baken":
        return [f"neither a command of ours nor listed: {command}"]
    return faults_of_baken(given) if CLI.exists() else []


def never_run(command: str) -> list[str]:
    """The subcommand of a `baken` line that no test runs, unless it is listed."""
    given = words(command)
    chain = usage(subcommand(given)) if given[:1] == ["baken"] and CLI.exists() else []
    return (
        [f"no test runs `baken {' '.join(chain)}`"] if chain and chain[0] not in NOT_RUN and not is_run(chain) else []
    )


def papers() -> list[Path]:
    """The README, those of the rooms, and the pages behind it."""
    return [
        page for page in (README, *sorted(HOUSE.glob("*/README.md")), *sorted(HOUSE.glob("docs/*.md"))) if page.exists()
    ]


def broken_links(page: Path) -> list[str]:
    """Links within the house that lead nowhere."""
    return [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]


every_paper = pytest.mark.parametrize("page", papers(), ids=lambda page: page.relative_to(HOUSE).as_posix())


def test_every_command_of_the_readme_is_run_by_a_test() -> None:
    if README.exists():
        found = commands(README.read_text(encoding="utf-8"))
        assert found
        assert [fault for command in found for fault in never_run(command)] == []


@every_paper
def test_every_command_of_a_page_is_known(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [fault for command in [*commands(text), *mentioned(text)] for fault in faults(command)] == []


@every_paper
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_blocks_are_read_as_a_shell_reads_them() -> None:
    text = "```sh\n# first\n$ make setup && make check  # both\nbaken advance growth \\\n  --today 2027-01-11\n```\n```py\nx\n```"
    assert commands(text) == ["make setup", "make check", "baken advance growth --today 2027-01-11"]
    assert subcommand(words("A=1 baken programme new growth-2027 --from growth")) == ["programme", "new"]


def test_words_in_passing_are_read() -> None:
    assert mentioned("run `baken doctor` or `make check`, not `bakery x`") == ["baken doctor", "make check"]


def test_link_to_nowhere_is_found(tmp_path: Path) -> None:
    """The control."""
    page = tmp_path / "page.md"
    page.write_text("[a](page.md) [b](nowhere.md) [c](https://example.org/) [d](page.md#top)", encoding="utf-8")
    assert broken_links(page) == ["nowhere.md"]


def test_wrong_commands_are_found() -> None:
    """The control."""
    assert faults("make moonlight") == ["no target moonlight"]
    assert faults("python -m benchmarks.moonlight")
    assert faults("rm -rf everything")
    assert not faults("make check")
    assert not faults(".venv/bin/python -m pytest")
    assert not faults("python -m benchmarks.matching --json")


def test_unknown_subcommand_is_found() -> None:
    """The control, once there is a command to ask."""
    if CLI.exists():
        assert faults("baken moonlight") == ["unknown: baken moonlight"]
        assert faults("baken --moonlight")
