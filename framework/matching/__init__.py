"""Matching: from selected people to the best set of pairs under hard rules (MAT; CAP-086 to CAP-108).

Begin at `arrange.py`: a programme's mode and shape, and the pairs that follow.

One pair: `criteria.py` (rules and factors), `excluded.py` (out because of who the two are), `named.py` (names that
people typed). All pairs: `scoring.py`, `tables.py`. The best set: `proposal.py`, by `assignment.py` in steps
(`shelf.py`, `master.py`, `duals.py`), proved by `certificate.py`; who waited comes first by `turns.py`, and among equal
sets `face.py` and `filling.py` choose. Who comes next: `others.py`. Bent rules: `relaxing.py`. Other ways: `mutual.py`,
`regimes.py`; other shapes: `shapes.py`, by `groups.py`, and by `large.py` for crowds. Reasons: `why.py`, `changes.py`,
`facts.py`. Two ways side by side: `comparing.py`, `fairness.py`, `disclosure.py`. What is kept of a run: `record.py`.
"""
