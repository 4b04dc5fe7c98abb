"""`baken desk`, `report`, `forms` and `doctor`: looking, without changing anything."""

from pathlib import Path

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect


def desk(slug: str, /, *, json: bool = False) -> int:
    """Print the coordinator's own link to the desk of a programme. Keep it secret."""
    from models import link, programme, schema
    from models.base import transaction
    from tasks.requests import coordinator_of

    schema.upgrade()
    with transaction() as session:
        row = programme.by_slug(session, slug)
        url = link.desk_link(session, row.id, coordinator_of(session, row.id).id).url
    terminal.as_json({"programme": slug, "desk": url}) if json else terminal.say(url)
    return 0


def report(slug: str, /, *, html: Path | None = None, json: bool = False) -> int:
    """A programme in figures; with --html, as a page with charts.

    Args:
        slug: The programme.
        html: Write a page here.
        json: One JSON object instead of tables.

    """
    from deployments.report import figures
    from deployments.report_page import write_page

    found = figures(slug)
    if html:
        write_page(found, html)
    if json:
        terminal.as_json(found | ({"html": html} if html else {}))
        return 0
    terminal.table(f"{found['title']} at {found['company']}", ("phase", "state"), found["phases"].items())
    for name in ("participants", "pairings", "closed", "meetings", "answers", "mail_states", "signals"):
        terminal.say(f"{name.replace('_', ' ')}: {terminal.pairs(found[name])}")
    terminal.say(f"goals reached: {found['goals_reached']} of {found['goals_told']} told")
    if html:
        terminal.say(f"Page: {html}")
    return 0


def forms(name: str | None = None, /, *, json: bool = False) -> int:
    """Every questionnaire: who answers it, how many questions and items, in which languages; or one in full.

    Args:
        name: One form, to see its questions.
        json: One JSON object instead of tables.

    """
    from framework.content import FORMS
    from notifications.words import languages

    spoken = ", ".join(languages())
    if name and name not in FORMS:
        terminal.err.print(f"There is no form {name!r}. The forms are: {', '.join(FORMS)}.")
        return 1
    if name:
        rows = [(q.id, q.kind.value, q.ask, q.source) for q in FORMS[name].questions]
        if json:
            terminal.as_json(
                {"form": name, "questions": [dict(zip(("id", "kind", "ask", "source"), r, strict=True)) for r in rows]}
            )
        else:
            terminal.table(FORMS[name].title, ("id", "kind", "question", "source"), rows)
        return 0
    found = [
        {
            "form": f.id,
            "phase": f.phase,
            "by": f.by.value,
            "questions": len(f.questions),
            "items": sum(max(1, len(q.options)) for q in f.questions),
            "days": f.ladder.due,
            "languages": spoken,
        }
        for f in FORMS.values()
    ]
    if json:
        terminal.as_json({"forms": found})
    else:
        terminal.table("Forms", tuple(found[0]), [tuple(f.values()) for f in found])
    return 0
