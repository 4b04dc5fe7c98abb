"""The table of who may read what, as it stands in the handbooks. `python -m tests.visibility.paper` writes it anew."""

from pathlib import Path

from framework.visibility import Cell, Reader, Track, Visibility, cell

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGINS, ENDS = "<!-- table of visibility: begin -->", "<!-- table of visibility: end -->"
PAPERS = ("participant.md", "operator.md")
WRITTEN = {
    Visibility.CONTENT: "What is learnt: a mentee's goal and wishes, progress, the training plan",
    Visibility.CONTRACT: "The agreement and its signatures",
    Visibility.PERSONAL: "The talks: preparation, notes, doubts; limits in an agreement; a word of thanks",
    Visibility.PRIVATE: "One's own record (a mentor's notes for himself or herself)",
    Visibility.REVIEW: "Reviews, and what is confided to the coordinator",
    Visibility.APPLICATION: "Applications, but for the goal and wishes above; what a line manager says of a candidate",
    Visibility.PROFILE: "What one can teach, the languages one speaks",
    Visibility.CARE: "What one needs to be able to take part",
    Visibility.SPECIAL: "What keeps one from taking part",
    Visibility.STORY: "A story, meant to be published with consent",
    Visibility.PROGRAMME: "What one thinks of the programme",
    Visibility.NOTICE: "What is written to be told to everybody",
}
COLUMNS = {
    Reader.MENTEE: "Mentee",
    Reader.MENTOR: "Mentor",
    Reader.LINE_MANAGER: "Line manager of the mentee",
    Reader.COORDINATOR: "Coordinator",
    Reader.TEAM: "Project team",
    Reader.SPONSOR: "Sponsor",
    Reader.OPERATOR: "Operator",
    Reader.PREFECT: "Prefect",
}
SAID = {Cell.YES: "yes", Cell.NO: "no", Cell.RELEASED: "if shared", Cell.COUNTED: "numbers"}


def table() -> str:
    """One row a class, one column a reader; where the tracks differ, growth and new hires apart."""
    rows = [f"| {WRITTEN[what]} | {' | '.join(_both(reader, what) for reader in COLUMNS)} |" for what in Visibility]
    return "\n".join(
        [f"| What another wrote | {' | '.join(COLUMNS.values())} |", "|---" * (len(COLUMNS) + 1) + "|", *rows]
    )


def _both(reader: Reader, what: Visibility) -> str:
    growth, new = (SAID[cell(reader, what, track)] for track in (Track.GROWTH, Track.NEW_HIRE))
    return growth if growth == new else f"growth: {growth}; new hires: {new}"


def renewed(text: str) -> str:
    """The handbook with the table as it is now. Raises ValueError where it has no place for it."""
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not begins or not ends:
        raise ValueError("this handbook has no place for the table")
    return f"{before}{BEGINS}\n{table()}\n{ENDS}{after}"


if __name__ == "__main__":
    for name in PAPERS:
        paper = DOCS / name
        paper.write_text(renewed(paper.read_text(encoding="utf-8")), encoding="utf-8")
