"""The desk's pages on matching: what is proposed, why, why not, what if, and how each group fared.

`front.py` and `pairs.py` show the proposals, `pages.py` routes to one pair (`one_pair.py`) and to who has nobody
(`unmatched.py`); `what_if.py` with `settings_form.py`, `fairness.py`. `solved.py` opens a run from what was kept.
"""
