"""What flows write for the operator, on a real Prefect server: one page a programme, one a phase, and no needless copy."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowRunFilter, FlowRunFilterId

from flows.programme import FLOWS, programme
from models.base import transaction
from models.programme import Milestone
from tests.world import SLUG, START, build

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]


def artifacts(slug: str) -> list:
    """Every version of every artifact of a programme, the oldest first."""
    wanted = ArtifactFilter(key=ArtifactFilterKey(like_=f"%-{slug}"))
    with get_client(sync_client=True) as client:
        return sorted(client.read_artifacts(artifact_filter=wanted), key=lambda one: one.created)


@pytest.fixture
def slug(sqlite, request) -> str:
    """A programme that nobody else in this session has told of, on the day on which it starts; its slug."""
    found = f"telling-{request.node.name.encode().hex()[-12:]}"
    build(slug=found)
    return found


def test_advance_writes_each_page_once_and_again_only_when_something_has_changed(slug: str) -> None:
    programme(slug, START, return_state=True)
    first = Counter(one.key for one in artifacts(slug))
    assert first == {f"{name}-{slug}": 1 for name in ("timeline", "progress", "mail", "readiness")}
    programme(slug, START, return_state=True)
    assert Counter(one.key for one in artifacts(slug)) == first  # the same day, and nothing new
    programme(slug, START + timedelta(days=5), return_state=True)  # reminders
    after = Counter(one.key for one in artifacts(slug))
    assert (after[f"timeline-{slug}"], after[f"readiness-{slug}"]) == (2, 2)


def test_page_of_a_phase_belongs_to_its_own_run_and_says_what_it_did(slug: str) -> None:
    programme(slug, START, return_state=True)
    (page,) = [one for one in artifacts(slug) if one.key == f"readiness-{slug}"]
    assert "| asked | 3 | 3 |" in str(page.data)
    assert page.description == "readiness: waits for the project team"
    with get_client(sync_client=True) as client:
        (run,) = client.read_flow_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[page.flow_run_id])))
    assert run.name == "Growth 2027 · readiness"
    assert "looked at again on 16 January 2027" in str(run.state.message)


def test_run_that_had_nothing_to_do_writes_nothing(slug: str) -> None:
    state = FLOWS["matching"](slug, START, return_state=True)
    assert state.name == "Not-Due"
    assert "not time yet" in str(state.message)
    assert artifacts(slug) == []


def test_page_says_which_phase_broke(world_at) -> None:
    world = world_at("review")
    with transaction() as session:
        broken = sa.update(Milestone).where(Milestone.phase == "review")
        session.execute(broken.values(kind="no_such_kind", wake_on=world.today))
    assert programme(SLUG, world.today, return_state=True).is_failed()
    newest = [one for one in artifacts(SLUG) if one.key == f"timeline-{SLUG}"][-1]
    assert "The last run of review broke" in str(newest.data)
