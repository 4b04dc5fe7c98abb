"""What lies on the coordinator's desk: every subject of a round with all that is shown of it, and the word on it.

The portal's pages and the approvals in Prefect's own pages read and write the same rows through here: one truth, two
doors (house idea 8). `rounds.py` is the open round, `subjects.py` what waits, `pairs.py` and `solved.py` the proposed
pairs, `rulings.py` the word that counts once, `calendar.py` a word on the dates, `shown.py` what was shown outside the
desk.
"""
