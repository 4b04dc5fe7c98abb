"""Matching: from selected people to the best set of pairs under hard rules (MAT; CAP-086 to CAP-108).

Begin at `arrange.py`: a programme's mode and shape, and the pairs that follow.

One pair: `criteria.py` (rules and factors), `excluded.py` (out because of who the two are). All pairs: `scoring.py`.
The best set: `proposal.py`, by `assignment.py` in steps (`shelf.py`, `master.py`, `duals.py`), proved by
`certificate.py`. Bent rules: `relaxing.py`. Other ways: `mutual.py`, `groups.py`, `regimes.py`. Reasons: `why.py`,
`changes.py`.
"""
