"""The way from the desk to the same programme's runs in the Prefect UI; none where `BAKEN_PREFECT_UI` is empty.

Both generations of the UI that Prefect 3.8 brings read `flow-run-search` on the page of runs, and find runs whose name
holds that text; runs are named `growth-2027 · matching`. A run's name, its counts and its states tell of no person.
"""

from urllib.parse import urlencode

from models.settings import settings


def runs(slug: str, phase: str = "") -> str:
    """The address of a programme's runs, or of one phase's; empty where no UI is known."""
    base = settings().prefect_ui.rstrip("/")
    return f"{base}/runs?{urlencode({'flow-run-search': f'{slug} · {phase}'.strip()})}" if base else ""
