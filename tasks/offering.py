"""What the form of a run offers in Prefect's pages: titles, and the programmes that there are.

Prefect takes a parameter's description from the flow's docstring and shows its bare name as the title, whatever the
annotation says; so the titles are put into the schema here, and the choices with them.
"""

from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

from models import programme
from models.base import reading
from tasks.step import step

TITLES = {
    "programme": "Programme",
    "today": "Day (rehearsals only)",
    "round": "Round",
    "what": "What to approve",
}
EMPTY: dict[str, dict[str, Any]] = {
    "today": {"type": "string", "format": "date"},
    "round": {"type": "integer", "minimum": 1},
}
"""What may be left empty, as one plain field: a choice between a date and None would be for programmers."""
NONE = frozenset({"anyOf", "default"})  # with nothing as the default, the page would send it, and be refused
MOST = 200  # deployments that Prefect gives at once


def slugs() -> list[str]:
    """The programmes that there are, by name."""
    with reading() as session:
        return [one.slug for one in programme.all_programmes(session)]


def offered(properties: dict[str, Any], known: list[str]) -> dict[str, Any]:
    """The parameters of a form as people see them, with a drop-down of the programmes; with none there is no choice."""
    found = {name: {**one, "title": TITLES.get(name, one.get("title", name))} for name, one in properties.items()}
    if "programme" in found:
        rest = {key: value for key, value in found["programme"].items() if key != "enum"}
        found["programme"] = rest | ({"enum": known} if known else {})
    for name, kind in EMPTY.items():
        if name in found:
            found[name] = {key: value for key, value in found[name].items() if key not in NONE} | kind
    return found


@step
def offer_programmes() -> int:
    """Let every form offer the programmes that there are now; how many forms changed. Without deployments, none."""
    known = slugs()
    ours = DeploymentFilter(tags=DeploymentFilterTags(all_=["baken"]))
    with get_client(sync_client=True) as client:
        changed = 0
        for one in client.read_deployments(deployment_filter=ours, limit=MOST):
            schema = one.parameter_openapi_schema or {}
            wanted = {**schema, "properties": offered(schema.get("properties", {}), known)}
            if wanted != schema:
                client.update_deployment(one.id, DeploymentUpdate.model_validate({"parameter_openapi_schema": wanted}))
                changed += 1
        return changed
