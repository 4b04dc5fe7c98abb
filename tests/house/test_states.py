"""Every state that a run of ours ends in stands in one list, and the operator can read there what it means."""

import ast
import re
from collections.abc import Iterator

from framework import states
from portal import words
from tests.house.rooms import HOUSE, python_files, shown, tree_of

STORY = re.compile(r"^Ends as (.*)", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)+\b")
TABLE = re.compile(r"<!-- states -->\n(.*?)\n<!-- /states -->", re.DOTALL)
GUIDE = HOUSE / "docs" / "operator.md"
ENDED = ("Completed", "Failed")


def texts(node: ast.AST) -> set[str]:
    """The words that an expression may be, of those written there as they are."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) | texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def names_in(tree: ast.Module) -> set[str]:
    """The names of the states that are written down in a file: what a phase rests in, and what is made by hand."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "rest" and len(node.args) > 1:
                found |= texts(node.args[1])
            elif node.func.id in ENDED:
                given = [key.value for key in node.keywords if key.arg == "name"]
                found |= {name for one in given for name in texts(one)} if given else {node.func.id}
            elif node.func.id in {"told", "nothing"} and node.args:
                found |= texts(node.args[0])
    return found


def makers() -> Iterator[tuple[str, set[str]]]:
    """The files in which a flow's end is made, with the names in them."""
    for path in python_files("flows", "tasks", "deployments"):
        if names := names_in(tree_of(path)):
            yield shown(path), names


def test_every_name_that_is_written_down_is_in_the_list() -> None:
    found = dict(makers())
    assert {"Awaiting-Coordinator", "Awaiting-Participants"} <= found["flows/review.py"]  # the control
    assert {name: sorted(names - states.OURS) for name, names in found.items() if names - states.OURS} == {}


def test_every_storyboard_ends_in_states_of_the_list() -> None:
    ends = {}
    for path in python_files("flows"):
        if story := STORY.search(ast.get_docstring(tree_of(path)) or ""):
            ends[shown(path)] = set(NAME.findall(story[1]))
    assert len(ends) > len(states.REFUSED)
    assert {name: sorted(said - states.OURS) for name, said in ends.items() if said - states.OURS} == {}


def test_approval_ends_in_the_words_of_the_list() -> None:
    from tasks.approval_runs import SAID

    assert set(SAID) == set(states.APPROVALS)


def test_no_name_is_listed_that_no_run_ends_in() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in python_files("flows", "tasks", "deployments"))
    assert [name for name in states.ENDS if f'"{name}"' not in text and f"{name}(" not in text] == []


def test_every_state_has_a_sentence_of_its_own() -> None:
    means = [one.means for one in states.ENDS.values()]
    assert len(set(means)) == len(means)
    assert all(one.endswith(".") and one[0].isupper() for one in means)
    assert len(states.ENDS) == sum(
        map(len, (states.PHASES, states.IDLE, states.REFUSED, states.CARE, states.APPROVALS))
    )


def test_desk_knows_every_state_that_a_phase_rests_in() -> None:
    assert set(states.PHASES) | set(states.BEFORE) == set(words.STATES)


def test_operators_guide_has_the_list() -> None:
    found = TABLE.search(GUIDE.read_text(encoding="utf-8"))
    assert found
    assert found[1] == states.table(states.ENDS)
