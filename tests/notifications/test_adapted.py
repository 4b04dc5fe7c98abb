"""A coordinator's own texts: the ordinary letter passes, everything that could hurt is refused, with its line."""

import time
from datetime import date

import pytest
from jinja2 import Environment

from framework.mail import AdaptedText
from framework.people import Role
from notifications.adapted import check, faults, fields_of, paragraphs, subject
from notifications.emails import EMAILS
from notifications.gallery import ADAPTED, LINK, OWN_WORDS, sample_brand
from notifications.render import render
from notifications.words import languages

FIELDS = fields_of(EMAILS["pairing_mentor"]) | fields_of(EMAILS["review_request"]) | fields_of(EMAILS["reminder"])
LETTER = """We thought of you for {{ partner }} ({{ partner_title }}),
in the department {{ partner_department }}.

{% if goal %}
This is the goal: {{ goal }}
{% else %}
There is no goal yet.
{% endif %}

- Tell us by {{ closes_on }}.
- Ask {{ coordinator_name }}, or any other {{ mentor }}.
"""

PROBES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ goal.__class__ }}",
    "{{ goal['__class__'] }}",
    "{{ goal|attr('__class__') }}",
    "{{ (goal|attr('format')) }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ joiner }}",
    "{{ namespace() }}",
    "{{ range(999999999)|list }}",
    "{{ request }}",
    "{{ config }}",
    "{{ brand }}",
    "{{ brand.coordinator_email }}",
    "{{ link }}",
    "{{ appointment }}",
    "{{ company_words }}",
    "{{ 'a' * 999999999 }}",
    "{{ goal * 99999999 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 1 + number }}",
    "{{ 'x' ~ goal }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ goal|center(999999999) }}",
    "{{ goal.ljust(999999999) }}",
    "{{ goal|upper }}",
    "{{ goal|safe }}",
    "{{ goal|short }}",
    "{{ closes_on|short(1) }}",
    "{{ closes_on|day|short }}",
    "{{ closes_on.year }}",
    "{{ closes_on.replace(1) }}",
    "{{ goal() }}",
    "{{ goal[0] }}",
    "{{ goal[:5] }}",
    "{{ [goal, goal] }}",
    "{{ {'a': goal} }}",
    "{{ (goal, goal) }}",
    "{{ goal if number else partner }}",
    "{{ goal == partner }}",
    "{{ goal is string }}",
    "{{ 5 }}",
    "{{ 'text' }}",
    "{{ -number }}",
    "{{ kind }}",
    "{% for a in range(9) %}{% for b in range(9) %}x{% endfor %}{% endfor %}",
    "{% for letter in goal %}x{% endfor %}",
    "{% while goal %}x{% endwhile %}",
    "{% set goal = 'mine' %}",
    "{% set x %}y{% endset %}",
    "{% with x = 1 %}{% endwith %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% call goal() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% include '_base/layout.html' %}",
    "{% import '_base/parts.html' as p %}",
    "{% from '_base/parts.html' import p %}",
    "{% extends '_base/layout.html' %}",
    "{% block x %}{% endblock %}",
    "{% autoescape false %}x{% endautoescape %}",
    "{% trans %}x{% endtrans %}",
    "{% do goal %}",
    "{% debug %}",
    "{% if goal() %}x{% endif %}",
    "{% if goal.x %}x{% endif %}",
    "{% if 1 %}x{% endif %}",
    "{% if goal == partner %}x{% endif %}",
    "{% if goal in 'abc' %}x{% endif %}",
    "{% if goal > 'a' %}x{% endif %}",
    "{% if closes_on == 'today' %}x{% endif %}",
    "{% if number > 'a' %}x{% endif %}",
    "{% if number == true %}x{% endif %}",
    "{% if 1 < number < 3 %}x{% endif %}",
    "{% if goal|length > 3 %}x{% endif %}",
    "{% if goal %}",
    "{{ goal",
    "{{ goal }",
    "{{ unknown }}",
    "{{ " + "(" * 2400 + "goal" + ")" * 2400 + " }}",
    "{% if " + "not " * 300 + "goal %}x{% endif %}",
    "{% if goal" + " and goal" * 500 + " %}x{% endif %}",
    "{% if goal %}x" + "{% elif goal() %}x" + "{% endif %}",
    "{% if goal %}" * 4 + "x" + "{% endif %}" * 4,
    "{% if goal %}" * 150 + "x" + "{% endif %}" * 150,
    "{% if number == " + "9" * 4500 + " %}x{% endif %}",
    "{{ " + "9" * 4900 + " }}",
    "{{ goal }}" * 61,
    "Dear %(mentor)s,",
    "Dear {mentor},",
    "a\x00b",
    "a\x1bb",
    "a\u2028b",
]


@pytest.mark.parametrize("probe", PROBES, ids=[f"{place}: {probe[:40]!a}" for place, probe in enumerate(PROBES)])
def test_what_could_hurt_is_refused_at_once(probe: str) -> None:
    before = time.process_time()
    found = faults(f"Good morning.\n\n{probe}", FIELDS)
    assert time.process_time() - before < 1
    assert found
    assert all("\n" not in message and message for _, message in found)


@pytest.mark.parametrize("probe", PROBES[:20])
def test_rendering_refuses_what_was_not_checked(probe: str) -> None:
    """The fence stands where the text is worded as well, whatever lies in the database."""
    texts = {"pairing_mentor": {"en": AdaptedText(body=probe)}}
    with pytest.raises(ValueError, match="may not be used"):
        render(EMAILS["pairing_mentor"].sample(), "en", sample_brand("en"), LINK, texts=texts)


def test_probes_would_work_without_the_fence() -> None:
    """The control: the template language itself lets these through."""
    open_to_all = Environment(autoescape=False)
    assert "class" in open_to_all.from_string(PROBES[0]).render()
    assert len(open_to_all.from_string("{{ 'a' * 99999 }}").render()) == 99999
    assert open_to_all.from_string("{% for a in range(3) %}x{% endfor %}").render() == "xxx"


def test_the_ordinary_letter_passes() -> None:
    assert faults(LETTER, FIELDS) == []
    assert faults("{% if kind == 'check_in' %}Hello{% elif number >= 2 and not goal %}Again{% endif %}", FIELDS) == []
    assert faults("{% if goal and number and partner and closes_on and not title %}x{% endif %}", FIELDS) == []
    assert faults("{% if number == 1 %}x" + "{% elif number == 2 %}x" * 200 + "{% endif %}", FIELDS) == []
    assert faults("By {{ closes_on|short }}, 5% of {{ company }} {see below}. {# a note #}", FIELDS) == []


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("one\n\n{{ mentro }}", 3, "there is no field mentro; there are closes_on, company"),
        ("one\n{% for a in b %}{% endfor %}", 2, "a loop is not allowed; allowed are {{ field }}"),
        ("{{ kind }}", 1, "use it in {% if %}"),
        ("one\n\n\n%(mentor)s", 4, "write {{ mentor }} instead of %(mentor)s"),
        ("one\n{mentor}", 2, "write {{ mentor }} instead of {mentor}"),
        ("one\n{{ goal|upper }}", 2, "the filter upper is not allowed here"),
        ("one\ntwo {% if goal %}", 2, "this cannot be read"),
    ],
)
def test_fault_names_its_line_and_what_is_allowed(source: str, line: int, said: str) -> None:
    found = faults(source, FIELDS)
    assert [place for place, _ in found] == [line]
    assert said in found[0][1]


def test_adapted_text_stands_in_place_of_the_standard_one() -> None:
    texts = {"pairing_mentor": {"en": AdaptedText(subject="A proposal: {{ partner }}", body=LETTER)}}
    email, brand = EMAILS["pairing_mentor"].sample(), sample_brand("en")
    shown, standard = (render(email, "en", brand, LINK, texts=own) for own in (texts, None))
    assert shown.subject == "A proposal: Zoë Łukasz"
    assert "We thought of you for Zoë Łukasz (Project engineer), in the department Design.\n" in shown.text
    assert "- Tell us by Friday 2 April 2027.\n- Ask Els Peeters, or any other mentor.\n" in shown.text
    assert "Would you guide" not in shown.text
    for kept in ("> I will lead a small team from May on.", "Name: Zoë Łukasz", f"Accept or decline\n{LINK}"):
        assert kept in shown.text
        assert kept in standard.text
    assert shown.text.index("We thought of you") < shown.text.index("Name:") < shown.text.index(LINK)
    assert "<li" in shown.html
    assert shown.text.partition("\n--\n")[2] == standard.text.partition("\n--\n")[2]


def test_markup_in_a_text_and_in_what_people_wrote_stays_text() -> None:
    body = "<script>alert(1)</script> {{ goal }} & more"
    email = EMAILS["pairing_mentor"].sample().model_copy(update={"goal": "<b>x</b>\n\n- y"})
    shown = render(email, "en", sample_brand("en"), LINK, texts={"pairing_mentor": {"en": AdaptedText(body=body)}})
    assert "<script" not in shown.html
    assert "<b>" not in shown.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;x&lt;/b&gt; - y &amp; more" in shown.html
    assert "<script>alert(1)</script> <b>x</b> - y & more" in shown.text


def test_subject_alone_leaves_the_standard_text() -> None:
    email, brand = EMAILS["pairing_mentor"].sample(), sample_brand("en")
    own = render(email, "en", brand, LINK, texts={"pairing_mentor": {"en": AdaptedText(subject="Hello")}})
    standard = render(email, "en", brand, LINK)
    assert own.subject == "Hello"
    assert own.text == standard.text


def test_another_language_keeps_the_standard_text() -> None:
    email, texts = EMAILS["pairing_mentor"].sample(), {"pairing_mentor": {"nl": AdaptedText(subject="x", body="y")}}
    brand = sample_brand("fr")
    assert render(email, "fr", brand, LINK, texts=texts) == render(email, "fr", brand, LINK)


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x85", "\u2028"])
def test_control_characters_in_an_adapted_subject_are_refused(bad: str) -> None:
    email = EMAILS["pairing_mentor"].sample().model_copy(update={"partner": f"Zoë{bad}Łukasz"})
    texts = {"pairing_mentor": {"en": AdaptedText(subject="About {{ partner }}")}}
    with pytest.raises(ValueError, match="control character"):
        render(email, "en", sample_brand("en"), LINK, texts=texts)


def test_dates_roles_and_titles_are_written_for_the_reader() -> None:
    reminder = EMAILS["reminder"].sample().model_copy(update={"closes_on": date(2027, 4, 1)})
    assert subject(reminder, "{{ closes_on|short }}: {{ title }}", "fr", sample_brand("fr")) == (
        "1er avril: Comment ça se passe\xa0?"
    )
    brand = sample_brand("en").model_copy(update={"mentee": "pathfinder"})
    person = EMAILS["not_selected"].sample().model_copy(update={"role": Role.MENTEE})
    body = "{% if role == 'mentee' %}You, a {{ role }}.{% endif %}"
    assert paragraphs(person, body, "en", brand) == ["You, a pathfinder."]


def test_company_words_come_before_a_field_of_that_name() -> None:
    assert subject(EMAILS["pool_shortage"].sample(), "{{ mentors }}", "en", sample_brand("en")) == "mentors"


@pytest.mark.parametrize("name", EMAILS)
def test_every_email_can_be_adapted_with_every_field(name: str) -> None:
    shown = [field for field, kind in fields_of(EMAILS[name]).items() if kind != "code"]
    body = "\n\n".join(f"{field}: {{{{ {field} }}}}" for field in shown)
    texts = {name: {code: AdaptedText(subject="To {{ given_name }}", body=body) for code in languages()}}
    assert check(texts) == []
    for code in languages():
        assert "company: Van Aelst" in render(EMAILS[name].sample(), code, sample_brand(code), LINK, texts=texts).text


@pytest.mark.parametrize(
    ("name", "language", "text", "said"),
    [
        ("pairing_mentr", "en", AdaptedText(body="x"), "there is no such e-mail; did you mean pairing_mentor?"),
        ("zzz", "en", AdaptedText(body="x"), "there is no such e-mail; `baken mail gallery` shows them all"),
        ("reminder", "xx", AdaptedText(body="x"), "there is no such language; there are en, fr, nl"),
        ("reminder", "nl", AdaptedText(subject="a\nb"), "subject: it must be one line"),
        ("reminder", "nl", AdaptedText(subject="x" * 100), "it takes 100 characters"),
        ("reminder", "nl", AdaptedText(subject="{% if number == 9 %}x{% endif %}"), "it takes 0 characters"),
        ("reminder", "nl", AdaptedText(body="{% if number == 9 %}x{% endif %}"), "it says nothing in an example"),
        (
            "reminder",
            "nl",
            AdaptedText(body="a\n\n{{ x }}"),
            "mail.texts.reminder.nl.body, line 3: there is no field x",
        ),
        ("reminder", "nl", AdaptedText(subject="{{ x }}"), "mail.texts.reminder.nl.subject: there is no field x"),
    ],
)
def test_check_says_where_and_what(name: str, language: str, text: AdaptedText, said: str) -> None:
    found = check({name: {language: text}})
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith(f"mail.texts.{name}")
    assert "\n" not in found[0]


def test_subject_of_99_characters_passes() -> None:
    assert check({"reminder": {"nl": AdaptedText(subject="x" * 99)}}) == []


def test_own_words_of_the_gallery_pass() -> None:
    assert check({ADAPTED: OWN_WORDS}) == []
    assert set(OWN_WORDS) == set(languages())
