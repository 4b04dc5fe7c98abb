"""The form pages: what one is asked, a part at a time or at once; drafts, the check, the receipt, what one sent.

- `start.py`: where a link arrives (a short form, or the parts of a long one); kept for later; throwing a draft away.
- `part.py`: one part; whatever is posted is kept as a draft. `parts.py`: how each part stands, and which comes next.
- `whole.py`: all questions on one page, sent at once. `check.py`: every answer once more; `told.py` puts them in words.
- `sending.py`: the moment of sending. `receipt.py`: thanks. `mine.py`: what I sent, to read back and print.
- `standing.py`: forms that stand open to everybody, for help and for a word about the programme.
- `opening.py`: what every page begins with. `so_far.py`: what was typed so far. `sheets.py`: how it is shown.
"""

from starlette.routing import Route

from portal.forms import check, mine, part, receipt, standing, start, whole
from portal.forms.sheets import STANDING


def routes() -> list[Route]:
    """The addresses below `/f/{token}`; opening one changes nothing."""
    return [
        Route("/f/{token}", start.show),
        Route("/f/{token}", whole.send, methods=["POST"]),
        Route("/f/{token}/all", whole.show),
        Route("/f/{token}/part/{number:int}", part.show),
        Route("/f/{token}/part/{number:int}", part.save, methods=["POST"]),
        Route("/f/{token}/check", check.show),
        Route("/f/{token}/check", check.send, methods=["POST"]),
        Route("/f/{token}/saved", start.saved),
        Route("/f/{token}/again", start.again),
        Route("/f/{token}/again", start.forget, methods=["POST"]),
        Route("/f/{token}/done", receipt.done),
        Route("/f/{token}/mine", mine.show),
        Route("/f/{token}/share", mine.share, methods=["POST"]),
        *(Route(f"/f/{{token}}/{name}", standing.at(name)) for name in STANDING),
        *(Route(f"/f/{{token}}/{name}", standing.to(name), methods=["POST"]) for name in STANDING),
    ]
