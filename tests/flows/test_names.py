"""What runs are called and how they are found: a placed name is kept, every other run is called after its programme."""

from datetime import timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun
from prefect.states import Scheduled

from flows.mail import mail
from flows.programme import programme
from flows.readiness import readiness
from framework.timeline import calendar_tag
from tasks.naming import run_name, title_of
from tasks.placing import place_runs
from tests.world import SLUG, START, build

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]


def tagged(tag: str) -> dict[str, FlowRun]:
    """The newest run of each flow that bears a tag, by its name."""
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[tag]))
    with get_client(sync_client=True) as client:
        return {one.name: one for one in client.read_flow_runs(flow_run_filter=wanted, limit=200)}


def test_programme_and_its_phases_are_called_after_its_title_and_bear_its_tags(sqlite) -> None:
    build(slug="names-1", title="Growth {2027} · new")
    programme("names-1", START)
    found = tagged("programme:names-1")
    assert {name: set(one.tags) for name, one in found.items()} == {
        f"Growth {{2027}} · new · {name}": {"programme:names-1", name} for name in ("programme", "readiness", "mail")
    }
    assert found["Growth {2027} · new · readiness"].parent_task_run_id


def test_run_of_no_programme_is_called_by_the_word_that_was_given(sqlite) -> None:
    build()
    mail("nowhere", START, return_state=True)
    assert "nowhere · mail" in tagged("programme:nowhere")
    assert title_of("x" * 99) == "x" * 60
    assert run_name() == "Baken"  # outside a run


def test_name_that_the_calendar_gave_is_kept(sqlite) -> None:
    build(slug="names-2")
    asked = {"programme": "names-2", "today": START}
    with get_client(sync_client=True) as client:
        names = {}
        for name, more in (("Growth 2027 · readiness opens", [calendar_tag("names-2")]), ("jade-lionfish", [])):
            run = client.create_flow_run(readiness, parameters=asked, state=Scheduled(), name=name, tags=more)
            readiness_in(run)
            names[name] = client.read_flow_run(run.id)
    assert names["Growth 2027 · readiness opens"].name == "Growth 2027 · readiness opens"
    assert names["jade-lionfish"].name == "Growth 2027 · readiness"
    assert all({"programme:names-2", "readiness"} <= set(one.tags) for one in names.values())


def readiness_in(run: FlowRun) -> None:
    """Run the flow as a worker does: in a run that is there already."""
    from prefect.flow_engine import run_flow

    run_flow(readiness, flow_run=run, parameters=run.parameters)


def test_without_deployments_nothing_is_placed_and_the_word_says_so(sqlite) -> None:
    build()
    done = place_runs.fn(SLUG, START + timedelta(days=1))
    assert (done.placed, done.standing, done.word) == (0, 0, "no flow is deployed in Prefect")


def test_without_a_server_nothing_breaks(sqlite) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    build()
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        assert "did not answer" in place_runs.fn(SLUG, START).word
