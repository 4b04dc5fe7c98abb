"""The words of the report's page, in English: what the database holds as a code, as a reader would say it."""

from framework.people import Role
from portal import words

STATES = {"Awaiting-Coordinator": "Waits for the coordinator", "Not-Now": "Not now"}
ASKED = {**words.ASKED, Role.COORDINATOR: "coordinator"}
PEOPLE = {
    "invited": "asked, not answered yet",
    "applied": "applied, not decided yet",
    "selected": "chosen, not accepted yet",
    "confirmed": "taking part",
    "waiting": "waiting for a partner",
    "completed": "took part to the end",
    "withdrawn": "left before the end",
    "later": "not yet: prepared for a later time",
    "not_selected": "not selected",
    "declined": "said no, or did not answer",
}
PAIRS = {  # what became of a proposal, with its colour
    "completed": ("completed", "good"),
    "active": ("together now", "main"),
    "accepted": ("introduced, no agreement yet", "main-soft"),
    "approved": ("approved, being asked", "wait"),
    "proposed": ("proposed, not decided yet", "wait"),
    "rematch": ("ended: another partner was looked for", "amber"),
    "partner_left": ("ended: one of the two left", "amber"),
    "ended_early": ("ended early", "amber"),
    "not_agreed": ("ended: no agreement came about", "amber"),
    "closed": ("ended", "amber"),
    "declined": ("declined by one of the two", "plain"),
    "struck": ("struck before anybody was asked", "faint"),
    "dropped": ("replaced by another proposal", "faint"),
}
MEETINGS = {
    "held": ("held", "good"),
    "planned": ("still to come", "wait"),
    "missed": ("missed", "amber"),
    "unconfirmed": ("unconfirmed: nobody said", "plain"),
    "cancelled": ("called off, as the pair had ended", "faint"),
}
MAIL_STATES = {
    **words.MAILS,
    **{raw: words.MAILS[shown] for raw, shown in words.MAIL_STATES.items()},
    "held": "held, for print",
    "inside": "sent, inside another mail",
}
REHEARSAL = {
    "seed": "seed {:,}",
    "steps": "{:,} days advanced",
    "received": "{:,} mails received",
    "duplicates": "{:,} received twice",
    "seconds": "{:,.1f} seconds",
    "peak_rss_mb": "at most {:,} MB of memory a process",
}
