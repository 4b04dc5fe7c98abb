"""The handbooks say what the table says."""

import pytest

from framework.visibility import TABLE, Cell, Reader, Track, Visibility, Whose
from tests.visibility.paper import DOCS, PAPERS, renewed, table


@pytest.mark.parametrize("name", PAPERS)
def test_handbook_has_the_table_as_it_is(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    assert renewed(text) == text, "run: python -m tests.visibility.paper"


def test_patched_cell_makes_the_handbook_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    text = (DOCS / PAPERS[0]).read_text(encoding="utf-8")
    monkeypatch.setitem(TABLE, (Visibility.STORY, Track.GROWTH, Reader.SPONSOR, Whose.ANOTHER), Cell.YES)
    assert renewed(text) != text
    assert "growth: yes; new hires: no" in table()


def test_handbook_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        renewed("# A handbook")
