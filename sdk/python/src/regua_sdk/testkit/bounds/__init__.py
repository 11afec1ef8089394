"""The contract's bounds on what a stage returns. The host enforces them on its own side; here
they fail a test instead of a case. Of web addresses in text the host may know more forms.
"""

from __future__ import annotations

from regua_sdk.bindings.imports import types as wit
from regua_sdk.calendar import HORIZON_DAYS
from regua_sdk.kinds import word
from regua_sdk.testkit.bounds import action as action_bounds
from regua_sdk.testkit.bounds.findings import KIB, TEXT_CHARS_MAX, Findings
from regua_sdk.testkit.bounds.fit import Fit, done_as
from regua_sdk.testkit.bounds.manifest import manifest_violations

__all__ = [
    "decision_violations",
    "manifest_violations",
    "problem_violations",
    "refusal_violations",
]


def decision_violations(
    decision: wit.Decision, situation: wit.Situation, manifest: wit.Manifest
) -> list[str]:
    """Every bound that a decision breaks, in words."""
    found = Findings("the decision")
    found.at_most("proposals", len(decision.proposals), 32)
    found.at_most("reasons", len(decision.reasons), 16)
    found.at_most("bytes of memory", len(decision.memory or b""), 4 * KIB)
    for reason in decision.reasons:
        _check_reason(reason, found)
    _check_next(decision.next, situation.now.local_date, manifest, found)
    keys: set[str] = set()
    for proposal in decision.proposals:
        key, kind = proposal.key, action_bounds.KINDS[type(proposal.action)]
        own = found.of(key)
        own.word("the key", key, "-.:")
        own.must(key not in keys, "the key comes twice")
        keys.add(key)
        own.must(kind in manifest.proposes, f"{word(kind)} is not in the manifest")
        done = done_as(key, situation)
        if done is not None:
            text = f"{word(kind)} under a key that was done as {word(done)}"
            own.must(done is kind, text)
        fit = Fit(situation if done is None else None)
        action_bounds.check(proposal.action, fit, own)
    return found.list


def refusal_violations(refusal: wit.Refusal) -> list[str]:
    """The same of a refusal."""
    found = Findings("the refusal")
    match refusal:
        case wit.Refusal_BadConfig(value=problems):
            return problem_violations(problems)
        case wit.Refusal_Unsupported(value=text):
            found.text("the text", text, TEXT_CHARS_MAX)
        case wit.Refusal_Other(value=reason):
            _check_reason(reason, found)
    return found.list


def problem_violations(problems: list[wit.ConfigProblem]) -> list[str]:
    """The same of the problems found in a config."""
    found = Findings("the problems")
    found.at_most("problems", len(problems), 100)
    for problem in problems:
        pointer = problem.pointer
        found.line("a pointer", pointer, 0, TEXT_CHARS_MAX)
        is_pointer = pointer == "" or pointer.startswith("/")
        found.must(is_pointer, f"{pointer!r} is no JSON pointer")
        found.text("a text", problem.text, TEXT_CHARS_MAX)
    return found.list


def _check_reason(reason: wit.Reason, found: Findings) -> None:
    found.line("a code", reason.code, 1, 64)
    found.text("the text of a reason", reason.text, TEXT_CHARS_MAX)


def _check_next(onwards: wit.Next, today: int, manifest: wit.Manifest, found: Findings) -> None:
    # What a wake-up counts is bounded when it is made.
    match onwards:
        case wit.Next_Leave(value=outcome):
            is_known = outcome in manifest.outcomes
            found.must(is_known, f"the outcome {outcome!r} is not in the manifest")
        case wit.Next_Stay(value=wit.Wake_OnDate(value=day)):
            is_ahead = 1 <= day - today <= HORIZON_DAYS
            text = f"the wake-up is {day - today} days ahead, which is not 1 to {HORIZON_DAYS}"
            found.must(is_ahead, text)
