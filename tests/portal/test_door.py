"""Every address of the portal at the door: headers, other methods, and bodies that nobody's browser sends."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from models.attempt import Attempt
from models.base import transaction
from portal import gate
from portal.app import create_app
from tests.portal.stage import everything

ROUTES = sorted({route.path for route in create_app().routes})
OWN = {"Cache-Control": ("/static",), "Content-Security-Policy": ("/mails/",)}
"""Where a page has a value of its own for a header: a stylesheet may be kept, a shown mail is framed by its page."""
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def calm():
    """A browser that is told of an answer where ours breaks, too."""
    return TestClient(create_app(), follow_redirects=False, raise_server_exceptions=False)


def address(stage, path):
    """A real address for a route."""
    token = stage.desk if path.startswith("/desk") else stage.ask("readiness_survey")
    values = {
        "token": token,
        "phase": "matching",
        "number:int": "1",
        "number": "1",
        "code": "0b5d66",
        "name": "reminder",
    }
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{", "").replace("}", "")


def undressed(answer, path):
    """The headers that an answer lacks, or has otherwise."""
    wrong = [name for name, value in gate.headers().items() if answer.headers.get(name) != value]
    return [name for name in wrong if not any(part in path for part in OWN.get(name, ())) or name not in answer.headers]


@pytest.mark.parametrize("path", ROUTES)
def test_every_address_is_dressed_and_takes_no_other_method(stage, calm, path):
    where = address(stage, path)
    before = everything(), attempts()
    for answer in (calm.get(where), *(calm.request(method, where) for method in METHODS)):
        assert undressed(answer, where) == []
        assert answer.status_code < 500
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors" in policy
        assert "script" not in policy
    assert (everything(), attempts()) == before
    answer = calm.post(where)
    assert undressed(answer, where) == []
    assert answer.status_code < 500


def attempts():
    """How many counters there are."""
    with transaction() as session:
        return session.query(Attempt).count()


def test_answer_without_a_header_is_seen(calm, stage):
    """The control."""
    answer = calm.get(f"/desk/{stage.desk}")
    del answer.headers["referrer-policy"]
    answer.headers["content-security-policy"] = "default-src *"
    assert undressed(answer, "/desk/x") == ["Content-Security-Policy", "Referrer-Policy"]


def test_policy_lets_nothing_in():
    policy = gate.HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "://" not in policy


def test_browsers_are_told_of_tls_only_where_there_is_tls(calm, monkeypatch):
    assert "strict-transport-security" not in calm.get("/static/icon.svg").headers
    monkeypatch.setenv("BAKEN_PORTAL_URL", "https://mentoring.example.org")
    assert calm.get("/static/icon.svg").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/f/{}/", "/f/{}//", "//f/{}", "/f/{}/../x", "/f/%2e%2e/{}", "/r/{}/", "/f/{}%00"])
def test_other_spellings_of_an_address_lead_nowhere_else(stage, calm, path):
    answer = calm.get(path.format(stage.ask("pairing_mentor")), headers={"host": "evil.example"})
    assert answer.status_code in {200, 404}
    assert "location" not in answer.headers
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"accept=a%00b", 400),
        (b"%00=yes", 400),
        (b"accept=%ED%A0%80", 400),
        (b"%ED%B0%80=yes", 400),
        (b"accept=%ff", 400),
        (b"accept=\xc3\xa9", 400),
        (b"&".join(b"f%d=1" % n for n in range(gate.MAX_FIELDS + 1)), 400),
        (b"n" * (gate.MAX_NAME + 1) + b"=1", 400),
        (b"n" * gate.MAX_NAME + b"=1", 422),
        (b"accept=perhaps&accept=yes", 303),
        (b"accept=yes&accept=perhaps", 422),
        (b"reason=" + b"x" * (gate.MAX_BODY - 7), 422),
        (b"reason=" + b"x" * (gate.MAX_BODY - 6), 413),
    ],
)
def test_strange_fields_are_refused_kindly(stage, calm, body, status):
    answer = calm.post(f"/f/{stage.ask('pairing_mentor')}", content=body, headers=FORM)
    assert answer.status_code == status


def test_slow_body_is_not_waited_for(stage, monkeypatch):
    import asyncio

    from starlette.exceptions import HTTPException
    from starlette.requests import Request

    async def never():
        await asyncio.sleep(60)

    scope = {"type": "http", "method": "POST", "path": "/f/x", "headers": [], "query_string": b""}
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.05)
    with pytest.raises(HTTPException) as slow:
        asyncio.run(gate.fields(Request(scope, never)))
    assert slow.value.status_code == 408


@pytest.fixture(scope="module")
def anywhere(built):
    """One stage for many trials that write nothing."""
    home, made = built
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEN_HOME", str(home))
        patch.delenv("BAKEN_DATABASE_URL", raising=False)
        yield made, TestClient(create_app(), follow_redirects=False, raise_server_exceptions=False)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(("f", "r", "desk", "no")), st.text(max_size=60), st.text(max_size=20))
def test_no_address_breaks_it(anywhere, room, token, rest):
    from urllib.parse import quote

    _, browser = anywhere
    token, rest = (quote(text.encode("utf-8", "surrogatepass"), safe="") for text in (token, rest))
    answer = browser.get(f"/{room}/{token}/{rest}?lang={rest}")
    assert answer.status_code in {404, 405, 429}
