"""The steps of matching: propose, let people decide, introduce.

`steps.py`: propose and apply decisions, by `candidates.py` (who is free), `proposing.py` (one run) and `deciding.py`.
Where people choose themselves: `wishes.py`, `picks.py`, `places.py`, `pool.py`. Both sides are asked: `asking.py`,
`acceptance.py`, `group_answers.py`, `two_answers.py`. Then `introduction.py`; who finds nobody: `waiting_list.py`.
"""
