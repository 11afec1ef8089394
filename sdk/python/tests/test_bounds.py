"""The test kit holds a decision against the contract's bounds."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from stages import Outcome, Scripted, deciding, stay

from regua_sdk import (
    ActionKind,
    Channel,
    Charge,
    Custom,
    Decision,
    Discount,
    EffectState,
    Hold,
    Message,
    Note,
    Notice,
    Placement,
    Plan,
    PlanOffer,
    Recall,
    Service,
    ServiceChange,
    Task,
    Wake,
    WriteOff,
)
from regua_sdk.decision.action import Action
from regua_sdk.testkit import (
    BUILDER_TODAY,
    EffectBuilder,
    SituationBuilder,
    ask,
    assert_manifest_is_sound,
)
from regua_sdk.testkit.bounds.manifest import EVENTS

CONTRACT = Path(__file__).parents[3] / "wit" / "v1" / "stage.wit"
SITUATION = SituationBuilder().invoice("i-1", 9_000, 3).invoice("i-2", 1_000, 2)


def day(ahead: int) -> date:
    return BUILDER_TODAY + timedelta(days=ahead)


def plan(*amounts: int) -> Plan:
    return Plan([(day(10 * (index + 1)), amount) for index, amount in enumerate(amounts)])


def inline(body: str) -> Message:
    return Message.demand(Channel.EMAIL).inline("Hello", body)


SOUND: list[Action] = [
    inline("Pay here: {{ links.pay }} . Or call us. E.g. tomorrow, for 1.50"),
    Message.offer(Channel("fax")).template("t").var("tone", "kind"),
    PlanOffer(["i-1", "i-2"], [plan(5_000, 5_000), plan(10_000)], day(5)),
    Discount(500, ["i-1"], day(1)),
    Task("north", "Call", day(0), priority=9, draft=inline("Hello")),
    Notice("north", "Look"),
    Note("Looked"),
    Custom("seen", {"on": day(0), "items": ("i-1",)}),
    Service("C-1", ServiceChange.SUSPEND),
    Placement("agency", ["i-1"], 0, 90),
    Recall("place", ["paid-1"], "paid"),
    Hold(day(365), "asked"),
    WriteOff(["i-2"], "small"),
    Charge(),
]

BROKEN: list[tuple[Action, str]] = [
    (inline("see pay.example.com"), "the body has a web address"),
    (inline("mailto:a"), "the body has a web address"),
    (inline("x" * 8_193), "more than 8192 bytes"),
    (Message.demand(Channel.SMS).template(""), "the template is too short"),
    (Message.demand(Channel.SMS).template("t").var("1st", "x"), "the variable '1st' is not"),
    (Message.demand(Channel.SMS).template("t").var("a", "x").var("a", "y"), "comes twice"),
    (PlanOffer(["i-1"], [plan(4_000, 4_000)], day(5)), "add up to 8000 where 9000"),
    (PlanOffer(["i-1"], [], day(5)), "0 plans where 1 to 3"),
    (PlanOffer(["i-1"], [Plan([(day(3), 4_000), (day(3), 5_000)])], day(5)), "not due after"),
    (Discount(1, ["i-9"], day(1)), "'i-9' is not an item of the situation"),
    (Discount(1, ["i-1", "i-1"], day(1)), "an item is named twice"),
    (Task("north", "two\nlines", day(0)), "the title is not one line"),
    (Task("north", "Call", day(-1)), "which is not 0 to 3660 days ahead"),
    (Hold(day(0), "x"), "which is not 1 to 3660 days ahead"),
    (Hold(day(1), "bell\a"), "a control character"),
    (WriteOff([], "x"), "0 items where 1 to 200"),
    (Custom("Seen", 1), "the name 'Seen' is not 1 to 64 characters"),
    (Note("x" * 4_097), "more than 4096 bytes"),
]


@pytest.mark.parametrize("action", SOUND, ids=lambda action: type(action).__name__)
def test_sound_action_passes(action: Action) -> None:
    ask(deciding(stay().propose("a", action)), SITUATION, {}).assert_proposes("a")


@pytest.mark.parametrize(("action", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_broken_bound_fails_the_test_in_words(action: Action, words: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(words)):
        ask(deciding(stay().propose("a", action)), SITUATION, {})


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (stay().propose("a", Note("")).propose("a", Note("")), "the key comes twice"),
        (stay().propose("A", Note("")), "the key 'A' is not"),
        (stay().because("", "x"), "a code is too short"),
        (stay().remember({"a": "x" * 5_000}), "bytes of memory where 4096"),
        (Decision.stay(Wake.on(day(0))), "the wake-up is 0 days ahead"),
        (Decision(Outcome.DONE).propose("k" * 65, Note("")), "not 1 to 64 characters"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_broken_decision_fails_the_test_in_words(decision: Decision, words: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(words)):
        ask(deciding(decision), SITUATION, {})


def test_action_that_the_manifest_does_not_name_fails_the_test() -> None:
    class Silent(deciding(stay().propose("a", Note("")))):  # type: ignore[misc]
        proposes = ()

    with pytest.raises(AssertionError, match="add-note is not in the manifest"):
        ask(Silent, SITUATION, {})


def test_key_that_is_done_need_not_fit_but_keeps_its_kind() -> None:
    done = SITUATION.effect(EffectBuilder("a", ActionKind.HOLD, EffectState.DONE))
    ask(deciding(stay().propose("a", Hold(day(-9), "old"))), done, {})
    with pytest.raises(AssertionError, match="add-note under a key that was done as hold"):
        ask(deciding(stay().propose("a", Note(""))), done, {})


def test_manifest_out_of_bounds_fails_the_test() -> None:
    assert_manifest_is_sound(Scripted)

    class Loud(Scripted):
        name = "Loud"
        version = "1.0"
        listens = ("payment.recieved", "replied", "replied")

    with pytest.raises(AssertionError) as failure:
        assert_manifest_is_sound(Loud)
    told = str(failure.value)
    for words in ("the name 'Loud'", "'1.0' is not a semantic", "recieved", "named twice"):
        assert words in told


def test_the_register_of_events_is_the_contracts() -> None:
    text = CONTRACT.read_text()
    start = text.index("`kind` is from an open register. Subjects")
    words = re.split(r"[\s(),:;]+", text[start : text.index("record event {", start)])
    words = [word.rstrip(".") for word in words]
    told = {w for w in words if w == "replied" or ("." in w and "`" not in w)}
    assert told == EVENTS
