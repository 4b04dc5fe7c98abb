"""The addresses of a running programme's pages, for `portal/app.py`."""

from starlette.routing import Route

from portal.running import one_pair, one_person, pairs, people, risks, waiting


def routes() -> list[Route]:
    """Each page below /desk/{token}; they stand before the pages of the phases."""
    return [
        Route("/desk/{token}/pairs", pairs.show),
        Route("/desk/{token}/pairs/{number:int}", one_pair.show),
        Route("/desk/{token}/pairs/{number:int}", one_pair.send, methods=["POST"]),
        Route("/desk/{token}/risks", risks.show),
        Route("/desk/{token}/risks", risks.send, methods=["POST"]),
        Route("/desk/{token}/people", people.show),
        Route("/desk/{token}/people/{number:int}", one_person.show),
        Route("/desk/{token}/people/{number:int}", one_person.send, methods=["POST"]),
        Route("/desk/{token}/waiting/{form}", waiting.show),
        Route("/desk/{token}/waiting/{form}", waiting.send, methods=["POST"]),
    ]
