"""The bounds of what a stage says of itself."""

from __future__ import annotations

import re

from regua_sdk.bindings.imports import types as wit
from regua_sdk.kinds import word
from regua_sdk.testkit.bounds.findings import KIB, Findings

EVENTS = frozenset(
    [
        "contact.opted-in",
        "contact.opted-out",
        "dispute.lapsed",
        "dispute.opened",
        "dispute.resolved",
        "effect.cancelled",
        "effect.confirmed",
        "effect.failed",
        "hold.ended",
        "hold.lifted",
        "hold.placed",
        "invoice.bounced",
        "invoice.delivered",
        "invoice.opened",
        "invoice.sent",
        "item.added",
        "item.credited",
        "item.voided",
        "message.bounced",
        "message.delivered",
        "message.opened",
        "offer.accepted",
        "offer.declined",
        "offer.expired",
        "payment.failed",
        "payment.lapsed",
        "payment.pending",
        "payment.received",
        "payment.reversed",
        "placement.remitted",
        "placement.returned",
        "plan.broken",
        "plan.completed",
        "promise.broken",
        "promise.kept",
        "promise.made",
        "replied",
        "task.completed",
    ]
)
"""The contract's register of event kinds. It is open: a later host may tell others, and a
later SDK knows them. Until then a kind that is not here is a slip of the pen."""

_HOST_OUTCOMES = ("paid", "skipped")
_VERSION = re.compile(r"[0-9]{1,10}\.[0-9]{1,10}\.[0-9]{1,10}([-+][0-9A-Za-z.+-]+)?")


def manifest_violations(manifest: wit.Manifest) -> list[str]:
    """Every bound that a manifest breaks, in words; and what it listens to and nobody tells."""
    found = Findings("the manifest")
    found.word("the name", manifest.name, "-")
    version = manifest.version
    is_version = len(version) <= 64 and _VERSION.fullmatch(version) is not None
    found.must(is_version, f"the version {version!r} is not a semantic version")
    found.line("the summary", manifest.summary, 0, 200)
    found.at_most("bytes of schema", len(manifest.config_schema.encode()), 64 * KIB)
    is_object = manifest.config_schema.startswith("{")
    found.must(is_object, "the schema of the config is not a JSON object")
    found.between("outcomes", len(manifest.outcomes), 1, 32)
    for outcome in manifest.outcomes:
        found.word("the outcome", outcome, "-")
        is_own = outcome not in _HOST_OUTCOMES
        found.must(is_own, f"the outcome {outcome!r} is the host's own")
    found.at_most("kinds of events", len(manifest.listens), 64)
    for kind in manifest.listens:
        text = f"{kind!r} is a kind of event that the contract does not know"
        found.must(kind in EVENTS, text)
    for what, names in (
        ("an outcome", manifest.outcomes),
        ("a kind of event", manifest.listens),
        ("a kind of action", [word(kind) for kind in manifest.proposes]),
    ):
        found.must(len(set(names)) == len(names), f"{what} is named twice")
    return found.list
