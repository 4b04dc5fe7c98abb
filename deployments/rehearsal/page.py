"""A page as a person sees one: forms, fields and what may be chosen. Read from the HTML alone."""

from dataclasses import dataclass, field

import httpx
from lxml import html


@dataclass
class Choice:
    """A group of radio buttons, boxes, or a list: the values that may be chosen, in order."""

    name: str
    kind: str  # radio, checkbox, select
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """One form of a page: where it goes, hidden fields, choices and text fields."""

    action: str
    hidden: dict[str, str]
    choices: dict[str, Choice]
    texts: dict[str, str]  # name to kind: text, textarea, number
    labels: dict[str, str]  # a choice's name to the words of its section


def forms_of(response: httpx.Response) -> list[Form]:
    """The forms of a page that are sent by POST."""
    page = html.fromstring(response.text)
    sent = [form for form in page.iter("form") if (form.get("method") or "get").lower() == "post"]
    return [_form(form, str(response.url)) for form in sent]


def links_of(response: httpx.Response, part: str) -> list[str]:
    """The addresses on a page that contain `part`, once each, in order."""
    near = [href for a in html.fromstring(response.text).iter("a") if part in (href := a.get("href") or "")]
    return list(dict.fromkeys(str(response.url.join(href)) for href in near))


def buttons_of(response: httpx.Response) -> list[str]:
    """Where the big buttons of a page lead, those that send nothing."""
    found = [a.get("href") or "" for a in html.fromstring(response.text).iter("a") if a.get("class") == "button"]
    return [str(response.url.join(href)) for href in found]


def language_of(response: httpx.Response) -> str:
    """The language that the page says it is in."""
    return str(html.fromstring(response.text).get("lang") or "en")


def heading_of(response: httpx.Response) -> str:
    """What the page calls itself."""
    return _words(response, ".//h1")


def programme_of(response: httpx.Response) -> str:
    """The company and the programme, as they stand at the top of the page."""
    return _words(response, ".//header//p[@class='mark']")


def _words(response: httpx.Response, path: str) -> str:
    found = html.fromstring(response.text).find(path)
    return "" if found is None else " ".join(" ".join(str(one) for one in found.itertext()).split())


def _form(form: html.HtmlElement, url: str) -> Form:
    made = Form(str(httpx.URL(url).join(form.get("action") or "")), {}, {}, {}, {})
    for one in form.iter("input", "select", "textarea"):
        name = one.get("name")
        if name:
            _field(made, one, name)
    for group in form.iter("section"):
        for one in group.iter("input"):
            if one.get("name") in made.choices:
                made.labels[one.get("name")] = " ".join(group.text_content().split())
    return made


def _field(made: Form, one: html.HtmlElement, name: str) -> None:
    kind = one.get("type") or "text"
    if one.tag == "select":
        made.choices[name] = Choice(name, "select", [o.get("value") or "" for o in one.iter("option")])
    elif one.tag == "textarea":
        made.texts[name] = "textarea"
    elif kind in {"radio", "checkbox"}:
        made.choices.setdefault(name, Choice(name, kind)).values.append(one.get("value") or "on")
    elif kind == "hidden":
        made.hidden[name] = one.get("value") or ""
    elif kind not in {"submit", "button"}:
        made.texts[name] = "number" if one.get("inputmode") == "numeric" else kind
