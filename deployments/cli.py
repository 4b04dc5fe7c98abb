"""The `baken` command. A user's mistake ends in one clear line and a non-zero exit, never in a traceback."""

import sys

from cyclopts import App

from deployments import quiet, terminal  # noqa: F401 - quiet before Prefect
from deployments.commands import (
    audit,
    backup,
    bounces,
    database,
    demo,
    deploy,
    fairness,
    keys,
    letters,
    look,
    matching,
    outbox,
    person,
    programme,
    retention,
    roster,
    run,
    serve,
)

app = App(
    name="baken",
    help="Workplace mentoring programmes as pipelines that people can watch.",
    version_flags=["--version"],
    result_action="return_value",
)
app.command(demo.demo)
app.command(serve.serve)
app.command(deploy.deploy)
app.command(deploy.work)
app.command(roster.app)
app.command(person.app)
app.command(retention.retention)
app.command(programme.app)
app.command(run.run)
app.command(run.advance)
app.command(run.rehearsal)
app.command(look.desk)
app.command(outbox.app)
outbox.app.command(letters.letters)
outbox.app.command(bounces.bounces)
outbox.app.command(bounces.reconcile)
outbox.app.command(bounces.settle)
app.command(matching.app)
matching.app.command(fairness.fairness)
app.command(keys.app)
app.command(audit.app)
app.command(backup.backup)
app.command(backup.restore)
app.command(database.app)
app.command(look.report)
app.command(look.forms)
app.command(serve.doctor)


def main(given: list[str] | None = None) -> None:
    """Run a command; exits 0 done, 1 error, 2 wrong use, 3 rows refused, 130 stopped."""
    try:
        result = app(given)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if (line := explain(error)) is None:
            raise
        terminal.err.print(line, markup=False)
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def explain(error: Exception) -> str | None:
    """One line for what a user can mend; None for a fault of ours."""
    from pydantic import ValidationError
    from sqlalchemy.exc import OperationalError

    from deployments.deploy import NoServer
    from deployments.processes import NotStarted
    from deployments.programmes import BadProgramme
    from framework.replanning import Refused
    from models.copying import CopyFailed
    from models.installation import FutureDate
    from models.master_file import InEnvironment, StillInUse
    from models.programme import UnknownProgramme
    from models.schema import NewerSchema
    from models.vault import VaultError
    from notifications.sender import NotConfigured
    from tasks.erasing import CarriesProgramme, NobodyThere
    from tasks.roster import RosterError
    from tasks.spread import DaskMissing, Lost
    from tasks.step import StepFailed

    if isinstance(error, ValidationError):
        faults = [f"BAKEN_{'_'.join(str(p) for p in e['loc'])}".upper() + f": {e['msg']}" for e in error.errors()]
        return "A setting cannot be used: " + "; ".join(faults)
    if isinstance(error, OperationalError):
        return "The database cannot be reached or has no tables; check BAKEN_DATABASE_URL, and run `baken doctor`."
    known: tuple[type[Exception], ...] = (NotStarted, BadProgramme, FutureDate, UnknownProgramme, NotConfigured)
    known += (NoServer, RosterError, StepFailed, VaultError, InEnvironment, StillInUse)
    known += (CarriesProgramme, NobodyThere, CopyFailed, NewerSchema, Refused, DaskMissing, Lost)
    if isinstance(error, known):
        return str(error.args[0] if error.args else error)
    if type(error).__name__ == "FailedRun":  # a flow that ended as Failed; its message names phases only
        return f"{error}; log/errors.log of BAKEN_HOME tells more"
    if isinstance(error, LookupError) and "roster" in str(error):
        return str(error)
    return None


if __name__ == "__main__":
    main()
