"""What every object that is written down is made of: mappings with their own fields, metadata."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """A mapping that holds its own fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def reference_to(field: str) -> BeforeValidator:
    """Lets a plain name stand for ``{field: name}``."""
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str) else value)


class Metadata(Wire):
    """What every object says about itself.

    Attributes:
        name: Lower-case letters, digits and ``-``, at most 63; stands in labels, file names and
            rule groups.
        display_name: What people read instead of the name.
        labels: Carried along, and not used.
        annotations: Text by name; those that begin with ``slobook/`` say what OpenSLO cannot.

    """

    name: str
    display_name: str | None = None
    labels: dict[str, Annotated[list[str], BeforeValidator(_listed)]] | None = None
    annotations: dict[str, str] | None = None


class OptionalMetadata(Metadata):
    """The same of an object that stands inside another and needs no name.

    Attributes:
        name: May be left out.

    """

    name: str | None = None  # type: ignore[assignment]  # wider on purpose
