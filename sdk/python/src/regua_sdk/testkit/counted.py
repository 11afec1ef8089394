"""What of a balance follows from its items and covers."""

from __future__ import annotations

from regua_sdk.bindings.imports import types as wit
from regua_sdk.kinds import CoverKind, Disposition, ItemKind

CHARGES = (ItemKind.LATE_FEE, ItemKind.INTEREST)
"""Kinds that do not begin an arrear of their own."""


def counted(situation: wit.Situation) -> wit.Situation:
    """The situation with sums, anchor, days overdue and the order of its lists."""
    today, balance = situation.now.local_date, situation.balance
    balance.items.sort(key=lambda item: (item.due_on, item.key))
    for item in balance.items:
        item.days_overdue = today - item.due_on
        item.chaseable = item.outstanding
    for cover in balance.covers:
        cover.amount = _taken(cover, balance.items)
    for item in balance.items:
        if item.disposition is Disposition.PLACED:
            item.chaseable = 0
    late = [item for item in balance.items if item.days_overdue > 0]
    coming = [item for item in balance.items if item.days_overdue <= 0]
    balance.outstanding = sum(item.outstanding for item in balance.items)
    balance.past_due = sum(item.outstanding for item in late)
    balance.chaseable = sum(item.chaseable for item in late)
    anchors = [i.due_on for i in late if i.chaseable > 0 and i.kind not in CHARGES]
    balance.anchor = anchors[0] if anchors else None
    counts_from = balance.anchor
    if counts_from is None and balance.past_due == 0 and coming:
        counts_from = coming[0].due_on
    balance.days_overdue = 0 if counts_from is None else today - counts_from
    balance.covers.sort(key=lambda cover: (cover.subject, cover.kind.value))
    return situation


def _taken(cover: wit.Cover, items: list[wit.OpenItem]) -> int:
    """Takes a cover off what may be chased of its items, the oldest first, and gives how much
    that was. A hold takes all there is.
    """
    is_hold, taken = cover.kind is CoverKind.HOLD, 0
    for item in items:
        if cover.subject in ("", item.key):
            part = item.chaseable if is_hold else min(cover.amount - taken, item.chaseable)
            item.chaseable -= part
            taken += part
    return taken
