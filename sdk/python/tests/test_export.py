"""The path from the contract into a stage and back."""

from datetime import date

import pytest
from stages import Config, Memory, Outcome, Scripted, deciding, scripted, stay

from regua_sdk import (
    ActionKind,
    BadConfig,
    Channel,
    Charge,
    ConfigProblem,
    Custom,
    Decision,
    Fee,
    Hold,
    Message,
    Refusal,
    Stage,
    Unsupported,
    Wake,
)
from regua_sdk.bindings.imports import types as wit
from regua_sdk.testkit import SituationBuilder, ask, check_config, problem_pointers


def raising(error: Exception) -> type[Scripted]:
    def script(*_given: object) -> Decision:
        raise error

    return scripted(script)


def refusal(stage: type[Scripted], config: object = None) -> Refusal:
    with pytest.raises(Refusal) as refused:
        ask(stage, SituationBuilder(), config if config is not None else {})
    return refused.value


def test_exception_becomes_a_refusal_that_says_where() -> None:
    refused = refusal(raising(KeyError("template")))
    assert refused.code == "exception"
    assert refused.text.startswith("KeyError: 'template' (at test_export.py:")
    assert isinstance(refused.__cause__, KeyError)


def test_refusals_of_the_stage_keep_their_kind() -> None:
    other = refusal(raising(Refusal("no-model", "there is no model"))).to_contract()
    assert other == wit.Refusal_Other(wit.Reason("no-model", "there is no model"))
    unsupported = refusal(raising(Unsupported("two currencies"))).to_contract()
    assert unsupported == wit.Refusal_Unsupported("two currencies")
    bad = refusal(raising(BadConfig([ConfigProblem("/a", "no")]))).to_contract()
    assert bad == wit.Refusal_BadConfig([wit.ConfigProblem("/a", "no")])


def test_refusal_keeps_to_the_contracts_bounds_whatever_it_says() -> None:
    long = Refusal("a\nb" * 100, "bell\a and half a pair \ud800 " * 100).to_contract()
    assert isinstance(long, wit.Refusal_Other)
    assert long.value.code == ("a b" * 100)[:64]
    assert len(long.value.text) == 500
    long.value.text.encode()
    problems = [ConfigProblem(f"/list/{'x' * 600}", "no")] * 101
    many = BadConfig(problems).to_contract()
    assert isinstance(many, wit.Refusal_BadConfig)
    assert len(many.value) == 100
    assert many.value[0].pointer == "/list"


def test_config_that_does_not_fit_is_refused_with_its_pointer() -> None:
    refused = refusal(deciding(stay()), {"wait_days": "3", "wait": 1})
    assert isinstance(refused, BadConfig)
    assert [problem.pointer for problem in refused.problems] == ["/wait", "/wait_days"]
    assert problem_pointers(deciding(stay()), {"wait_days": None}) == ["/wait_days"]


def test_check_tells_the_stages_own_problems() -> None:
    class Checked(Scripted):
        @staticmethod
        def problems(config: Config) -> list[ConfigProblem]:
            if config.wait_days == 7:
                raise ZeroDivisionError("oops")
            return [ConfigProblem("/wait_days", "too long")] if config.wait_days > 7 else []

    assert check_config(Checked, {}) == []
    assert check_config(Checked, {"wait_days": 8}) == [ConfigProblem("/wait_days", "too long")]
    (raised,) = check_config(Checked, {"wait_days": 7})
    assert raised.pointer == ""
    assert raised.text.startswith("ZeroDivisionError: oops (at test_export.py:")


def test_memory_comes_back_as_it_was_left() -> None:
    def script(_situation: object, _config: object, memory: Memory) -> Decision:
        return stay().remember(Memory(memory.count + 1, (*memory.seen, "é")))

    stage, situation = scripted(script), SituationBuilder()
    first = ask(stage, situation, {})
    second = ask(stage, situation.memory_bytes(first.record.memory or b""), {})
    assert second.record.memory == '{"count":2,"seen":["é","é"]}'.encode()


def test_memory_that_cannot_be_read_or_written_is_refused() -> None:
    with pytest.raises(Refusal, match="memory-unreadable") as unreadable:
        ask(deciding(stay()), SituationBuilder().memory_bytes(b'{"count":"x"}'), {})
    assert unreadable.value.code == "memory-unreadable"
    assert refusal(deciding(stay().remember(object()))).code == "memory-unwritable"


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (lambda: stay().propose("fee", Fee("i", "late", 1.5)), "a fee is 1.5"),  # type: ignore[arg-type]
        (lambda: stay().propose("fee", Fee("i", "late", 0)), "a fee is 0, which is not 1 to"),
        (lambda: stay().propose("c", Charge(True)), "a charge is True"),
        (lambda: stay().propose("h", Hold("2025-07-01", "x")), "not a datetime.date"),  # type: ignore[arg-type]
        (lambda: stay().propose("m", Message.demand("e mail").template("t")), "of a channel"),  # type: ignore[arg-type]
        (lambda: stay().propose("m", Message.demand(Channel.SMS).template("\ud800")), "UTF-8"),
        (lambda: stay().propose("m", Message("demand", Channel.SMS, "t")), "a Purpose"),  # type: ignore[arg-type]
        (lambda: stay().propose("x", Custom("x", {"a": 1.5})), "cannot be written as JSON"),
        (lambda: stay().propose("x", "note"), "x is 'note', not an action: a Fee"),  # type: ignore[arg-type]
        (lambda: Decision.leave("done"), "not one of the stage's outcomes"),  # type: ignore[arg-type]
        (lambda: None, "not a Decision"),
    ],
)
def test_what_the_boundary_would_trap_on_is_refused_in_words(decision, words) -> None:  # type: ignore[no-untyped-def]
    refused = refusal(scripted(lambda *_given: decision()))
    assert refused.code == "exception"
    assert words in refused.text


def test_decision_becomes_the_contracts() -> None:
    decision = (
        Decision.leave(Outcome.DONE)
        .propose("m", Message.reminder(Channel("fax")).inline("Hi", "Text").var("tone", "kind"))
        .propose("h", Hold(date(2025, 7, 1), "asked for"))
        .because("code", "x" * 600)
    )
    record = ask(deciding(decision), SituationBuilder(), {}).record
    message = wit.Message(
        wit.Purpose.REMINDER,
        wit.Channel_Other("fax"),
        wit.Content_Inline(wit.InlineContent("Hi", "Text")),
        [("tone", "kind")],
    )
    assert record.proposals == [
        wit.Proposal("m", wit.Action_SendMessage(message)),
        wit.Proposal("h", wit.Action_Hold(wit.Hold("asked for", 20_270))),
    ]
    assert record.next == wit.Next_Leave("done")
    assert record.reasons == [wit.Reason("code", "x" * 500)]
    assert record.memory is None


def test_stage_that_lacks_something_is_told_so() -> None:
    with pytest.raises(TypeError, match="the stage Nameless lacks name, version, summary"):

        class Nameless(Stage[None, None]):
            outcomes = Outcome

            def decide(self, *_given: object) -> Decision:
                return Decision.stay(Wake.on_event())

    with pytest.raises(TypeError, match=r"the stage Untyped does not say its types"):

        class Untyped(Stage):  # type: ignore[type-arg]
            name = version = summary = "x"
            proposes = (ActionKind.CHARGE,)
            outcomes = Outcome

            def decide(self, *_given: object) -> Decision:
                return Decision.stay(Wake.on_event())
