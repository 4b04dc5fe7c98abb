"""The states that runs end in: every name once, in short and in one plain sentence (house idea 1).

A name says for whom a run waits, or why there was nothing to do; a run that waits is not a run that failed. What stands
here is what Prefect shows, what the artifacts say in words, and what docs/operator.md explains.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """One name: `short` for a cell of a table, `means` as a sentence of its own."""

    short: str
    means: str


PHASES = {
    "Awaiting-Answers": State("waits for answers", "Those who were asked still have days to answer in."),
    "Awaiting-Calls": State(
        "announced; the calls follow", "The news is out; the calls to take part go some days later."
    ),
    "Awaiting-Coordinator": State("waits for the coordinator", "Decisions stand open on the coordinator's desk."),
    "Awaiting-Managers": State("waits for line managers", "Line managers have been asked about their people."),
    "Awaiting-Mentors": State("waits for mentors", "Chosen mentors have been asked for their own yes."),
    "Awaiting-Participants": State("waits for those who take part", "Mentors or mentees still have days to answer in."),
    "Awaiting-Sessions": State("waits for the training", "Everybody has a place; the session is still to be held."),
    "Awaiting-Signatures": State("waits for signatures", "Agreements are being written, read or signed."),
    "Awaiting-Team": State("waits for the project team", "The project team has been asked whether all is ready."),
    "Awaiting-Wishes": State("waits for people's choices", "People are putting names in order, or choosing one."),
    "Active": State("under way", "All goes its way; the message names the next day on which something is due."),
    "Completed": State("done", "All that was to do is done."),
}
"""What a run of a phase, or of a programme, ends in when there was something to run."""

IDLE = {
    "Not-Due": State("not due", "It is not time yet, or the phase before it has not come to a good end."),
    "Not-Planned": State("not planned", "This programme does not have this phase."),
    "Already-Running": State(
        "in other hands", "Another run has it in hand and does all that is due; this one left it."
    ),
    "Not-Set": State("not set", "It is switched off, for its setting is empty."),
}
"""What a run ends in that had nothing to do. All is well."""

REFUSED = {
    "Unknown-Programme": State("refused", "There is no programme of that name. Choose one from the list."),
    "Future-Date": State("refused", "That day is in the future, and only a rehearsal may go there. Leave it empty."),
    "No-Such-Round": State(
        "refused", "This programme has no round of that number. Leave it empty for the one that is due."
    ),
    "Failed": State("failed", "A step broke. The message gives a number, and log/errors.log of BAKEN_HOME the rest."),
}
"""What a run ends in that could not do what it was asked. Somebody should look."""

CARE = {
    "Awaiting-Relay": State("waits for the mail relay", "The relay does not answer, or is not set; mails wait safely."),
    "Needs-Attention": State(
        "needs attention", "Something wants a person; the message names it, and the operator has mail."
    ),
}
"""What a run ends in that asks for the operator, though nothing is lost."""

APPROVALS = {
    "Approved": State("approved", "All that was shown is approved; the next run of the phase acts on it."),
    "Left-To-The-Desk": State("left to the desk", "Somebody said no here; it waits on the coordinator's desk."),
    "Changed-Meanwhile": State(
        "changed meanwhile", "The desk has changed since it was shown, so nothing was recorded."
    ),
    "Decided-Elsewhere": State("decided elsewhere", "The desk, or another run, decided first."),
    "Unknown-Number": State("unknown number", "Nobody who carries the programme has that staff number."),
    "Lapsed": State("lapsed", "Nobody decided here in time; it still waits on the desk."),
    "Broken-Off": State("broken off", "The run broke off before it had an answer; a new one asks."),
    "Nothing-To-Decide": State("nothing to decide", "Nothing waits for a decision in that phase."),
    "Not-Yet": State("not yet", "The phase is not ready for a decision: it still waits for answers."),
    "Needs-Reasons": State("needs reasons", "What waits there needs a reason for each: decide it on the desk."),
    "Desk-Only": State("desk only", "That is decided on the desk alone."),
    "No-Deployment": State("no deployment", "An approval waits for days, so it is started from its deployment."),
}
"""What an approval in Prefect's own pages ends in."""

ENDS = {**PHASES, **IDLE, **REFUSED, **CARE, **APPROVALS}
OURS = frozenset(ENDS)
"""Every name that a run of ours ends in. An event of Prefect bears the name, not the type."""

BEFORE = {"Planned": "planned", "Opened": "under way", "Cancelled": "cancelled"}
"""How a round stands before a run of it has come to an end, or where none will."""


def short(name: str) -> str:
    """A state in the fewest words; a name that is not known, made legible."""
    return ENDS[name].short if name in ENDS else BEFORE.get(name, name.replace("-", " ").lower())


def means(name: str) -> str:
    """What a state means, in a sentence; empty for a name that is not known."""
    return ENDS[name].means if name in ENDS else ""


def table(names: Iterable[str]) -> str:
    """The states as a table in markdown, as docs/operator.md has it."""
    rows = [f"| `{name}` | {ENDS[name].means} |" for name in names]
    return "\n".join(["| State | What it means |", "|---|---|", *rows])
