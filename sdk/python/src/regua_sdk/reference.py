"""Names in a config that the host resolves when a workflow is published, so that a
misspelt template or team is found then and not on the first late day.
"""

from __future__ import annotations

from typing import ClassVar, Self

from regua_sdk.refusal import ConfigProblem, Misfit


class Reference(str):
    """The name as the tenant wrote it."""

    __slots__ = ()

    json_format: ClassVar[str]

    @classmethod
    def from_json(cls, value: object, at: str) -> Self:
        """From a config. Raises `Misfit`."""
        if not isinstance(value, str):
            raise Misfit([ConfigProblem(at, f"{value!r} is not a name, as text")])
        return cls(value)

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """Of what a config has here."""
        return {"type": "string", "format": cls.json_format, "minLength": 1}


class TemplateRef(Reference):
    """A template that an admin of the tenant published."""

    json_format = "regua-template"


class TeamRef(Reference):
    """A team of people at the tenant."""

    json_format = "regua-team"


class AgencyRef(Reference):
    """A collection agency."""

    json_format = "regua-agency"


class SegmentRef(Reference):
    """A segment of customers."""

    json_format = "regua-segment"


class TermsRef(Reference):
    """Interest terms: rate, base, day count, rounding, ceiling."""

    json_format = "regua-terms"
