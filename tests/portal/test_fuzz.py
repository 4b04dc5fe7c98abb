"""Whatever is sent: a form reads it or says what is wrong, a page answers calmly, and nothing else happens."""

import json
from collections import Counter
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from starlette.routing import Route

from framework.content import FORMS
from framework.questions import Kind
from framework.reading import MISSING, READ, applies, read
from framework.visibility import CONFIDENTIAL
from models import draft, link, request
from models.base import engine, transaction
from notifications.words import languages
from portal import limits
from portal.app import create_app
from portal.fields import retyped
from tests.portal.hostile import ASKED, OF, answers, posted, segment, text
from tests.portal.stage import DATES, TODAY, answer_of

IN_CI, AT_LENGTH = 2_000, 50_000
CALM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
    "database": None,
    "derandomize": True,
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")
HEADERS = (
    "origin",
    "sec-fetch-site",
    "content-type",
    "cookie",
    "accept-language",
    "x-forwarded-for",
    "host",
    "referer",
)
NEVER_REFUSED = {Kind.CONFIRM}  # ticked or not; the reader has nothing to say against it


def parser_holds(sent):
    """Nothing raises; what was read is kept as JSON, known, and reads the same again."""
    name, typed = sent
    form = OF[name]
    known = {q.id for q in form.questions}
    reading = read(form, typed)
    assert set(reading.answers) <= known
    assert {problem.question for problem in reading.problems} <= known
    assert all(problem.text for problem in reading.problems)
    assert json.loads(json.dumps(reading.answers)) == reading.answers
    again = read(form, retyped(form, reading.answers))
    assert again.answers == reading.answers
    return reading


@given(posted)
@settings(max_examples=IN_CI, **CALM)
def test_form_parser_takes_whatever_comes(sent):
    parser_holds(sent)


@pytest.mark.long
@given(posted)
@settings(max_examples=AT_LENGTH, **CALM)
def test_form_parser_takes_whatever_comes_at_length(sent):
    parser_holds(sent)


def test_generators_reach_every_reader():
    """The control: among such inputs each reader accepts one and refuses another, and each corner is come to."""
    seen = Counter()

    @given(posted)
    @settings(max_examples=600, **CALM)
    def look(sent):
        name, typed = sent
        form, reading = OF[name], read(OF[name], typed)
        for q in form.questions:
            if q.when:
                seen["condition", applies(q.when, reading.answers)] += 1
            _count(seen, q, typed)
        seen["sent", not reading.problems] += 1
        for value in reading.answers.values():
            seen["own line"] += isinstance(value, (list, dict)) and any(str(one).startswith("own:") for one in value)
            seen["two rows"] += isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict)

    look()
    asked = {q.kind for form in FORMS.values() for q in form.questions}
    wanted = {(kind, how) for kind in asked for how in ("accepted", "refused")}
    wanted -= {(kind, "refused") for kind in NEVER_REFUSED}
    wanted |= {("condition", True), ("condition", False), "own line", "two rows", "date in words"}
    assert {one for one in wanted if not seen[one]} == set()


def _count(seen, q, typed):
    """Whether the reader of that question took what was typed, refused it, or found nothing."""
    mine = {name: values for name, values in typed.items() if name.partition(".")[0] == q.id}
    try:
        value = READ[q.kind](q, typed)
    except ValueError:
        seen[q.kind, "refused"] += 1
        return
    seen[q.kind, "accepted"] += value not in (None, "", [], {})
    worded = any(any(c.isalpha() for c in one) for values in mine.values() for one in values)
    seen["date in words"] += q.kind is Kind.DATE and bool(value) and worded


def test_every_kind_says_what_is_missing():
    assert set(MISSING) == set(READ) == set(Kind)


STEPS = ("", "/part/1", "/part/2", "/check", "/all", "/fresh", "/renew", "/help", "/feedback", "/again", "/share")


@pytest.mark.slow
@given(sent=posted, step=some.sampled_from(STEPS))
@settings(max_examples=250, **CALM)
def test_page_answers_calmly_whatever_is_posted(stage, browser, sent, step):
    name, typed = sent
    token = stage.ask(name, options=DATES)
    said = browser.post(f"/f/{token}{step}", data=typed)
    assert said.status_code < 500, (said.status_code, name, step, typed)
    before, _ = answer_of(token)
    again = browser.get(f"/f/{token}")
    assert again.status_code in {200, 303}
    assert answer_of(token)[0] == before


class Fields(HTMLParser):
    """What stands in the fields of a page, as a browser reads it."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found, self.area, self.select = {}, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        here = dict(attrs)
        name, value = here.get("name"), here.get("value") or ""
        if tag == "textarea":
            self.area, self.found[name] = name, [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in here and value:
            self.found[self.select] = [value]
        elif tag == "input" and name and here.get("type") in {"text", "hidden"} and value:
            self.found[name] = [value]
        elif tag == "input" and "checked" in here:
            self.found.setdefault(name, []).append(value)

    def handle_data(self, data):
        if self.area:
            self.found[self.area] = [self.found[self.area][0] + data]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.found[self.area] = [self.found[self.area][0].removeprefix("\n")]  # HTML drops the first line break
            self.area = None


TYPED = (Kind.TEXT, Kind.LONG_TEXT, Kind.PERSON, Kind.NUMBER, Kind.SIGNATURE)
PLACES = [(name, place) for name in ASKED for place, q in enumerate(FORMS[name].questions) if not q.when]


@pytest.mark.slow
@given(
    where=some.sampled_from(PLACES),
    data=some.data(),
    language=some.sampled_from(sorted(languages())),
    old=some.booleans(),
)
@settings(max_examples=200, **CALM)
def test_draft_is_kept_and_given_back_as_it_was_typed(stage, browser, where, data, language, old):
    name, place = where
    form, question = OF[name], OF[name].questions[place]
    typed = {key: values for key, values in data.draw(answers(name, place)).items() if len(key) < 200}
    if any("\0" in one for values in typed.values() for one in values):
        return  # refused at the door
    part = next(n for n, section in enumerate(form.asking, 1) if question in section.questions)
    token, path = stage.ask(name, options=DATES), f"/part/{part}?lang={language}"
    browser.cookies.clear()
    said = browser.post(f"/f/{token}{path}", data=typed | {"go": ["later"]})
    assert said.status_code == 303
    empty = {"", "0"} if question.kind is Kind.PRIORITIES else {""}
    told = {key: [v.replace("\r\n", "\n") for v in values if v.strip() not in empty] for key, values in typed.items()}
    told = {key: values for key, values in told.items() if values}
    assert {key: values for key, values in kept(token, old=old).items() if key != ".version"} == told
    shown = browser.get(f"/f/{token}{path}")
    assert shown.status_code == 200
    if (question.kind in TYPED or readable(question, told)) and not (old and question.reads in CONFIDENTIAL):
        stands = Fields(shown.text).found
        if question.kind in TYPED:
            assert lines(stands.get(question.id, [""])[0]) == lines(told.get(question.id, [""])[-1])
        else:
            assert READ[question.kind](question, stands) == READ[question.kind](question, told)


def readable(question, told):
    """Whether it holds: what does not can stand in no box to tick."""
    try:
        READ[question.kind](question, told)
    except ValueError:
        return False
    return True


def lines(said):
    """A text as a field holds it: HTML knows one kind of line break, and a single line none."""
    return said.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def kept(token, *, old):
    """The draft behind that link; `old` makes it one of an earlier version of the questions."""
    with transaction() as session:
        asked = request.by_link(session, link.open_link(session, token, "form").id)
        found = draft.of_request(session, asked)
        if old and found:
            draft.save(session, asked, found | {".version": ["0"]}, TODAY)
        return found


def addresses():
    """Every route of the portal with anything in its places: `{token}` may be a real one."""
    paths = sorted({route.path for route in create_app().routes if isinstance(route, Route)})
    return some.sampled_from(paths)


@pytest.mark.slow
@given(
    path=addresses(),
    method=some.sampled_from(METHODS),
    pieces=some.lists(segment(), min_size=4, max_size=4),
    real=some.booleans(),
    query=some.dictionaries(text, text, max_size=4),
    headers=some.dictionaries(some.sampled_from(HEADERS), some.text("abcxyz:/.0=-; ", max_size=40), max_size=3),
    body=some.binary(max_size=300),
)
@settings(max_examples=1_000, **CALM)
def test_no_route_breaks(stage, browser, watch, path, method, pieces, real, query, headers, body):
    form, spare = stage_token(stage), iter(pieces)
    before = watch()
    filled = "/".join(
        (stage.desk if "desk" in path else form)
        if real and part == "{token}"
        else ("7" if ":int" in part else next(spare))
        if part.startswith("{")
        else part
        for part in path.split("/")
    )
    try:
        said = browser.request(method, filled, params=query, headers=headers, content=body)
    except (UnicodeError, ValueError):  # a request that no client can make
        return
    assert said.status_code < 500, (method, filled, query, headers, body)
    if method != "POST":
        assert watch() == before


@pytest.fixture
def watch(stage, monkeypatch):
    """A number that is another one as soon as anybody has written; and no limit on posts."""
    monkeypatch.setattr(limits, "POSTS", dict.fromkeys(limits.POSTS, 1_000_000))
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as line:
        raw = line.connection.dbapi_connection
        yield lambda: raw.execute("PRAGMA data_version").fetchone()[0]


def test_watch_sees_a_write(stage, watch):
    """The control."""
    before = watch()
    with transaction() as session:
        session.execute(sa.text("SELECT 1"))
    assert watch() == before
    stage.ask("meeting_log")
    assert watch() != before


def stage_token(stage):
    """A form's token of this stage, the same one each time."""
    if not hasattr(stage, "token"):
        stage.token = stage.ask("meeting_log")
    return stage.token


def test_every_form_is_among_those_tried():
    assert {name for name, form in FORMS.items() if form.sections} == set(ASKED)
