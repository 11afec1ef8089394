"""Ways to reach a debtor."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from regua_sdk.bindings.imports import types as wit
from regua_sdk.refusal import ConfigProblem, Misfit

_NAME = re.compile("[a-z0-9-]{1,32}")

_CASES: dict[str, wit.Channel] = {
    "email": wit.Channel_Email(),
    "sms": wit.Channel_Sms(),
    "whatsapp": wit.Channel_Whatsapp(),
    "letter": wit.Channel_Letter(),
    "phone": wit.Channel_Phone(),
}
_NAMES: dict[type, str] = {type(case): name for name, case in _CASES.items()}


class Channel(str):
    """A way to reach a debtor: its name, e.g. `email`. A tenant may have added others."""

    __slots__ = ()

    EMAIL: ClassVar[Channel]
    SMS: ClassVar[Channel]
    WHATSAPP: ClassVar[Channel]
    LETTER: ClassVar[Channel]
    PHONE: ClassVar[Channel]

    def __new__(cls, name: str) -> Self:
        """1 to 32 characters of `a-z`, `0-9` and `-`. Raises ValueError."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a channel: a-z, 0-9 and -, up to 32")
        return super().__new__(cls, name)

    @classmethod
    def from_contract(cls, channel: wit.Channel) -> Self:
        """From the contract's variant."""
        if isinstance(channel, wit.Channel_Other):
            return cls(channel.value)
        return cls(_NAMES[type(channel)])

    def to_contract(self) -> wit.Channel:
        """To the contract's variant."""
        return _CASES.get(self) or wit.Channel_Other(str(self))

    @classmethod
    def from_json(cls, value: object, at: str) -> Self:
        """From a config. Raises `Misfit`."""
        if not (isinstance(value, str) and _NAME.fullmatch(value)):
            raise Misfit([ConfigProblem(at, f"{value!r} is not the name of a channel")])
        return cls(value)

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """Of what a config has here."""
        return {
            "type": "string",
            "pattern": "^[a-z0-9-]{1,32}$",
            "examples": list(_CASES),
        }


Channel.EMAIL = Channel("email")
Channel.SMS = Channel("sms")
Channel.WHATSAPP = Channel("whatsapp")
Channel.LETTER = Channel("letter")
Channel.PHONE = Channel("phone")
