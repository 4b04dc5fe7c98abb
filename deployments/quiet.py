"""Prefect, set the way Baken wants it: silent towards the world, its files in `BAKEN_HOME`.

Import this before anything that imports Prefect. What the environment says already is left alone.
"""

import os

from models.settings import settings

RUNS_KEPT_DAYS = 30
"""How long Prefect keeps a run that has ended, with its logs and artifacts; what is still to come stays (LEG-31)."""

DATABASE_AWAY = "500"
"""What Prefect's server answers while it cannot reach its database at all; it says 503, which is asked again in any
case, only where a connection breaks. Its clients ask again five times, for about a minute in all."""

TOGETHER = {
    f"PREFECT_SERVER_SERVICES_{service}_{name}": value
    for service in ("TASK_RUN_RECORDER", "EVENT_PERSISTER")
    for name, value in {"BATCH_SIZE": "100", "FLUSH_INTERVAL": "1"}.items()
}
"""Prefect's server writes down what runs tell it once a second, rather than each line in a transaction of its own.

On SQLite such writes wait for one another: a call that meets one is asked again two seconds later, and now and then the
whole server stands still for a minute, when Python frees a cursor whose connection waits for its turn (DECISIONS).
"""

DEFAULTS = TOGETHER | {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_CLIENT_RETRY_EXTRA_CODES": DATABASE_AWAY,
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "8",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RUNS_KEPT_DAYS * 86_400),
}


def be_quiet() -> None:
    """Set what is not set yet."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "PREFECT_HOME" not in os.environ:
        home = settings().home
        home.mkdir(parents=True, exist_ok=True, mode=0o700)  # Prefect does not make the folders above its own
        os.environ["PREFECT_HOME"] = str(home / "prefect")


be_quiet()
