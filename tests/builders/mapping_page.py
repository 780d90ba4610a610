"""The tables of keys in docs/mapping.md, written from the models of the mapping language.

Written anew, in tests/, by ``PYTHONPATH=. ../.venv/bin/python -m builders.mapping_page``
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from redflags.adapters.sources.mapping.known_keys import inner_models, key_of, specifications
from redflags.adapters.sources.mapping.mapping_language import Join, TableMapping
from redflags.adapters.sources.mapping.source_kinds import FolderSpecification, SourceSpecification

PAGE = Path(__file__).parents[2] / "docs" / "mapping.md"
BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
SHARED = (SourceSpecification, FolderSpecification, TableMapping, Join)
WORDS = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}

Model = type[BaseModel]


def key_tables() -> str:
    """Every model with its keys, the shared ones first, then kind by kind."""
    sections = [_section(model, _title(model)) for model in SHARED]
    for kind, model in specifications().items():
        sections.append(_section(model, f'`kind = "{kind}"`'))
        sections += [_section(inner, _title(inner)) for inner in _new_in(model)]
    return "\n".join(dict.fromkeys(sections))


def written_block(page: str) -> str:
    """What stands between the two marks of the page."""
    return page.partition(BEGIN)[2].partition(END)[0]


def write(page: str) -> str:
    """The page with the tables as the models give them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}{key_tables()}{end}{after}"


def every_key() -> Iterator[tuple[Model, str]]:
    """Each model of the language with each of its own fields."""
    for model in dict.fromkeys((*SHARED, *_all_models())):
        yield from ((model, name) for name in _own(model))


def meaning(model: Model, name: str) -> str:
    """The docstring of a field; of a key that several models have, the first that says it."""
    for base in (*model.__mro__, *_all_models()):
        if text := _docstrings(base).get(name):
            return text
    return ""


def _all_models() -> list[Model]:
    found: list[Model] = []
    for model in specifications().values():
        found += [model, *_new_in(model)]
    return list(dict.fromkeys(found))


def _new_in(model: Model) -> list[Model]:
    """The models inside a kind, each before those inside it."""
    found: list[Model] = []
    for info in model.model_fields.values():
        for inner in inner_models(info.annotation):
            found += [inner, *_new_in(inner)]
    return [one for one in dict.fromkeys(found) if one not in SHARED]


def _section(model: Model, title: str) -> str:
    rows = [_row(model, name) for name in _own(model)]
    inherited = next((base for base in model.__mro__[1:] if _is_told(base)), None)
    also = f"\n\nAnd the keys of [{_title(inherited)}](#{_anchor(inherited)})." if inherited else ""
    about = " ".join((inspect.getdoc(model) or "").split())
    head = f"### {title}\n\n{about}{also}\n"
    if not rows:
        return head
    lines = ["| key | type | default | meaning |", "|---|---|---|---|", *rows]
    return head + "\n" + "\n".join(lines) + "\n"


def _is_told(base: type) -> bool:
    is_model = issubclass(base, BaseModel) and base is not BaseModel
    return is_model and bool(base.model_fields)


def _own(model: Model) -> list[str]:
    """Fields that no base has, and those that mean something else here."""
    inherited = {name for base in model.__mro__[1:] if _is_told(base) for name in base.model_fields}
    own = inspect.get_annotations(model)
    return [name for name in model.model_fields if name in own or name not in inherited]


def _row(model: Model, name: str) -> str:
    info = model.model_fields[name]
    key, kind = key_of(name, info), _type(info.annotation).replace("|", "\\|")
    return f"| `{key}` | {kind} | {_default(info)} | {meaning(model, name)} |"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**required**"
    value = info.get_default(call_default_factory=True)
    if isinstance(value, Enum):
        return f'`"{value.value}"`'
    if value in (None, "", ()) or value == {}:
        return ""
    if isinstance(value, tuple):
        return ", ".join(f'`"{text}"`' for text in value)
    if isinstance(value, str):
        return f"`'{value}'`" if '"' in value else f'`"{value}"`'
    return f"`{value}`"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in WORDS:
        return WORDS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f'`"{member.value}"`' for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{_title(annotation)}](#{_anchor(annotation)})"
    if origin is Literal:
        return " or ".join(
            f'`"{a}"`' if isinstance(a, str) else f"`{a}`" for a in arguments if a != ""
        )
    if origin is dict:
        return f"name → {_type(arguments[1])}"
    if origin is tuple:
        inner = [_type(argument) for argument in arguments if argument is not Ellipsis]
        return f"list of {inner[0]}" if Ellipsis in arguments else f"[{', '.join(inner)}]"
    if origin in (Union, UnionType):
        return ", or ".join(dict.fromkeys(_type(a) for a in arguments if a is not NoneType))
    return _type(arguments[0])


def _title(model: Model) -> str:
    known = {
        SourceSpecification: "every mapping file",
        FolderSpecification: "every folder of files",
        TableMapping: "every table",
    }
    if model.__name__ == "OAuth":
        return "OAuth"
    apart = "".join(f" {c.lower()}" if c.isupper() else c for c in model.__name__).strip()
    return known.get(model, apart)


def _anchor(model: Model) -> str:
    return _title(model).replace(" ", "-").lower()


@cache
def _docstrings(model: type) -> dict[str, str]:
    """The strings below the fields of a class."""
    module = sys.modules.get(model.__module__)
    if module is None or not model.__module__.startswith("redflags"):
        return {}
    classes = [n for n in ast.walk(_tree(module)) if isinstance(n, ast.ClassDef)]
    body = next(node.body for node in classes if node.name == model.__name__)
    return {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


@cache
def _tree(module: Any) -> ast.Module:
    return ast.parse(inspect.getsource(module))


if __name__ == "__main__":
    PAGE.write_text(write(PAGE.read_text("utf-8")), "utf-8")
