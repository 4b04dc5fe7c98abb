"""What the forms in Prefect's pages offer: titles, choices, and nothing that only a programmer understands."""

import copy

import pytest
from prefect.utilities.callables import parameter_schema

from flows.approval import approval
from flows.mail import mail
from flows.programme import FLOWS, programme
from tasks.offering import TITLES, offered

EVERY = {**FLOWS, "programme": programme, "mail": mail, "approval": approval}


def form(name: str, known: list[str]) -> dict:
    return offered(parameter_schema(EVERY[name].fn).properties, known)


@pytest.mark.parametrize("name", EVERY)
def test_every_field_has_a_title_a_description_and_one_kind(name: str) -> None:
    for field, one in form(name, ["growth-2027"]).items():
        assert one["title"] == TITLES[field]
        assert one["description"].endswith(".")
        assert "anyOf" not in one
        assert one["type"] in {"string", "integer"}
        assert "default" not in one  # nothing is sent for what is left empty


@pytest.mark.parametrize("name", EVERY)
def test_programmes_are_a_list_to_choose_from(name: str) -> None:
    assert form(name, ["a", "b"])["programme"]["enum"] == ["a", "b"]
    assert "enum" not in form(name, [])["programme"]  # the control: an empty list would refuse everything


def test_round_is_a_number_from_one_and_the_day_a_date() -> None:
    review = form("review", ["a"])
    assert (review["round"]["type"], review["round"]["minimum"]) == ("integer", 1)
    assert (review["today"]["type"], review["today"]["format"]) == ("string", "date")


def test_offering_twice_changes_nothing_and_leaves_what_was_given_alone() -> None:
    given = parameter_schema(EVERY["review"].fn).properties
    before = copy.deepcopy(given)
    once = offered(given, ["a"])
    assert offered(once, ["a"]) == once
    assert given == before


def test_programme_that_is_gone_or_new_is_followed() -> None:
    once = form("matching", ["a"])
    assert offered(once, ["b", "c"])["programme"]["enum"] == ["b", "c"]
    assert "enum" not in offered(once, [])["programme"]


def test_flows_without_parameters_offer_nothing() -> None:
    assert offered({}, ["a"]) == {}
