"""Every branch of the stage, through the same path as its component: the tests of the plugin
that it is a port of.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from first_day_late import FirstDayLate

from regua_sdk import BadConfig, Channel, CoverKind, EffectState, Message, Wake
from regua_sdk.testkit import (
    BUILDER_TODAY,
    Answer,
    EffectBuilder,
    EventBuilder,
    SituationBuilder,
    VerdictBuilder,
    ask,
    assert_letters,
    assert_manifest_is_sound,
    config_schema,
    problem_pointers,
)

PLUGIN = Path(__file__).parents[4] / "plugins" / "first-day-late-email"
CONFIG = {"template": "first-day-late", "minimum": {"BRL": "20.00"}}
REFUSED = VerdictBuilder.refused("demand:email", "grant")


def asked(situation: SituationBuilder) -> Answer:
    return ask(FirstDayLate, situation, CONFIG)


def one_day_late() -> SituationBuilder:
    late = SituationBuilder().invoice("inv-1", 12_000, 1)
    return late.reachable(Channel.EMAIL, Channel.SMS)


def test_manifest_is_sound() -> None:
    assert_manifest_is_sound(FirstDayLate)


def test_config_schema_is_the_plugins() -> None:
    schema = json.loads((PLUGIN / "config.schema.json").read_text())
    assert config_schema(FirstDayLate) == schema


def test_late_customer_gets_one_demand_for_the_whole_balance() -> None:
    situation = one_day_late().invoice("inv-2", 3_000, 1).invoice("inv-3", 9_900, -5)
    answer = asked(situation).assert_leaves("sent").assert_proposes("demand:email")
    answer.assert_because(
        "late", "1 days overdue, 150.00 BRL may be chased; email is the first channel left"
    )
    demand = Message.demand(Channel.EMAIL).template("first-day-late")
    assert answer.action("demand:email", Message) == demand


def test_customers_preferred_channel_comes_first() -> None:
    situation = one_day_late().reachable(Channel.WHATSAPP, Channel.EMAIL)
    asked(situation).assert_leaves("sent").assert_proposes("demand:whatsapp")


def test_channel_that_the_tenant_does_not_allow_is_passed_over() -> None:
    situation = one_day_late().reachable(Channel.LETTER, Channel.SMS, Channel.EMAIL)
    asked(situation).assert_proposes("demand:sms")
    only_email = {"template": "first-day-late", "channels": ["email"]}
    ask(FirstDayLate, situation, only_email).assert_proposes("demand:email")


def test_customer_without_a_channel_is_unreachable() -> None:
    asked(one_day_late().reachable()).assert_leaves("unreachable").assert_proposes()


def test_balance_below_the_minimum_waits_for_the_next_item_to_be_late() -> None:
    situation = SituationBuilder().invoice("inv-1", 1_999, 1).invoice("inv-2", 5_000, -4)
    answer = asked(situation).assert_stays(Wake.on(BUILDER_TODAY + timedelta(days=5)))
    answer.assert_proposes().assert_because(
        "below-minimum", "19.99 BRL may be chased, and letters start at 20.00 BRL"
    )


def test_balance_at_the_minimum_is_worth_a_letter() -> None:
    asked(SituationBuilder().invoice("inv-1", 2_000, 1)).assert_leaves("sent")


def test_minimum_of_another_currency_does_not_count() -> None:
    yen = SituationBuilder().currency("JPY", 0).invoice("inv-1", 1, 1)
    asked(yen).assert_leaves("sent")


def test_covered_balance_waits_for_the_cover_to_end() -> None:
    until = BUILDER_TODAY + timedelta(days=7)
    promised = one_day_late().cover("inv-1", CoverKind.PROMISE, 12_000, until)
    asked(promised).assert_stays(Wake.on(until + timedelta(days=1))).assert_proposes()


def test_disputed_balance_waits_for_an_event() -> None:
    disputed = one_day_late().cover("inv-1", CoverKind.DISPUTE, 12_000)
    asked(disputed).assert_stays(Wake.on_event()).assert_proposes()


def test_resolved_dispute_brings_the_letter() -> None:
    resolved = one_day_late().event(EventBuilder("dispute.resolved", "inv-1"))
    asked(resolved).assert_leaves("sent").assert_proposes("demand:email")


def test_deferred_demand_is_proposed_unchanged() -> None:
    first = asked(one_day_late())
    morning = one_day_late().build().now.at.plus_minutes(600)
    verdict = VerdictBuilder.deferred("demand:email", "quiet-hours", morning)
    second = asked(one_day_late().answered(verdict)).assert_leaves("sent")
    assert second.decision.proposals == first.decision.proposals


def test_woken_after_a_deferral_the_demand_goes_out() -> None:
    woken = one_day_late().days_later(1).woken()
    asked(woken).assert_leaves("sent").assert_proposes("demand:email")


def test_paid_while_deferred_no_letter_goes_out() -> None:
    asked(SituationBuilder().woken()).assert_stays(Wake.on_event()).assert_proposes()


def test_refused_channel_gives_way_to_the_next() -> None:
    answer = asked(one_day_late().answered(REFUSED))
    answer.assert_leaves("sent").assert_proposes("demand:sms")


def test_last_channel_refused_is_unreachable() -> None:
    situation = one_day_late().reachable(Channel.EMAIL).answered(REFUSED)
    asked(situation).assert_leaves("unreachable").assert_proposes()


def test_failed_channel_gives_way_to_the_next() -> None:
    failed = asked(one_day_late()).then(EffectState.FAILED, "bounced")
    asked(failed.woken()).assert_leaves("sent").assert_proposes("demand:sms")


def test_all_channels_failed_is_unreachable() -> None:
    first = asked(one_day_late()).then(EffectState.FAILED, "bounced")
    second = asked(first.woken()).then(EffectState.FAILED, "no-route")
    asked(second.woken()).assert_leaves("unreachable").assert_proposes()


@pytest.mark.parametrize("state", [EffectState.QUEUED, EffectState.DONE, EffectState.FAILED])
def test_bounce_before_leaving_gives_way_to_the_next(state: EffectState) -> None:
    bounced = EventBuilder("message.bounced", "demand:email")
    situation = asked(one_day_late()).then(state).event(bounced)
    asked(situation).assert_leaves("sent").assert_proposes("demand:sms")


def test_confirmed_bounce_gives_way_to_the_next() -> None:
    confirmed = asked(one_day_late()).then(EffectState.CONFIRMED, "bounced")
    asked(confirmed.woken()).assert_proposes("demand:sms")


def test_cancelled_demand_is_made_again_over_the_same_channel() -> None:
    cancelled = asked(one_day_late()).then(EffectState.CANCELLED, "amount-changed")
    asked(cancelled.woken()).assert_leaves("sent").assert_proposes("demand:email")


def test_second_demand_refused_gives_way_to_the_next_channel() -> None:
    cancelled = asked(one_day_late()).then(EffectState.CANCELLED, "amount-changed")
    asked(cancelled.answered(REFUSED)).assert_proposes("demand:sms")


def test_demand_on_its_way_is_not_made_twice() -> None:
    queued = asked(one_day_late()).then(EffectState.QUEUED)
    answer = asked(queued.event(EventBuilder("item.added", "inv-2")))
    answer.assert_stays(Wake.after_minutes(60)).assert_proposes().assert_because("in-flight")


def test_demand_handed_over_leaves_without_another() -> None:
    done = asked(one_day_late()).then(EffectState.DONE)
    answer = asked(done.woken()).assert_leaves("sent").assert_proposes()
    answer.assert_because("already-sent", "the demand of this visit was handed over")


def test_demand_of_an_earlier_visit_or_another_stage_does_not_count() -> None:
    earlier = one_day_late().build().now.at.plus_minutes(-60)
    key, email = "demand:email", Channel.EMAIL
    situation = (
        one_day_late()
        .visits_before(1)
        .effect(EffectBuilder.message(key, email, EffectState.DONE, at=earlier))
        .effect(EffectBuilder.message(key, email, EffectState.FAILED, stage="escalate"))
    )
    asked(situation).assert_leaves("sent").assert_proposes("demand:email")


@pytest.mark.parametrize(
    ("config", "pointers"),
    [
        (CONFIG, []),
        ({}, [""]),
        ({"template": 7}, ["/template"]),
        ({"template": "a", "channels": []}, ["/channels"]),
        ({"template": "a", "channels": ["sms", "e mail"]}, ["/channels/1"]),
        ({"template": "a", "minimum": {"BRL": "5,00"}}, ["/minimum/BRL"]),
        ({"template": "a", "minimun": {}}, ["/minimun"]),
    ],
)
def test_config_that_cannot_work_is_told_with_its_pointer(
    config: object, pointers: list[str]
) -> None:
    assert problem_pointers(FirstDayLate, config) == pointers


def test_minimum_finer_than_the_currency_is_refused() -> None:
    config = {"template": "a", "minimum": {"BRL": "5.005"}}
    with pytest.raises(BadConfig, match="more digits than the currency"):
        ask(FirstDayLate, one_day_late(), config)


def test_the_letter_says_the_same_in_both_languages_and_has_a_way_to_pay() -> None:
    sources = [path.read_text() for path in sorted((PLUGIN / "templates").iterdir())]
    assert len(sources) == 2
    assert_letters("first-day-late", sources, ["links.pay"])
