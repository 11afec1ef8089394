"""What a proposal has to fit: the situation it was made in."""

from __future__ import annotations

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import HORIZON_DAYS, from_days
from regua_sdk.kinds import ActionKind, EffectState
from regua_sdk.testkit.bounds.findings import Findings
from regua_sdk.testkit.counted import CHARGES

_UNDONE = (EffectState.FAILED, EffectState.CANCELLED)
_ITEMS_MAX = 200


def done_as(key: str, situation: wit.Situation) -> ActionKind | None:
    """What kind of action a key was done as on this visit, if it was."""
    stage = situation.stage
    for effect in situation.effects:
        is_of_visit = effect.stage == stage.id and effect.at >= stage.entered
        if effect.key == key and is_of_visit and effect.state not in _UNDONE:
            return effect.kind
    return None


class Fit:
    """The situation that a proposal has to fit; none where its key was done before on this
    visit, for then nothing of it is done again.
    """

    def __init__(self, situation: wit.Situation | None) -> None:
        """For one proposal."""
        self._situation = situation

    def date(self, what: str, day: int, days_ahead: int, found: Findings) -> None:
        """A date from so many days after today on."""
        if self._situation is None:
            return
        ahead = day - self._situation.now.local_date
        bounds = f"{days_ahead} to {HORIZON_DAYS} days ahead"
        text = f"{what} is {from_days(day)}, which is not {bounds}"
        found.must(days_ahead <= ahead <= HORIZON_DAYS, text)

    def method(self, method: str, found: Findings) -> None:
        """A method of the customer's."""
        if self._situation is not None:
            known = [one.key for one in self._situation.customer.methods]
            found.must(method in known, f"{method!r} is not among the customer's methods")

    def item(self, key: str, found: Findings) -> None:
        """An item of the situation."""
        found.word("the item", key, "-_")
        if self._situation is not None:
            known = [item.key for item in self._situation.balance.items]
            found.must(key in known, f"{key!r} is not an item of the situation")

    def items(self, keys: list[str], found: Findings) -> None:
        """Items of the situation, none twice."""
        item_keys(keys, found)
        for key in keys:
            self.item(key, found)

    def plan(self, plan: wit.Plan, keys: list[str], found: Findings) -> None:
        """The instalments of a plan add up to what may be chased of the items."""
        if self._situation is None:
            return
        owed = sum(
            item.chaseable
            for item in self._situation.balance.items
            if item.key in keys and not (plan.waive_fees and item.kind in CHARGES)
        )
        offered = sum(one.amount for one in plan.instalments)
        text = f"the instalments add up to {offered} where {owed} may be chased"
        found.must(offered == owed, text)


def item_keys(keys: list[str], found: Findings) -> None:
    """The keys of items, open or not."""
    found.between("items", len(keys), 1, _ITEMS_MAX)
    found.must(len(set(keys)) == len(keys), "an item is named twice")
    for key in keys:
        found.word("the item", key, "-_")
