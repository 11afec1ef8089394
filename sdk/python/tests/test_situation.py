"""What a stage sees, and how tests build it."""

from datetime import date, timedelta

from regua_sdk import (
    ActionKind,
    Answered,
    Attempt,
    Channel,
    CoverKind,
    EffectState,
    Entered,
    Event,
    ItemKind,
    Ruling,
    Woken,
)
from regua_sdk.testkit import (
    BUILDER_TODAY,
    EffectBuilder,
    EventBuilder,
    ItemBuilder,
    SituationBuilder,
    VerdictBuilder,
)


def day(ahead: int) -> date:
    return BUILDER_TODAY + timedelta(days=ahead)


def test_sums_follow_from_items_and_covers() -> None:
    balance = (
        SituationBuilder()
        .invoice("b", 5_000, 3)
        .invoice("a", 3_000, 10)
        .item(ItemBuilder.invoice("fee", 200).overdue(12).charged_on("a", ItemKind.LATE_FEE))
        .item(ItemBuilder.invoice("gone", 900).overdue(20).placed())
        .invoice("next", 7_000, -4)
        .cover("a", CoverKind.DISPUTE, 1_000)
        .build()
        .balance
    )
    assert [item.key for item in balance.items] == ["gone", "fee", "a", "b", "next"]
    assert (balance.outstanding, balance.past_due, balance.chaseable) == (16_100, 9_100, 7_200)
    assert (balance.anchor, balance.days_overdue) == (day(-10), 10)
    assert balance.items.past_due().invoices().chaseable().total_chaseable() == 7_000
    assert balance.items.coming_due().total_outstanding() == 7_000
    assert [item.key for item in balance.items.placed()] == ["gone"]
    assert balance.display(7_200) == "72.00 BRL"


def test_hold_covers_all_there_is() -> None:
    held = SituationBuilder().invoice("a", 3_000, 1).cover("", CoverKind.HOLD, 0, day(4))
    balance = held.build().balance
    assert (balance.chaseable, balance.anchor) == (0, None)
    assert balance.covers[0].amount == 3_000
    assert balance.covers[0].item_key is None
    assert balance.next_change_after(BUILDER_TODAY) == day(5)


def test_next_change_is_the_first_within_the_days_that_a_decision_may_name() -> None:
    builder = SituationBuilder().invoice("late", 100, 4)
    assert builder.build().balance.next_change_after(BUILDER_TODAY) is None
    today = builder.invoice("today", 100, 0).invoice("next", 100, -2)
    assert today.build().balance.next_change_after(BUILDER_TODAY) == day(1)
    far = builder.cover("late", CoverKind.PROMISE, 1, day(3_660))
    assert far.build().balance.next_change_after(BUILDER_TODAY) is None
    last = builder.cover("late", CoverKind.PROMISE, 1, date.max)
    assert last.build().balance.next_change_after(BUILDER_TODAY) is None


def test_trigger_says_why_the_stage_is_asked() -> None:
    builder = SituationBuilder()
    assert builder.build().trigger == Entered()
    assert isinstance(builder.woken().build().trigger, Woken)
    paid = builder.event(EventBuilder("payment.received", "inv-1", amount=500))
    event = paid.build().event
    assert isinstance(paid.build().trigger, Event)
    assert event is not None
    assert (event.subject, event.amount, event.on) == ("inv-1", 500, BUILDER_TODAY)
    deferred = VerdictBuilder.deferred("a", "quiet-hours", 10**17)
    again = paid.answered(deferred, VerdictBuilder.refused("b", "grant")).build()
    assert isinstance(again.trigger, Answered)
    assert again.event == event
    assert [verdict.key for verdict in again.verdicts.refused()] == ["b"]
    assert again.verdicts.earliest_not_before() == 10**17
    verdict = again.verdicts.of_key("a")
    assert verdict is not None
    assert verdict.ruling is Ruling.DEFERRED
    assert again.stage.calls_before == 2


def test_effects_of_the_visit_are_this_stages_since_it_was_entered() -> None:
    now = SituationBuilder().build().now.at
    builder = SituationBuilder().days_later(3)
    for key, stage, at in (("old", None, now - 1), ("other", "next", None), ("own", None, now)):
        effect = EffectBuilder(key, ActionKind.CHARGE, EffectState.DONE, stage=stage, at=at)
        builder = builder.effect(effect)
    situation = builder.build()
    assert [effect.key for effect in situation.effects] == ["own", "other", "old"]
    assert [effect.key for effect in situation.effects_of_visit] == ["own"]
    assert situation.stage.days == 3
    assert situation.stage.business_days == 2
    assert not situation.now.is_business_day


def test_letters_tell_which_channel_is_left() -> None:
    failed = EffectBuilder.message("notice:email", Channel.EMAIL, EffectState.FAILED)
    builder = SituationBuilder().reachable(Channel.EMAIL, Channel.SMS).effect(failed)
    notice = builder.build().letters("notice")
    assert notice.latest() is Attempt.FAILED
    assert notice.open_channels() == [Channel.SMS]
    assert notice.key(Channel.SMS) == "notice:sms"
    assert notice.has_key("notice:fax")
    assert not notice.has_key("notice")
    refused = builder.answered(VerdictBuilder.refused("notice:sms", "grant")).build()
    assert refused.letters("notice").refused() == (Channel.SMS, "grant")
    assert refused.letters("notice").open_channels() == []
    assert builder.build().letters("other").latest() is None


def test_bounce_that_the_call_is_about_is_a_failure() -> None:
    sent = EffectBuilder.message("notice:email", Channel.EMAIL, EffectState.DONE)
    builder = SituationBuilder().effect(sent)
    assert builder.build().letters("notice").latest() is Attempt.SENT
    bounced = builder.event(EventBuilder("message.bounced", "notice:email")).build()
    assert bounced.letters("notice").latest() is Attempt.FAILED
    late = EffectBuilder.message("n:sms", Channel.SMS, EffectState.CONFIRMED, code="bounced")
    assert SituationBuilder().effect(late).build().letters("n").latest() is Attempt.FAILED


def test_customer_and_history_are_read() -> None:
    situation = (
        SituationBuilder()
        .living_in("de-DE", "DE-BE")
        .segment("b")
        .segment("a")
        .attribute("tier", "gold")
        .method("m-1", "card")
        .method("m-2", "pix")
        .score(700)
        .history(invoices_paid=9, invoices_paid_late=2)
        .build()
    )
    customer = situation.customer
    assert (customer.country, customer.segments) == ("DE", ("a", "b"))
    assert customer.attributes["tier"] == "gold"
    assert customer.default_method is customer.methods[0]
    assert situation.score is not None
    assert situation.score.permille == 700
    assert situation.history.invoices_paid_late == 2
    assert situation.history.contacts(Channel.SMS).total == 0
