"""The bounds of each action. What is bounded by its type, amounts and shares, was held against
that when it was made.
"""

from __future__ import annotations

from itertools import pairwise

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import HORIZON_DAYS
from regua_sdk.kinds import ActionKind
from regua_sdk.testkit.bounds import message
from regua_sdk.testkit.bounds.findings import KIB, TEXT_CHARS_MAX, Findings
from regua_sdk.testkit.bounds.fit import Fit, item_keys

KINDS: dict[type, ActionKind] = {
    wit.Action_SendMessage: ActionKind.SEND_MESSAGE,
    wit.Action_Charge: ActionKind.CHARGE,
    wit.Action_AddFee: ActionKind.ADD_FEE,
    wit.Action_AddInterest: ActionKind.ADD_INTEREST,
    wit.Action_OfferDiscount: ActionKind.OFFER_DISCOUNT,
    wit.Action_OfferPlan: ActionKind.OFFER_PLAN,
    wit.Action_OpenTask: ActionKind.OPEN_TASK,
    wit.Action_NotifyTeam: ActionKind.NOTIFY_TEAM,
    wit.Action_ChangeService: ActionKind.CHANGE_SERVICE,
    wit.Action_PlaceWithAgency: ActionKind.PLACE_WITH_AGENCY,
    wit.Action_RecallPlacement: ActionKind.RECALL_PLACEMENT,
    wit.Action_Hold: ActionKind.HOLD,
    wit.Action_WriteOff: ActionKind.WRITE_OFF,
    wit.Action_AddNote: ActionKind.ADD_NOTE,
    wit.Action_Custom: ActionKind.CUSTOM,
}


def check(action: wit.Action, fit: Fit, found: Findings) -> None:
    """Tells every bound that an action breaks."""
    match action:
        case wit.Action_SendMessage(value=given):
            message.check(given, found)
        case wit.Action_OfferDiscount(value=discount):
            fit.items(discount.items, found)
            fit.date("the offer's last day", discount.valid_until, 1, found)
        case wit.Action_OfferPlan(value=offer):
            _check_offer(offer, fit, found)
        case wit.Action_OpenTask(value=task):
            _check_task(task, fit, found)
        case wit.Action_NotifyTeam(value=notice):
            found.reference("the team", notice.team)
            found.bytes("the text", notice.text, 4 * KIB)
        case wit.Action_ChangeService(value=service):
            found.reference("the contract", service.contract)
        case wit.Action_PlaceWithAgency(value=placement):
            found.reference("the agency", placement.agency)
            fit.items(placement.items, found)
        case wit.Action_RecallPlacement(value=recall):
            found.word("the placement", recall.placement, "-.:")
            item_keys(recall.items, found)
            found.text("the reason", recall.reason, TEXT_CHARS_MAX)
        case wit.Action_Hold(value=hold):
            found.text("the reason", hold.reason, TEXT_CHARS_MAX)
            fit.date("its last day", hold.until, 1, found)
        case wit.Action_WriteOff(value=write_off):
            fit.items(write_off.items, found)
            found.text("the reason", write_off.reason, TEXT_CHARS_MAX)
        case wit.Action_AddNote(value=text):
            found.bytes("the note", text, 4 * KIB)
        case wit.Action_Custom(value=custom):
            found.word("the name", custom.name, "-.")
            found.at_most("bytes of JSON", len(custom.json.encode()), 16 * KIB)
        case wit.Action_Charge() | wit.Action_AddFee() | wit.Action_AddInterest():
            _check_charging(action, fit, found)


def _check_charging(
    action: wit.Action_Charge | wit.Action_AddFee | wit.Action_AddInterest,
    fit: Fit,
    found: Findings,
) -> None:
    match action:
        case wit.Action_Charge(value=charge):
            if charge.method is not None:
                fit.method(charge.method, found)
            if charge.on is not None:
                fit.date("its day", charge.on, 0, found)
        case wit.Action_AddFee(value=fee):
            found.word("the kind", fee.kind, "-.")
            found.word("the occurrence", fee.occurrence, "-.")
            fit.item(fee.item, found)
        case wit.Action_AddInterest(value=interest):
            found.reference("the terms", interest.terms)
            fit.item(interest.item, found)
            fit.date("its last day", interest.until, -HORIZON_DAYS, found)


def _check_offer(offer: wit.PlanOffer, fit: Fit, found: Findings) -> None:
    fit.items(offer.items, found)
    fit.date("the offer's last day", offer.valid_until, 1, found)
    found.between("plans", len(offer.plans), 1, 3)
    for plan in offer.plans:
        days = [one.due_on for one in plan.instalments]
        found.between("instalments", len(days), 1, 60)
        for day in days:
            fit.date("an instalment's day", day, 0, found)
        is_forward = all(one < after for one, after in pairwise(days))
        found.must(is_forward, "an instalment is not due after the one before it")
        fit.plan(plan, offer.items, found)


def _check_task(task: wit.Task, fit: Fit, found: Findings) -> None:
    found.line("the title", task.title, 1, 200)
    found.bytes("the details", task.details, 4 * KIB)
    fit.date("its day", task.due_on, 0, found)
    found.reference("the team", task.team)
    if task.draft is not None:
        message.check(task.draft, found)
