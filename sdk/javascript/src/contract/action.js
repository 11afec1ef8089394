// The form of each action.

import {
  amount, boolean, date, distinct, integer, line, list, nothing, oneOf, optional, record, reference,
  show, text, variant, word,
} from './bounds.js';

const KIB = 1_024;
const bytes = (most) => text(most, { unit: 'bytes' });

const itemKey = word('-_');
const items = distinct(itemKey, 1, 200);
const dottedName = word('-.');
export const proposalKey = word('-.:');

const NAMED_CHANNELS = ['email', 'sms', 'whatsapp', 'letter', 'phone'];
const otherName = word('-', 32);

const channel = variant({
  ...Object.fromEntries(NAMED_CHANNELS.map((name) => [name, nothing])),
  other(name, where, found) {
    otherName(name, where, found);
    if (NAMED_CHANNELS.includes(name)) found.push(`${where} is ${name}, which has its own case`);
  },
});

function variable(entry, where, found) {
  const [name, value] = Array.isArray(entry) ? entry : [];
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) {
    found.push(`${where} has a name that is not a letter and up to 63 letters, digits and _`);
  }
  bytes(KIB)(value, `${where}, ${name},`, found);
}

const message = record({
  purpose: oneOf(['reminder', 'demand', 'legal-notice', 'offer', 'confirmation']),
  channel,
  content: variant({
    template: reference,
    inline: record({ subject: line(0, 200), body: bytes(8 * KIB) }),
  }),
  variables: distinct(variable, 0, 16, ([name]) => name),
});

function json(value, where, found) {
  bytes(16 * KIB)(value, where, found);
  try {
    JSON.parse(value);
  } catch {
    found.push(`${where} is not one JSON value`);
  }
}

function instalments(value, where, found) {
  list(record({ dueOn: date, amount }), 1, 60)(value, where, found);
  const isForward = Array.from(value ?? [])
    .every((one, at, all) => at === 0 || all[at - 1].dueOn < one.dueOn);
  if (!isForward) found.push(`${where}: one is not due after the one before it`);
}

/** By the kind of action, which is its tag. */
export const ACTIONS = {
  'send-message': message,
  charge: record({
    amount: optional(amount),
    method: optional(reference),
    on: optional(date),
  }),
  'add-fee': record({ kind: dottedName, item: itemKey, occurrence: dottedName, amount }),
  'add-interest': record({ terms: reference, item: itemKey, until: date }),
  'offer-discount': record({ items, basisPoints: integer(1, 10_000), validUntil: date }),
  'offer-plan': record({
    items,
    plans: list(record({ instalments, waiveFees: boolean }), 1, 3),
    validUntil: date,
  }),
  'open-task': record({
    title: line(1, 200),
    details: bytes(4 * KIB),
    dueOn: date,
    team: reference,
    priority: integer(0, 9),
    draft: optional(message),
  }),
  'notify-team': record({ team: reference, text: bytes(4 * KIB) }),
  'change-service': record({
    contract: reference,
    change: oneOf(['restrict', 'suspend', 'restore', 'terminate']),
  }),
  'place-with-agency': record({
    agency: reference,
    items,
    commissionBps: integer(0, 10_000),
    termDays: integer(1, 3_660),
  }),
  'recall-placement': record({ placement: proposalKey, items, reason: text(500) }),
  hold: record({ reason: text(500), until: date }),
  'write-off': record({ items, reason: text(500) }),
  'add-note': bytes(4 * KIB),
  custom: record({ name: dottedName, json }),
};

const ofKind = variant(ACTIONS);

export function action(value, where, found) {
  if (typeof value?.tag === 'string') {
    ofKind(value, where, found);
    return;
  }
  const what = String(value) === '[object Object]' ? 'an object without a tag' : show(value);
  found.push(`${where} is ${what}, not an action: { tag: 'add-fee', val: { … } }, as ` +
    'actions.fee({ … }) makes it, or a Message');
}
