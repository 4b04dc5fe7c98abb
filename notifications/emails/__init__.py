"""Every e-mail, one module a phase; `EMAILS` finds each by its name, in the order of the calendar."""

from importlib import import_module
from pkgutil import iter_modules

from framework.programme import PHASES
from notifications.email import Email

ORDER = (*PHASES, "mail")


def _all() -> dict[str, type[Email]]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    classes = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    emails = [kind for kind in classes if issubclass(kind, Email) and "name" in vars(kind)]
    by_name = {kind.name: kind for kind in sorted(emails, key=lambda kind: (ORDER.index(kind.phase), kind.name))}
    if len(by_name) != len(emails):
        raise ImportError("two e-mails bear the same name")
    return by_name


EMAILS = _all()
