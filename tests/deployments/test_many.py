"""Many machines: the compose file names what there is, and its services, started as they stand, post a mailing."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from cyclopts import CycloptsError
from distributed.cli import dask_scheduler, dask_worker
from prefect.cli._app import _app as prefect
from prefect.settings import Settings
from prefect.settings.legacy import _get_valid_setting_names
from prefect_redis.client import RedisMessagingSettings

from deployments.cli import app as baken
from deployments.processes import free_port
from deployments.quiet import DEFAULTS
from models.base import engine, transaction
from models.delivery import Delivery
from tests.conftest import environment, new_database
from tests.deployments import compose
from tests.house.test_settings import known
from tests.notifications.relays import HOST, Relay, listening
from tests.tasks.outbox import MONDAY, Outbox, alone

FILE = compose.written()
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OWN = {name: one for name, one in SERVICES.items() if one["image"] == compose.OURS}
DASK = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
MAILS, CONNECTIONS = 60, 3


def faults_of(command: list[str]) -> list[str]:
    """What is wrong with a command of the file, judged by the program itself, which is not run."""
    first, *rest = command
    try:
        match first:
            case "baken":
                baken.parse_args(rest, print_error=False, exit_on_error=False)
            case "prefect":
                prefect.parse_args(rest, print_error=False, exit_on_error=False)
            case "dask":
                given = DASK[rest[0]].make_context(rest[0], rest[1:])
                return [f"unknown {word}" for word in given.params["preload_argv"]]  # it would hand them on
            case "python":
                return [] if rest[:2] == ["-m", "portal"] else [f"no module {rest[1]}"]
            case _:
                return [f"no program {first}"]
    except (CycloptsError, Exception) as wrong:  # noqa: BLE001 - each program has its own
        return [f"{' '.join(command)}: {wrong!r}"]
    return []


def prefect_settings() -> set[str]:
    """Every variable that Prefect reads, by all its names."""
    fields = RedisMessagingSettings.model_fields
    return _get_valid_setting_names(Settings) | {f"PREFECT_REDIS_MESSAGING_{field}".upper() for field in fields}


def unknown(names: set[str]) -> set[str]:
    """The variables that nobody reads."""
    others = {"DO_NOT_TRACK", "DASK_LOGGING__DISTRIBUTED"}
    return names - set(known()) - prefect_settings() - others


def variables(service: dict[str, Any]) -> set[str]:
    """All that a service is given, in the open and as secrets."""
    return set(service.get("environment", {})) | set(compose.secrets_of(service).values())


@pytest.mark.parametrize("name", OWN)
def test_every_command_exists(name: str) -> None:
    assert faults_of(SERVICES[name]["command"]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "baken moonlight",
        "baken work --moonlight 4",
        "prefect server moonlight",
        "prefect server start --moonlight",
        "dask worker tcp://dask:8786 --moonlight",
        "moonlight",
    ],
)
def test_command_that_does_not_exist_is_found(wrong: str) -> None:
    """The control."""
    assert faults_of(wrong.split())


@pytest.mark.parametrize("name", OWN)
def test_every_setting_exists(name: str) -> None:
    assert unknown(variables(SERVICES[name])) == set()


def test_setting_that_nobody_reads_is_found() -> None:
    """The control."""
    wrong = {"BAKEN_MOON", "PREFECT_MOON", "PREFECT_REDIS_MESSAGING_MOON"}
    assert unknown(wrong | {"BAKEN_HOME"}) == wrong


def test_example_names_settings_that_exist_and_no_secret() -> None:
    given = compose.example()
    assert set(given) <= set(known())
    assert not {name for name in given if "PASSWORD" in name or "KEY" in name or "DATABASE" in name}
    assert int(given["BAKEN_SMTP_CONNECTIONS"]) > 1


def test_what_is_named_is_there_and_what_is_there_is_named() -> None:
    volumes = {v.split(":")[0] for one in SERVICES.values() for v in one.get("volumes", [])}
    assert {v for v in volumes if not v.startswith(".")} == set(FILE["volumes"])
    assert {source for one in SERVICES.values() for source in compose.secrets_of(one)} == set(FILE["secrets"])
    assert {network for one in SERVICES.values() for network in one["networks"]} == set(FILE["networks"])
    assert {other for one in SERVICES.values() for other in one.get("depends_on", {})} <= set(SERVICES)
    for path in (v.split(":")[0] for one in SERVICES.values() for v in one.get("volumes", []) if v.startswith(".")):
        assert (compose.FOLDER / path).exists()
    assert (compose.FOLDER / OWN["portal"]["build"]["context"] / OWN["portal"]["build"]["dockerfile"]).exists()


def test_images_name_no_host_and_every_service_comes_back() -> None:
    for name, one in SERVICES.items():
        assert re.fullmatch(r"[a-z]+:[\w.-]+", one["image"]), name
        assert one["restart"] in {"unless-stopped", "on-failure"} or one.get("profiles"), name
        waited = [other for other, how in one.get("depends_on", {}).items() if how["condition"] == "service_healthy"]
        assert all("healthcheck" in SERVICES[other] for other in waited), name


def test_redis_postgres_and_dask_have_no_door_to_the_outside() -> None:
    assert FILE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis", "dask-scheduler", "prefect-services"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
    assert all(port.startswith("127.0.0.1:") for one in SERVICES.values() for port in one.get("ports", []))


def test_prefect_is_set_as_everywhere() -> None:
    given = SERVICES["prefect-services"]["environment"]
    same = {name: value for name, value in DEFAULTS.items() if name in given}
    assert len(same) > 6
    assert {name: given[name] for name in same} == same | {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "2592000"
    }


def test_entrypoint_makes_settings_of_secrets(tmp_path: Path) -> None:
    (tmp_path / "BAKEN_SECRET_KEY").write_text("a b\n")
    (tmp_path / "BAKEN_SMTP_PASSWORD").write_text("")
    said = subprocess.run(
        ["sh", compose.ENTRYPOINT, "env"],
        env={"SECRETS_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "BAKEN_SECRET_KEY=a b\n" in said
    assert "BAKEN_SMTP_PASSWORD" not in said, "what is empty is not set"
    assert os.access(compose.ENTRYPOINT, os.X_OK)


def awaited(what: str, look: Callable[[], object], seconds: float = 240) -> None:
    """Wait until that is so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if look():
                return
        except (OSError, httpx.HTTPError):
            pass
        time.sleep(0.5)
    raise AssertionError(what)


@pytest.fixture
def installed(postgres: str, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Every service but PostgreSQL as it stands in the file, on this machine; two APIs, one worker of each kind."""
    ports = {name: free_port() for name in ("redis", "api", "other", "dask", "portal")}
    relay = Relay()
    with ExitStack() as stack:
        urls = [stack.enter_context(new_database(postgres)) for _ in range(2)]
        smtp = stack.enter_context(listening(relay))
        secrets = _secrets(tmp_path / "given", *urls)
        home = tmp_path / "home"
        home.mkdir()
        relayed = {"BAKEN_SMTP_HOST": HOST, "BAKEN_SMTP_PORT": str(smtp), "BAKEN_SMTP_SECURITY": "none"}
        relayed["BAKEN_SMTP_CONNECTIONS"] = str(CONNECTIONS)
        stack.enter_context(environment(BAKEN_HOME=str(home), BAKEN_DATABASE_URL=urls[0]))

        def begin(name: str, *, port: str = "", once: bool = False) -> None:
            places = {"redis:6379": f"127.0.0.1:{ports['redis']}", "prefect-api:4200": f"127.0.0.1:{ports['api']}"}
            places |= {"dask-scheduler:8786": f"127.0.0.1:{ports['dask']}", "/var/lib/baken": str(home)}
            places |= {"0.0.0.0": "127.0.0.1", "8786": str(ports["dask"]), "8765": str(ports["portal"])}
            places |= {"4200": str(ports[port or "api"])}
            service = OWN[name]
            plain = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
            env = plain | compose.environment_of(service, places, secrets, tmp_path) | {"HOME": str(home)}
            env |= relayed | {"PREFECT_WORKER_QUERY_SECONDS": "1"} if "BAKEN_HOME" in env else {}
            (compose.run_once if once else lambda *all_: stack.enter_context(compose.started(*all_)))(
                name, service, env, places
            )

        stack.callback(engine().dispose)
        _redis(stack, ports["redis"], tmp_path)
        begin("prefect-tables", once=True)
        begin("baken-tables", once=True)
        begin("prefect-services")
        begin("dask-scheduler")
        apis = {name: f"http://127.0.0.1:{ports[name]}/api" for name in ("api", "other")}
        auth = stack.enter_context(httpx.Client(auth=("operator", "geheim"), timeout=30))
        for name, api in apis.items():  # one after the other: on a new database one of two that begin at once stops
            begin("prefect-api", port=name)
            awaited(api, lambda api=api: auth.get(f"{api}/health").status_code == 200)
        box = Outbox(people=MAILS)
        begin("baken-deploy", once=True)
        for slow in ("sweep", "watch", "advance"):  # what comes by the real clock would come at random
            found = auth.get(f"{apis['api']}/deployments/name/{slow}/baken").json()["id"]
            auth.patch(f"{apis['api']}/deployments/{found}", json={"paused": True}).raise_for_status()
        begin("dask-worker")
        begin("worker")
        begin("portal")
        awaited("the portal", lambda: httpx.get(f"http://127.0.0.1:{ports['portal']}/health").status_code == 200)
        yield {
            "apis": list(apis.values()),
            "auth": auth,
            "relay": relay,
            "box": box,
            "dask": f"tcp://127.0.0.1:{ports['dask']}",
        }


def _secrets(folder: Path, baken_url: str, prefect_url: str) -> Path:
    folder.mkdir()
    there = sa.make_url(prefect_url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    given = {"baken_database": baken_url, "prefect_database": there, "prefect_password": "operator:geheim"}
    given |= {"baken_secret_key": "s" * 64, "baken_master_keys": os.environ["BAKEN_MASTER_KEYS"], "smtp_password": ""}
    for name, value in given.items():
        (folder / name).write_text(value)
    return folder


def _redis(stack: ExitStack, port: int, home: Path) -> None:
    command = [compose.redis_server(), "--port", str(port), "--bind", "127.0.0.1", *SERVICES["redis"]["command"][1:]]
    server = subprocess.Popen(command, cwd=home, stdout=subprocess.DEVNULL)
    stack.callback(server.wait, 20)
    stack.callback(server.terminate)
    awaited("redis", lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None)


def mailing(box: Outbox) -> None:
    """A mail to each of them."""
    for number in range(MAILS):
        box.put(alone(), 1 + number)


def ran(installed: dict[str, Any], deployment: str, **given: str) -> tuple[str, dict[str, Any]]:
    """Ask one API for a run, and the other how it ended."""
    (one, other), auth = installed["apis"], installed["auth"]
    found = auth.get(f"{other}/deployments/name/{deployment}").json()["id"]
    run = auth.post(f"{one}/deployments/{found}/create_flow_run", json={"parameters": given}).json()["id"]
    ended = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
    awaited("the run", lambda: auth.get(f"{other}/flow_runs/{run}").json()["state_type"] in ended)
    return run, auth.get(f"{other}/flow_runs/{run}").json()["state"]


@pytest.mark.long
def test_services_as_they_stand_in_the_file_post_a_mailing(installed: dict[str, Any]) -> None:
    from distributed import Client

    one, other, auth, relay = *installed["apis"], installed["auth"], installed["relay"]
    mailing(installed["box"])
    assert httpx.post(f"{other}/flow_runs/count", json={}).status_code == 401, "nobody without the password"
    run, state = ran(installed, "mail/baken", programme="growth", today=MONDAY.isoformat())
    assert state["name"] == "Completed", state["message"]
    assert f"sent {MAILS}" in state["message"], state["message"]
    assert sorted(to for _, to in relay.envelopes) == sorted(f"person{1 + n}@baken.example" for n in range(MAILS))
    with Client(installed["dask"], set_as_default=False) as client:
        assert client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.transition_counter) > 0
    # what one API was told went through Redis to the services, and the other API shows it
    wanted = {"flow_runs": {"id": {"any_": [run]}}, "task_runs": {"state": {"name": {"any_": ["Completed"]}}}}
    shares = lambda: [t["name"] for t in auth.post(f"{other}/task_runs/filter", json=wanted).json()]  # noqa: E731
    awaited("the record of each share", lambda: sum("senders.post_share" in n for n in shares()) == CONNECTIONS)
    mailing(installed["box"])
    assert ran(installed, "sweep/baken")[1]["name"] == "Completed", "as a part of another run, too"
    with transaction() as session:
        assert set(session.scalars(sa.select(Delivery.state))) == {"sent"}
    assert len(relay.envelopes) == 2 * MAILS
    broken = {"flow_runs": {"state": {"type": {"any_": ["FAILED", "CRASHED"]}}}}
    assert auth.post(f"{one}/flow_runs/count", json=broken).json() == 0
