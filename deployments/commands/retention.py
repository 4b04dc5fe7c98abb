"""`baken retention`: what is kept how long, and what would go today (docs/operator.md, Retention)."""

from typing import Annotated

from cyclopts import Parameter

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect


def retention(
    slug: str | None = None,
    /,
    *,
    dry_run: Annotated[bool, Parameter(name="--dry-run", negative="")] = False,
    json: bool = False,
) -> int:
    """Let go of what has been kept long enough; with --dry-run, show what would go.

    Args:
        slug: One programme; without it every one.
        dry_run: Show, and change nothing.
        json: One JSON object instead of tables.

    """
    from contextlib import nullcontext

    from framework.retention import RULES, period
    from models import base, programme, schema
    from tasks.keeping import over

    schema.upgrade()
    with base.transaction() as session:
        rows = [programme.by_slug(session, slug)] if slug else programme.all_programmes(session)
        known = {row.slug: row.rules.retention for row in rows}
    found = {}
    with base.dry_run() if dry_run else nullcontext():
        for name in known:
            found[name] = over(name)
    if json:
        told = {name: {kind.value: many for kind, many in counts.items()} for name, counts in found.items()}
        terminal.as_json({"dry_run": dry_run, "programmes": told})
        return 0
    for name, kept in known.items():
        shown = [(rule.what, period(kept, kind), rule.since, found[name][kind]) for kind, rule in RULES.items()]
        terminal.table(name, ("what", "kept for", "after", "would go" if dry_run else "gone"), shown)
    if not known:
        terminal.say("There is no programme yet.")
    elif dry_run:
        terminal.say("Nothing was changed. Figures stay as they are when it is done.")
    return 0
