"""What is done to senders, and what came of it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from framework.mail import MOVES


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to the senders; without kills one of two is stopped once, for longer than its lease.

    `pauses`, `lost` and `busy` are shares; `lease` and `awake` in seconds.
    `asleep` is how long a pause is, in leases; for `awake` at most a sender that was stopped goes on before it dies.
    """

    kills: int
    mode: Literal["resend", "hold"] = "resend"
    control: Literal["", "no-fence", "batch"] = ""
    pauses: float = 0.0
    lost: float = 0.0
    busy: float = 0.0
    lease: float = 1.5
    asleep: tuple[float, float] = (0.9, 1.6)
    awake: float = 0.2
    rows: int = 12  # that a sender takes at once
    senders: int = 2
    delay: float = 0.003  # seconds that the relay takes to accept
    seed: int = 1


@dataclass
class Verdict:
    """What happened, and what came of it."""

    plan: Plan
    database: str = ""
    kills: int = 0
    pauses: int = 0
    lost_answers: int = 0
    put_off: int = 0
    written: int = 0  # messages
    mails: int = 0  # what they went as: a bundle is one
    copies: int = 0  # mails that the relay accepted
    most_copies: int = 0
    lost: int = 0
    repeated_inside: int = 0  # messages that arrived under two Message-IDs
    copies_before: int = 0  # hold: the same two, before the relay's log was read
    mails_before: int = 0
    unsure: int = 0
    found: int = 0  # of the unsure: the log knew them
    again: int = 0
    unlike: int = 0  # messages whose state and the ledger do not say the same
    crashed: int = 0  # senders that ended with an error of their own
    seconds: float = 0.0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def events(self) -> int:
        """Whatever may cost one duplicate."""
        return self.kills + self.pauses + self.lost_answers

    @property
    def duplicates(self) -> int:
        """Copies beyond the first."""
        return self.copies - self.mails

    @property
    def duplicates_before(self) -> int:
        """Copies beyond the first, before the relay's log was read."""
        return self.copies_before - self.mails_before

    @property
    def forbidden(self) -> set[tuple[str, str]]:
        """Moves that the framework does not know."""
        known = {(before.value, after.value) for before, those in MOVES.items() for after in those}
        return set(self.moves) - known
