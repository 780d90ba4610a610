"""The keys of the mapping language, read from its models: for typos, and for its page of docs."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from redflags.adapters.sources.mapping.source_kinds import Specification


def specifications() -> dict[str, type[BaseModel]]:
    """The model of each kind of source."""
    union = get_args(Specification)[0]
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(union)}


def key_of(name: str, info: FieldInfo) -> str:
    """A field's key as it is written in a mapping file."""
    return info.alias or name


def inner_models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a value of the annotated type holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from inner_models(argument)


def keys_at(location: Sequence[str | int]) -> list[str]:
    """The keys that may stand where a fault is: `location` begins with the kind."""
    kind, *path = location
    model = specifications().get(str(kind))
    while model is not None and path:
        fields = {key_of(name, info): info for name, info in model.model_fields.items()}
        if path[0] not in fields:
            return sorted(fields)
        field = fields[str(path[0])]
        model = next(inner_models(field.annotation), None)
        # one step for the key, one for the name or number under which the model stands in it
        path = path[2:] if get_origin(field.annotation) in (dict, tuple) else path[1:]
    return []
