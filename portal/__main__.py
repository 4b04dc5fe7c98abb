"""Serve the portal: `python -m portal --host 127.0.0.1 --port 8765`."""

from argparse import ArgumentParser

import uvicorn

from models import schema
from portal.app import create_app

MAX_HEAD = 16 * 1024  # bytes of a request's first line and headers together


def main(given: list[str] | None = None) -> None:
    """Run until stopped. There is no access log: every address holds somebody's personal link."""
    parser = ArgumentParser(prog="python -m portal", description="Serve Baken's forms and the coordinator's desk.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8765, help="the port to listen on (default: 8765)")
    where = parser.parse_args(given)
    try:
        schema.refuse_newer()
    except schema.NewerSchema as newer:
        parser.exit(1, f"{newer}\n")
    uvicorn.run(
        create_app(),
        host=where.host,
        port=where.port,
        http="h11",
        h11_max_incomplete_event_size=MAX_HEAD,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `limits.address_of` reads them, from the proxies that are named
    )


if __name__ == "__main__":
    main()
