"""A wording that changes takes a new version, so that every answer stays tied to the words it was given to (CAP-209).

`wordings.txt` holds a mark of the words of each version. A form that nobody has been asked yet may still change: run
`python -m tests.framework.content.test_versions` to write today's marks down.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from framework.content import FORMS
from framework.questions import Questionnaire
from framework.wordings import digest

MARKS = Path(__file__).with_name("wordings.txt")


def known() -> dict[tuple[str, int], str]:
    """The mark of each version of each form that was written down."""
    rows = (line.split() for line in MARKS.read_text(encoding="utf-8").splitlines() if line)
    return {(form, int(version)): mark for form, version, mark in rows}


def changed(form: Questionnaire) -> bool:
    """Whether the words of a version that was written down are no longer the same."""
    return known().get((form.id, form.version), digest(form)) != digest(form)


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_words_change_only_with_the_version(form: Questionnaire) -> None:
    assert not changed(form), f"raise the version of {form.id}, and write its mark down (see above)"


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_every_version_is_written_down_and_none_goes_back(form: Questionnaire) -> None:
    assert (form.id, form.version) in known()
    assert form.version == max(version for name, version in known() if name == form.id)


def test_a_changed_wording_is_found() -> None:
    """The control."""
    form = FORMS["check_in_mentor"]
    assert changed(replace(form, title="Other words"))
    assert not changed(replace(form, title="Other words", version=form.version + 1))


if __name__ == "__main__":
    marks = known() | {(form.id, form.version): digest(form) for form in FORMS.values()}
    lines = [f"{form} {version} {mark}" for (form, version), mark in sorted(marks.items())]
    MARKS.write_text("\n".join(lines) + "\n", encoding="utf-8")
