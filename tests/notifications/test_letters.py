"""Letters on paper: every name prints, the code leads to the reader's own page, and no text is ever code."""

import re
import struct
import zlib
from datetime import date

import pypdfium2
import pytest
import zxingcpp

from notifications.emails import EMAILS
from notifications.gallery import sample_brand
from notifications.letters import Letter, Unprintable, letters
from notifications.logo import data_uri
from notifications.render import Rendered, render
from notifications.words import Words, languages

LINK = "https://mentoring.vanaelst.example/f/Xk3v9QpZ7tRw2LmN0aB1cDw2eF3gH4iJ5kL6mN7oP8qR9s"
OTHER = "https://mentoring.vanaelst.example/f/Zk3v9QpZ7tRw2LmN0aB1cDw2eF3gH4iJ5kL6mN7oP8qR9s"
NAMES = (
    "Zoë Łukaszewicz",
    "Bartłomiej Śliwiński",
    "Ősz Gergő Tűzoltó",
    "Ștefan Țepeș",
    "Çağrı Işık",  # noqa: RUF001 - Turkish
    "Großmann-Weiß",
    "Søren Ærø Åkesson",
    "Čeněk Ďuriš Ťažký",
    "Ωρίων Παπαδόπουλος",
    "Жанна Щербакова",
    "Līga Ķeņģe Ģirts",
    "Þórður Eiríksson",
    "Ċensu Ħalġan",
    "Síle Ní Ḋuḃṫaiġ",
)


def letter(kind: str = "pairing_mentee", language: str = "en", **changes) -> Letter:
    brand = changes.pop("brand", sample_brand(language))
    email = EMAILS[kind].sample().model_copy(update=changes.pop("fields", {}))
    given = {
        "rendered": render(email, language, brand, LINK),
        "brand": brand,
        "language": language,
        "name": "Zoë Łukaszewicz",
        "department": "Maintenance",
        "site": "Antwerp",
        "on": date(2027, 4, 5),
        "link": LINK,
        "reach": ("People, Antwerp", "els.peeters@vanaelst.example"),
    }
    return Letter(**(given | changes))


def said(text: str, **changes) -> Letter:
    return letter(rendered=Rendered("A subject", text, ""), **changes)


def pages(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in opened]


def code(pdf: bytes, page: int = 0) -> list[str]:
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=3).to_numpy()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_europe_prints(name: str) -> None:
    only = said(f"Dear {name},\n\n{name} is here.", name=name, department=name, site=name)
    assert pages(letters([only]))[0].count(name) >= 5


def test_name_in_a_script_without_a_font_is_refused_or_printed_whole() -> None:
    try:
        text = pages(letters([said("Dear you,", name="王小明")]))[0]
    except Unprintable:
        return
    assert "王小明" in text


def test_character_that_no_font_knows_is_refused() -> None:
    with pytest.raises(Unprintable):
        letters([said("Dear \U0010fffd,")])


def test_pictograms_and_marks_that_turn_reading_are_left_out() -> None:
    assert "Welcome aboard" in pages(letters([said("Dear Zoë,\n\nWel\u202ecome \U0001f389aboard\x07\ufe0f")]))[0]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", EMAILS)
def test_every_email_makes_a_letter_that_reads_as_one(kind: str, language: str) -> None:
    one = letter(kind, language)
    text = " ".join(pages(letters([one])))
    assert one.rendered.subject.replace("\u00a0", " ").replace("\u202f", " ") in text
    assert Words(language).gettext("this e-mail") not in text
    assert "Maintenance" in text
    wanted = [LINK] if LINK in one.rendered.text else []
    found = [entry for page in range(len(pages(letters([one])))) for entry in code(letters([one]), page)]
    assert found == wanted


def test_words_that_fit_a_mail_alone_are_replaced() -> None:
    for language, gone, there in (
        ("en", "Just reply to this e-mail", "You receive this letter because"),
        ("nl", "Antwoord gerust op deze e-mail", "U krijgt deze brief omdat"),
        ("fr", "Répondez simplement", "Vous recevez cette lettre parce"),
    ):
        one = letter(language=language)
        assert gone in one.rendered.text.replace("\u00a0", " ")
        text = " ".join(pages(letters([one])))
        assert gone not in text
        assert there in text


def test_code_and_address_lead_to_the_readers_own_page() -> None:
    pdf = letters([letter()])
    assert code(pdf) == [LINK]
    assert LINK in pages(pdf)[0].replace("/f/ ", "/f/")


def test_letter_without_a_link_has_no_code() -> None:
    assert code(letters([said("Dear Zoë,\n\nAll is well.", link="")])) == []


def test_link_that_is_not_the_readers_is_refused() -> None:
    with pytest.raises(Unprintable, match="not the reader's own"):
        letters([letter(), said(f"Dear Zoë,\n\nAnswer\n{OTHER}")])
    with pytest.raises(Unprintable):
        letters([said(f"Dear Zoë,\n\nAnswer\n{LINK}", link="")])
    assert letters([said(f"Dear Zoë,\n\nAnswer\n{LINK}")])  # the control: the reader's own


def test_address_of_another_site_is_text_and_no_code() -> None:
    pdf = letters([said("Dear Zoë,\n\nRead on\nhttps://example.org/x")])
    assert "https://example.org/x" in pages(pdf)[0]
    assert code(pdf) == []


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        "#sys.inputs",
        "$x^2$ *bold* _soft_ `code`",
        '"); #read("/etc/passwd") //',
        "\\ @label <end-0> = Title",
        "%PDF-1.7 >> /JS (x) <<",
        "#image(bytes(1))",
    ],
)
def test_what_people_write_stays_text(text: str) -> None:
    only = said(f"Dear {text},\n\n> {text}\n\n- {text}", name=text, department=text, reach=(text,))
    assert pages(letters([only]))[0].count(text) >= 4


def test_line_breaks_in_a_name_move_nothing() -> None:
    text = pages(letters([said("Dear Zoë,", name="Zoë\nBcc: x\r\n\u2028y\x00")]))[0]
    assert "Zoë Bcc: x" in text


def test_one_letter_a_page_and_pages_counted_within_a_letter() -> None:
    long = said("Dear Zoë,\n\n" + "\n\n".join(f"Paragraph {n} of a long letter." for n in range(60)))
    found = pages(letters([said("Dear Zoë,"), long, said("Beste Zoë,", language="nl")]))
    counted = [re.search(r"(?:page|blad) (\d+) (?:of|van) (\d+)", page).groups() for page in found]
    assert counted == [("1", "1"), *((str(n), str(len(found) - 2)) for n in range(1, len(found) - 1)), ("1", "1")]
    assert len(found) >= 4


def test_facts_quotes_bullets_and_a_second_language_are_kept() -> None:
    text = "Dear Zoë,\n\nName: Godelieve\nJob: Planner\n\nPlease note: we meet.\n\n> so she\n> wrote\n\n- one\n- two"
    text += "\n\n" + "-" * 40 + "\nThe same text follows.\n\nBeste Zoë,\n\n--\nYou receive this letter.\nVan Aelst"
    found = pages(letters([said(text)]))[0]
    for part in ("Name Godelieve", "Please note: we meet.", "so she wrote", "The same text follows.", "Beste Zoë,"):
        assert part in found


def test_address_stands_in_the_window_and_nothing_else_does() -> None:
    point = 72 / 25.4
    for window, (left, right) in {"right": (100, 190), "left": (20, 110)}.items():
        text = pypdfium2.PdfDocument(letters([letter()], window=window))[0].get_textpage()
        inside = text.get_text_bounded(left * point, (297 - 79) * point, right * point, (297 - 45) * point)
        assert inside.split("\r\n") == ["Zoë Łukaszewicz", "Maintenance", "Antwerp"]
        around = text.get_text_bounded(left * point, (297 - 90) * point, right * point, (297 - 34) * point)
        assert around.split() == inside.split()


def test_same_letters_are_the_same_bytes() -> None:
    assert letters([letter(), letter(language="fr")]) == letters([letter(), letter(language="fr")])
    assert letters([letter()]) != letters([letter(name="Lotte")])
    assert b"CreationDate(D:19700101000000Z)" in letters([letter()])  # not the hour of printing


def test_file_is_tagged_and_tells_its_language_and_standard() -> None:
    pdf = letters([letter(language="nl")])
    assert pypdfium2.raw.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(pdf))
    assert b"/Lang (nl)" in pdf or b"/Lang(nl)" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_logo_is_printed() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"".join(b"\x00" + b"\xff\x00\x00" * 8 for _ in range(8)))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")

    def red(pdf: bytes) -> int:
        seen = pypdfium2.PdfDocument(pdf)[0].render(rev_byteorder=True).to_numpy()
        return int(((seen[..., 0] > 200) & (seen[..., 1] < 60) & (seen[..., 2] < 60)).sum())

    brand = sample_brand("en").model_copy(update={"logo": data_uri(png)})
    assert red(letters([letter(brand=brand)])) > 500
    assert red(letters([letter()])) == 0


def test_nothing_to_print_is_said() -> None:
    with pytest.raises(ValueError, match="no letter"):
        letters([])
