"""What a policy is asked about a fact: principal, action, resource and context, read from its payload as declared."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from runs.engine import Fact
from runs.engine.wire import decode
from runs.suggestors.forms import NotBlank
from runs.suggestors.one_of import OneOf

Path = Annotated[
    str,
    Meta(pattern=r"^[^.\[\]]+(\[\])?(\.[^.\[\]]+(\[\])?)*$", description="Such as annotation.total_cost or annotation.costs[].estimate."),
]
TypeName = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(::[A-Za-z_][A-Za-z0-9_]*)*$")]
LARGEST = 2**63


class EntityForm(OneOf, frozen=True, forbid_unknown_fields=True):
    """An entity of Cedar: its type, and where its id comes from."""

    ONE_OF: ClassVar[tuple[str, ...]] = ("id", "field", "fact")

    type: Annotated[TypeName, Meta(description="Its type, such as User.")]
    id: Annotated[NotBlank | UnsetType, Meta(description="Always this one.")] = UNSET
    field: Annotated[Path | UnsetType, Meta(description="A field of the payload that holds a text.")] = UNSET
    fact: Annotated[Literal["id", "provenance"] | UnsetType, Meta(description="The fact's own id or provenance.")] = UNSET

    def read(self, fact: Fact, document: Any) -> dict[str, str]:
        """As Cedar is asked; raises `Unreadable`."""
        how, value = self.said()
        if how == "fact":
            value = getattr(fact, value)
        elif how == "field":
            value = next(iter(values_at(document, value)), None)
        if not isinstance(value, str):
            raise Unreadable(f"{self.type}: the field '{self.field}' holds no text")
        return {"type": self.type, "id": value}


class ContextForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field of the context."""

    field: Annotated[Path, Meta(description="A field of the payload; beyond a list with [], what all its items hold.")]
    read: Annotated[
        Literal["value", "sum", "count"], Meta(description="The value as it stands; the sum of its numbers; or how many there are.")
    ] = "value"
    decimal: Annotated[bool, Meta(description="Whether numbers become decimals of Cedar; otherwise they must be whole.")] = False
    default: Annotated[Any, Meta(description="What stands for a field that is not there; without one it is left out.")] = UNSET

    def value(self, document: Any) -> Any:
        """As Cedar is asked, UNSET for what is not there; raises `Unreadable`."""
        found = values_at(document, self.field)
        if self.read == "count":
            return len(found)
        if self.read == "sum":
            return self._cedar(sum(one for one in found if type(one) in (int, float)))
        many = "[]" in self.field
        value = found if many else found[0] if found else None
        value = self.default if value is None or value == [] else value
        return value if value is UNSET else self._cedar(value)

    def _cedar(self, value: Any) -> Any:
        """A JSON value as a value of Cedar."""
        if isinstance(value, dict):
            if any(name.startswith("__") for name in value):
                raise Unreadable("names of fields may not begin with __")
            return {name: self._cedar(inner) for name, inner in value.items() if inner is not None}
        if isinstance(value, list):
            return [self._cedar(inner) for inner in value if inner is not None]
        return self._number(value) if type(value) in (int, float) else value

    def _number(self, value: float) -> Any:
        if not -LARGEST <= value < LARGEST:
            raise Unreadable(f"{value} is too large for Cedar")
        if self.decimal:
            return {"__extn": {"fn": "decimal", "arg": f"{value:.4f}"}}
        if value != int(value):
            raise Unreadable(f"{value} is no whole number; say decimal: true")
        return int(value)


def values_at(document: Any, path: str) -> list[Any]:
    """Every value at a path: one at most, unless the path goes through lists."""
    found = [document]
    for part in path.split("."):
        name = part.removesuffix("[]")
        found = [one[name] for one in found if isinstance(one, dict) and one.get(name) is not None]
        if part.endswith("[]"):
            found = [item for one in found if isinstance(one, list) for item in one]
    return found


def document_in(fact: Fact) -> Any:
    """The JSON of a fact: its payload, the JSON in its text, or the text as `text`."""
    if fact.text is None:
        return fact.payload.value
    try:
        value = decode(fact.text)
    except (msgspec.MsgspecError, ValueError):
        value = None
    return value if isinstance(value, dict) else {"text": fact.text}


class Unreadable(ValueError):
    """The payload does not hold what the mapping declares."""
