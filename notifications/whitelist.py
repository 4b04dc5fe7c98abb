"""What a coordinator's text may say: a whitelist over the template language's syntax tree.

Only names may be filled in, and `{% if %}` may choose between them. All else that the language can do is refused:
loops, sums, calls, includes, inner parts of a field, filters but two for dates. What is unknown is refused as well.
"""

import re
from collections.abc import Mapping
from typing import Literal

from jinja2 import Environment, TemplateSyntaxError, nodes

Kind = Literal["text", "number", "date", "code"]
Fault = tuple[int, str]

FIELDS = 60  # places that are filled in, in one text
DEEP = 3  # conditions within one another
PARTS = 5  # what one condition puts together with `and`, `or` and `not`
NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
OTHER_WAYS = re.compile(r"%\((\w+)\)s?|(?<![{%])\{(\w+)\}(?!\})")
ALLOWED = "allowed are {{ field }}, {{ date|short }} and {% if field %}"
CALLED = {
    nodes.For: "a loop",
    nodes.Call: "a call",
    nodes.Getattr: "a part of a field",
    nodes.Getitem: "a part of a field",
    nodes.Include: "an include",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.Filter: "this filter",
    nodes.Const: "a value",
}
_SYNTAX = Environment(autoescape=False)  # noqa: S701 - it reads texts, it never words one
_SYNTAX.filters = {"day": str, "short": str}


def faults(source: str, fields: Mapping[str, Kind]) -> list[Fault]:
    """What a text may not say, each with its line. `fields`: what may be filled in, and what each is."""
    found = [
        (source[: hit.start()].count("\n") + 1, "a control character is not allowed")
        for hit in NOT_TEXT.finditer(source)
    ]
    for hit in OTHER_WAYS.finditer(source):
        name = hit[1] or hit[2]
        if name in fields:
            found.append((source[: hit.start()].count("\n") + 1, f"write {{{{ {name} }}}} instead of {hit[0]}"))
    try:
        tree = _SYNTAX.parse(source)
        walk = _Walk(fields, found)
        walk.body(tree.body, 0)
        if walk.filled > FIELDS:
            found.append((1, f"{walk.filled} fields are filled in; at most {FIELDS} are allowed"))
        if not found:
            _SYNTAX.compile(tree)
    except TemplateSyntaxError as error:
        found.append((error.lineno, f"this cannot be read: {error.message}; {ALLOWED}"))
    except (SyntaxError, RecursionError, ValueError, OverflowError, MemoryError):
        found.append((1, f"this is too involved to be read; {ALLOWED}"))
    return sorted(set(found))


class _Walk:
    """Goes through a text's syntax tree and writes down what is not allowed; everything unknown is refused."""

    def __init__(self, fields: Mapping[str, Kind], found: list[Fault]) -> None:
        self.fields, self.found, self.filled = fields, found, 0

    def body(self, body: list[nodes.Node], deep: int) -> None:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    self._output(part)
            elif isinstance(node, nodes.If):
                self._choice(node, deep + 1)
            else:
                self._refuse(node)

    def _choice(self, node: nodes.If, deep: int) -> None:
        if deep > DEEP:
            self._add(node, f"at most {DEEP} conditions may stand within one another")
            return
        self._condition(node.test)
        self.body(node.body, deep)
        for other in node.elif_:
            self._choice(other, deep)
        self.body(node.else_, deep)

    def _output(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        self.filled += 1
        if isinstance(node, nodes.Name):
            if self._known(node) == "code":
                self._add(node, f"{node.name} is a code and reads badly; use it in {{% if %}}")
        elif isinstance(node, nodes.Filter) and isinstance(node.node, nodes.Name) and not _arguments(node):
            if self._known(node.node) not in {"date", None} or node.name not in {"day", "short"}:
                self._add(node, f"the filter {node.name} is not allowed here; day and short go with a date")
        else:
            self._refuse(node)

    def _condition(self, node: nodes.Node, deep: int = 1) -> None:
        if deep > PARTS:
            self._add(node, f"a condition may have at most {PARTS} parts")
        elif isinstance(node, nodes.Name):
            self._known(node)
        elif isinstance(node, nodes.Not):
            self._condition(node.node, deep + 1)
        elif isinstance(node, nodes.And | nodes.Or):
            self._condition(node.left, deep + 1)
            self._condition(node.right, deep + 1)
        elif isinstance(node, nodes.Compare):
            self._comparison(node)
        else:
            self._refuse(node)

    def _comparison(self, node: nodes.Compare) -> None:
        to = node.ops[0].expr
        if len(node.ops) != 1 or not isinstance(node.expr, nodes.Name) or not isinstance(to, nodes.Const):
            self._add(node, 'compare one field with one value, as in {% if field == "value" %}')
            return
        kind = self._known(node.expr)
        fits = isinstance(to.value, int) and not isinstance(to.value, bool) if kind == "number" else None
        fits = isinstance(to.value, str) if kind in {"text", "code"} else fits
        allowed = {"eq", "ne", "lt", "lteq", "gt", "gteq"} if kind == "number" else {"eq", "ne"}
        if kind and (not fits or node.ops[0].op not in allowed):
            self._add(node, f"{node.expr.name} cannot be compared in this way")

    def _known(self, node: nodes.Name) -> Kind | None:
        if node.name not in self.fields:
            self._add(node, f"there is no field {node.name}; there are {', '.join(sorted(self.fields))}")
        return self.fields.get(node.name)

    def _refuse(self, node: nodes.Node) -> None:
        self._add(node, f"{CALLED.get(type(node), type(node).__name__.lower())} is not allowed; {ALLOWED}")

    def _add(self, node: nodes.Node, message: str) -> None:
        self.found.append((node.lineno, message))


def _arguments(node: nodes.Filter) -> bool:
    return bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
