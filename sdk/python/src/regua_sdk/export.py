"""The one path from the contract into a stage and back. The component's exports and the
test kit both take it, so that what was tested natively is what the host runs.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from regua_sdk import log
from regua_sdk.bindings.imports import types as wit
from regua_sdk.decision import Decision
from regua_sdk.refusal import BadConfig, ConfigProblem, Misfit, Refusal
from regua_sdk.shape import parse
from regua_sdk.situation import Situation
from regua_sdk.stage import Stage

AnyStage = Stage[Any, Any]

_PLACES_MAX = 12
"""How many of the innermost calls are logged of an exception."""


def describe(stage: AnyStage) -> wit.Manifest:
    """What the stage says of itself."""
    return wit.Manifest(
        name=stage.name,
        version=stage.version,
        summary=stage.summary,
        config_schema=stage.config_schema,
        outcomes=[outcome.value for outcome in stage.outcomes],
        proposes=list(stage.proposes),
        listens=list(stage.listens),
        memory_version=stage.memory_version,
    )


def check_config(stage: AnyStage, config: str) -> list[ConfigProblem]:
    """What is wrong with a config. An exception of the stage's is a problem of the whole."""
    try:
        return list(stage.check(parse(stage.config_shape, config)))
    except (BadConfig, Misfit) as error:
        return error.problems
    except (Exception, SystemExit) as error:
        return [ConfigProblem("", _told(error))]


def decide(
    stage: AnyStage, situation: wit.Situation, config: str
) -> tuple[Decision, wit.Decision]:
    """What the stage decides, as it says it and as the contract has it. Raises `Refusal`,
    whatever the stage raises.
    """
    try:
        decision = _decide(stage, situation, config)
        return decision, decision.to_contract()
    except Refusal:
        raise
    except (Exception, SystemExit) as error:
        raise Refusal("exception", _told(error)) from error


def _decide(stage: AnyStage, situation: wit.Situation, config: str) -> Decision:
    try:
        settings = parse(stage.config_shape, config)
    except Misfit as misfit:
        raise BadConfig(misfit.problems) from misfit
    left = situation.stage.memory
    try:
        memory = parse(stage.memory_shape, left) if left else stage.memory_shape.default()
    except Misfit as misfit:
        raise Refusal("memory-unreadable", str(misfit)) from misfit
    decision = stage.decide(Situation(situation), settings, memory)
    if not isinstance(decision, Decision):
        raise TypeError(f"`decide` returned {decision!r}, which is not a Decision")
    return decision


def _told(error: BaseException) -> str:
    """An exception in one line, with the place; the way there goes to the log."""
    text = f"{type(error).__name__}: {error}"
    places = _places(error.__traceback__)
    for place in places[-_PLACES_MAX:]:
        log.error(f"at {place}")
    log.error(text)
    return f"{text} (at {places[-1]})" if places else text


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = code.co_filename.rpartition("/")[2]
        places.append(f"{file}:{traceback.tb_lineno} in {code.co_qualname}")
        traceback = traceback.tb_next
    return places
