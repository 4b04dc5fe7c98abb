"""One part of a form: its questions, and the ways on, back and home. Whatever was typed is kept as a draft."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from framework.reading import Problem
from portal import gate
from portal.forms import parts
from portal.forms.opening import Here, looking, posting
from portal.forms.sheets import beside, render, sheet
from portal.forms.so_far import SoFar

CHECK = "check"


def _show(here: Here) -> Response:
    """GET /f/{token}/part/{n}: one section; one that does not apply leads on to the next."""
    so_far, number = SoFar.of(here), _number(here)
    if here.visit.answered and not here.visit.may_change:
        return here.to("")
    if parts.steps(so_far)[number - 1].state == parts.SKIPPED:
        return _on(so_far, number)
    return _page(so_far, number, _wrong(so_far, number) if _to_check(here) else ())


def _save(here: Here) -> Response:
    """POST /f/{token}/part/{n}: keep what was typed, right or wrong; `next` goes on only once this part holds."""
    before, number = SoFar.of(here), _number(here)
    if here.visit.answered and not here.visit.may_change:
        return here.to("")
    after = before.posted(here.visit.form.asking[number - 1].questions)
    if before.offered and before.untouched(after) and not gate.sure(here.posted):
        if here.go != "back":
            return _page(before, number, unsure=True)
        after = before
    after.save(before)
    if here.go == "later":
        return here.to("/saved")
    if here.go == "back":
        earlier = parts.before(after, number)
        return here.to(f"/part/{earlier}" if earlier else "", **_change(here))
    wrong = _wrong(after, number)
    if wrong:
        return _page(after, number, wrong)
    return here.to("/check") if _to_check(here) else _on(after, number)


def _page(so_far: SoFar, number: int, wrong: Sequence[Problem] = (), *, unsure: bool = False) -> Response:
    here, form, page = so_far.here, so_far.form, so_far.here.visit.page
    made = sheet(so_far, wrong)
    steps = parts.steps(so_far)
    earlier = parts.before(so_far, number)
    told = {
        "part": made.part(parts.section_of(so_far, number)),
        "number": number,
        "total": len(form.asking),
        "left_out": page.listed([page.say(s.section.title) for s in steps[earlier : number - 1]]),
        "wrong": made.wrong(),
        "unsure": unsure,
        "beside": beside(here) if number == 1 else None,
        "action": here.visit.link(f"/part/{number}", **here.visit.page.query),
        "to_check": _to_check(here) or not parts.after(so_far, number),
    }
    return render("part.html", so_far, 422 if unsure or (here.posted and wrong) else 200, **told)


def _on(so_far: SoFar, number: int) -> Response:
    following = parts.after(so_far, number)
    return so_far.here.to(f"/part/{following}" if following else "/check")


def _wrong(so_far: SoFar, number: int) -> list[Problem]:
    mine = {q.id for q in so_far.form.asking[number - 1].questions}
    return [p for p in so_far.reading.problems if p.question in mine]


def _number(here: Here) -> int:
    number = int(here.http.path_params["number"])
    if not 1 <= number <= len(here.visit.form.asking):
        raise HTTPException(404)
    return number


def _to_check(here: Here) -> bool:
    return here.http.query_params.get("to") == CHECK


def _change(here: Here) -> dict[str, object]:
    return {"change": 1} if here.visit.answered else {}


show, save = looking(_show), posting(_save)
