"""Tests of a stage without wasm and without a host: build a situation, ask the stage through
the very path its component takes, and look at what it answered.

    situation = SituationBuilder().invoice("inv-1", 12_000, 3)
    ask(MyStage, situation, {"template": "late"}).assert_leaves("sent")
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from regua_sdk import export
from regua_sdk.bindings.imports import types as wit
from regua_sdk.export import AnyStage
from regua_sdk.refusal import ConfigProblem, Refusal, problems_to_contract
from regua_sdk.testkit.answer import Answer
from regua_sdk.testkit.bounds import (
    decision_violations,
    manifest_violations,
    problem_violations,
    refusal_violations,
)
from regua_sdk.testkit.builder import SituationBuilder
from regua_sdk.testkit.letters import assert_letters
from regua_sdk.testkit.parts import (
    BUILDER_TODAY,
    EffectBuilder,
    EventBuilder,
    ItemBuilder,
    VerdictBuilder,
)

__all__ = [
    "BUILDER_TODAY",
    "Answer",
    "EffectBuilder",
    "EventBuilder",
    "ItemBuilder",
    "SituationBuilder",
    "VerdictBuilder",
    "ask",
    "assert_letters",
    "assert_manifest_is_sound",
    "check_config",
    "config_schema",
    "problem_pointers",
]


def ask(stage: type[AnyStage], situation: SituationBuilder, config: object) -> Answer:
    """Asks a stage as the host does: the config goes through its text, and a decision that
    breaks the contract's bounds, which the host would take for a plugin failure, fails the
    test. Raises `Refusal`; what the stage itself raised is that one's cause.
    """
    instance, record = stage(), situation.record()
    given = deepcopy(record)
    try:
        decision, record_of_decision = export.decide(instance, record, _canonical(config))
    except Refusal as refusal:
        _assert_sound(refusal_violations(refusal.to_contract()), refusal)
        raise
    assert record == given, "the stage changed the situation"
    manifest = export.describe(instance)
    violations = decision_violations(record_of_decision, given, manifest)
    _assert_sound(violations, decision)
    return Answer(decision, record_of_decision, given)


def check_config(stage: type[AnyStage], config: object) -> list[ConfigProblem]:
    """What the stage finds wrong with a config when a workflow is published."""
    problems = export.check_config(stage(), _canonical(config))
    _assert_sound(problem_violations(problems_to_contract(problems)), problems)
    return problems


def problem_pointers(stage: type[AnyStage], config: object) -> list[str]:
    """Where in a config those problems are."""
    return [problem.pointer for problem in check_config(stage, config)]


def config_schema(stage: type[AnyStage]) -> dict[str, Any]:
    """The JSON Schema that the stage's manifest carries."""
    schema: dict[str, Any] = json.loads(_manifest(stage).config_schema)
    return schema


def assert_manifest_is_sound(stage: type[AnyStage]) -> None:
    """Fails where the manifest breaks the contract's bounds."""
    manifest = _manifest(stage)
    _assert_sound(manifest_violations(manifest), manifest)


def _manifest(stage: type[AnyStage]) -> wit.Manifest:
    return export.describe(stage())


def _canonical(config: object) -> str:
    """As the host hands it over: sorted names, no white space."""
    return json.dumps(config, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _assert_sound(violations: list[str], given: object) -> None:
    told = "\n".join(violations)
    assert not violations, f"this breaks the contract:\n{told}\n{given!r}"
