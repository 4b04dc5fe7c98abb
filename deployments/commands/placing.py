"""`baken programme place`: the calendar of a programme in Prefect, brought in line with its plan."""

from deployments import terminal


def place(slug: str, /, *, again: bool = False, json: bool = False) -> int:
    """Place a programme's calendar in Prefect now; `baken serve`, `load` and each advance do the same.

    Args:
        slug: The programme.
        again: Those runs too that somebody took away in Prefect's pages.
        json: One JSON object instead of words.

    """
    from deployments.bookmark import timeline
    from deployments.placing import place as act
    from models import schema

    schema.upgrade()
    done = act(slug, again=again)
    address = timeline(slug)
    if json:
        terminal.as_json({"slug": slug, **done.as_dict(), "timeline": address})
        return 0
    tell(slug, done.as_dict())
    if address:
        terminal.address("timeline", address)
    return 0


COUNTS = {
    "standing": "stand already",
    "placed": "placed",
    "taken_back": "taken back",
    "beyond": "wait until they are nearer",
    "removed": "stay away, as somebody took them away",
    "refused": "refused by Prefect",
}


def tell(slug: str, done: dict[str, object]) -> None:
    """Say in a line what was placed."""
    found = [f"{done[name]} {words}" for name, words in COUNTS.items() if done[name]]
    terminal.say(f"{slug}: {', '.join(found) or done['word']}")
