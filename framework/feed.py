"""When a file of HR is unusual enough for a person to look at it first (CAP-190). Counts in, a word out."""

ALWAYS_USUAL = 5
"""So many people may leave or move on one day, in the smallest of companies."""


def is_unusual(*, leaving: int, moving: int, known: int, share: int) -> bool:
    """Whether a file says of more than `share` in a hundred of the `known` people that they leave, or move.

    `moving` counts those whose address it changes. Then a column is often mistaken; mails stop, and links end.
    """
    return max(leaving, moving) > max(ALWAYS_USUAL, known * share / 100)
