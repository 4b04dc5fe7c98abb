"""An OAuth2 access token for the relay, as a command of the operator's prints it."""

import re
import subprocess

TOKEN_SECONDS = 30.0


def access_token(command: list[str]) -> str:
    """What the command prints on its standard output. Neither that nor its complaints are kept anywhere.

    Raises OSError or SubprocessError when it fails or takes more than 30 seconds, ValueError when it prints no token.
    """
    ran = subprocess.run(  # noqa: S603 - the operator's own command
        command, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=TOKEN_SECONDS
    )
    token = ran.stdout.strip()
    if not re.fullmatch(rb"[!-~]+", token):
        raise ValueError("the command printed no token")
    return token.decode("ascii")
