"""A programme's own texts and logo: checked when its file is read, kept only when all of it may be used."""

import base64
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deployments.programmes import BadProgramme, check, load, with_mail
from framework.people import Person
from framework.programme import Programme
from models import programme as kept
from models import schema
from models.base import engine, transaction
from notifications.brand import brand
from notifications.logo import LARGEST, picture
from tests.conftest import environment

LOGO = files("notifications").joinpath("templates/_base/sample_logo.png").read_bytes()
GROWTH = files("framework.programmes").joinpath("growth.toml").read_text(encoding="utf-8")
SOURCE = re.sub(r"^\[mail[.\]].*?(?=^\[(?!mail)|\Z)", "", GROWTH, flags=re.MULTILINE | re.DOTALL)


def written(folder: Path, mail: str) -> Path:
    """A programme's file with this `[mail]` table."""
    path = folder / "kompas.toml"
    path.write_text(f"{SOURCE}\n[mail]\n{mail}\n", encoding="utf-8")
    return path


def read(folder: Path, mail: str) -> Programme:
    """What `load` keeps of such a file."""
    path = written(folder, mail)
    return with_mail(check(path.read_text(encoding="utf-8"), str(path)), path)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    with environment(BAKEN_HOME=str(tmp_path / "home"), BAKEN_DATABASE_URL=url):
        schema.upgrade()
        yield tmp_path
        engine().dispose()


@pytest.mark.parametrize("name", ["growth", "new-hire"])
def test_ready_made_programmes_read_as_before(name: str, tmp_path: Path) -> None:
    text = files("framework.programmes").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    found = check(text, name)
    assert with_mail(found, tmp_path / f"{name}.toml") == found


def test_own_text_is_read_from_the_file(tmp_path: Path) -> None:
    mail = '[mail.texts.reminder.nl]\nsubject = "Nog even: {{ title }}"\nbody = """\nDag {{ given_name }}.\n"""'
    assert read(tmp_path, mail).mail.texts["reminder"]["nl"].body.strip() == "Dag {{ given_name }}."


def test_every_fault_stands_on_its_line(tmp_path: Path) -> None:
    mail = (
        'logo = "none.png"\n[mail.texts.remindr.nl]\nsubject = "x"\n'
        '[mail.texts.reminder.nl]\nbody = """\nDag.\n\n{{ titel }}\n{% for a in b %}{% endfor %}\n"""'
    )
    with pytest.raises(BadProgramme) as wrong:
        read(tmp_path, mail)
    first, *faults = str(wrong.value).splitlines()
    assert first == f"{tmp_path / 'kompas.toml'}:"
    assert [fault.partition(": ")[0] for fault in faults] == [
        "mail.texts.remindr",
        "mail.texts.reminder.nl.body, line 3",
        "mail.texts.reminder.nl.body, line 4",
        "mail.logo",
    ]


def test_nothing_is_kept_of_a_file_with_a_bad_text(database: Path) -> None:
    path = written(database, '[mail.texts.reminder.nl]\nbody = "{{ given_name.__class__ }}"')
    with pytest.raises(BadProgramme, match="a part of a field is not allowed"):
        load(path)
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(kept.Programme)) == 0


def test_logo_is_taken_in_from_the_file_beside(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(LOGO)
    found = read(tmp_path, 'logo = "logo.png"')
    assert picture(found.mail.logo) == LOGO
    again = Programme.model_validate_json(found.model_dump_json())
    assert again == found
    els = Person(given_name="Els", family_name="Peeters", email="els@example.org")
    assert brand(found, els, "nl").logo == found.mail.logo
    assert brand(read(tmp_path, ""), els, "nl").logo == ""


def test_logo_that_was_taken_in_stays(tmp_path: Path) -> None:
    uri = "data:image/png;base64," + base64.b64encode(LOGO).decode()
    assert read(tmp_path, f'logo = "{uri}"').mail.logo == uri


def test_largest_logo_still_fits_the_settings(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(LOGO.ljust(LARGEST, b"\0"))
    found = read(tmp_path, 'logo = "logo.png"')
    assert Programme.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg></svg>", "SVG, which mail programs do not show"),
        (b"GIF89a", "neither a PNG nor a JPEG"),
        (LOGO.ljust(LARGEST + 1, b"\0"), "at most 60 kB"),
        (None, "put the logo beside the programme's file"),
    ],
)
def test_logo_that_mails_cannot_carry_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(BadProgramme, match=said):
        read(tmp_path, 'logo = "logo.png"')


@pytest.mark.parametrize("uri", ["data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,PHN2Zy8+"])
def test_bad_data_uri_is_refused(tmp_path: Path, uri: str) -> None:
    with pytest.raises(BadProgramme, match="mail.logo: the logo is"):
        read(tmp_path, f'logo = "{uri}"')
