"""Any mentor may be chosen for a mentee, once the coordinator has seen what it costs (CAP-104, MAT-08, MAT-D1).

What may be chosen is one subject, `pairing:<id>`, with one choice, `swap:<mentor>`: its digest binds the proposal and
all that the page told of the other mentor. The rules are those of the run; they are asked again when the choice is
carried out.
"""

from collections.abc import Mapping
from typing import Any

from framework.desk import Subject, pair_choices
from framework.matching.shapes import PINS
from framework.pairing import OPEN, PairingStatus
from models import pairing
from models.desk import pairs
from models.desk.rounds import Round
from models.desk.solved import Solved
from models.pairing import Pairing


def has_place(now: Round, mentor: int) -> bool:
    """Whether that mentor is here, and has a place that no decision has taken yet; a mere proposal takes none."""
    on = pairs.floor(now)
    found = on.mentors.get(mentor)
    return found is not None and found.person.value().is_here(now.today) and on.places.get(mentor, 1) > 0


def offer(now: Round, pair: Pairing, seen: Solved, mentor: int, told: Mapping[str, Any]) -> Subject | None:
    """The choice of that mentor for the mentee of this pair; None where the pair or the mentor is not to be had.

    `told` is what the page says of the other mentor, as JSON holds it; no rule of the run may forbid the two.
    """
    if pair.status != PairingStatus.PROPOSED or pair.round != now.milestone.round or mentor == pair.mentor_id:
        return None
    if now.rules.matching.shape not in PINS or not has_place(now, mentor) or not _is_free_for(now, pair, seen, mentor):
        return None
    _, chosen, _ = pair_choices([mentor])
    return Subject(
        id=f"pairing:{pair.id}",
        choices=(chosen,),
        shown={"pair": pairs.subject(pairs.floor(now), pair).shown, "instead": dict(told)},
        seats={chosen.id: mentor},
    )


def _is_free_for(now: Round, pair: Pairing, seen: Solved, mentor: int) -> bool:
    """Of two mentors: who speaks the language that is looked for, and is not the other one of the two already."""
    rows = pairing.of_mentor(now.session, now.programme_id, mentor, *OPEN)
    known = {one.mentee_id for one in rows if one.language != pair.language}
    return pair.mentee_id not in known and (not pair.language or pair.language in seen.people[mentor].languages)
