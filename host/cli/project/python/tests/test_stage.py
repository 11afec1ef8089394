"""The stage without WebAssembly and without a host, by the path that its component takes."""

from regua_sdk import Channel
from regua_sdk.testkit import (
    Answer,
    SituationBuilder,
    VerdictBuilder,
    ask,
    assert_manifest_is_sound,
    problem_pointers,
)

from stage import FriendlyNote


def asked(situation: SituationBuilder) -> Answer:
    return ask(FriendlyNote, situation, {"template": "friendly-note"})


def one_day_late() -> SituationBuilder:
    return SituationBuilder().invoice("inv-1", 12_000, 1)


def test_manifest_is_sound() -> None:
    assert_manifest_is_sound(FriendlyNote)


def test_a_customer_with_an_e_mail_gets_one_note() -> None:
    answer = asked(one_day_late()).assert_leaves("sent").assert_proposes("note:email")
    answer.assert_because("entered")


def test_a_customer_without_an_e_mail_is_unreachable() -> None:
    asked(one_day_late().reachable(Channel.SMS)).assert_leaves("unreachable").assert_proposes()


def test_a_note_that_the_host_refuses_is_not_proposed_again() -> None:
    refused = VerdictBuilder.refused("note:email", "grant")
    asked(one_day_late().answered(refused)).assert_leaves("unreachable").assert_proposes()


def test_a_config_without_a_template_is_told() -> None:
    assert problem_pointers(FriendlyNote, {}) == [""]
