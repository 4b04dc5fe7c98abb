"""`baken serve` and `baken doctor`: running it all on one machine, and looking whether it is well."""

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect


def serve(*, prefect_port: int = 4200, portal_port: int = 8765, json: bool = False) -> int:
    """Run Prefect's server, the portal and the scheduled flows on this machine, until stopped with Ctrl-C.

    Args:
        prefect_port: Where Prefect's UI listens, on loopback.
        portal_port: Where the portal listens, on loopback; put your own proxy in front of it.
        json: One JSON object with the addresses, once all is up.

    """
    from deployments.serve import serve_all

    def started(ui: str, url: str) -> None:
        if json:
            terminal.as_json({"prefect": ui, "portal": url})
        else:
            terminal.say(f"Prefect's UI: {ui}\nPortal:       {url}\nStop with Ctrl-C.")

    serve_all(prefect_port=prefect_port, portal_port=portal_port, started=started)
    return 0


def doctor(*, json: bool = False) -> int:
    """Check settings, database, mail relay, Prefect and the secret key; exit 1 when something is wrong."""
    from deployments.doctor import examine

    found = examine()
    if json:
        terminal.as_json({"findings": [one.as_dict() for one in found]})
    else:
        terminal.table(
            "Health", ("what", "", "found", "do this"), [(f.what, f.verdict, f.found, f.advice) for f in found]
        )
    return int(any(one.verdict == "wrong" for one in found))
