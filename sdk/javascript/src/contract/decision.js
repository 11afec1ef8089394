// The form of what a stage returns, and of what it says of itself.

import { ACTIONS, action, proposalKey } from './action.js';
import {
  date, distinct, integer, line, list, nothing, oneOf, record, text, variant, word,
} from './bounds.js';

const MEMORY_BYTES_MAX = 4 * 1_024;
const SCHEMA_BYTES_MAX = 64 * 1_024;
const DAYS_MAX = 3_660;

const reason = record({ code: line(1, 64), text: text(500) });

const wake = variant({
  'after-minutes': integer(15, DAYS_MAX * 24 * 60),
  'after-days': integer(1, DAYS_MAX),
  'after-business-days': integer(1, DAYS_MAX),
  'on-date': date,
  'on-event': nothing,
});

const refusal = variant({
  'bad-config': list(problemOf, 0, 100),
  unsupported: text(500),
  other: reason,
});

const manifest = record({
  name: word('-'),
  version(value, where, found) {
    const form = /^\d{1,10}\.\d{1,10}\.\d{1,10}(?:[-+][0-9A-Za-z.+-]+)?$/;
    line(5, 64)(value, where, found);
    if (!form.test(value)) found.push(`${where} is ${value}, not a semantic version`);
  },
  summary: line(0, 200),
  configSchema: text(SCHEMA_BYTES_MAX, { unit: 'bytes' }),
  outcomes: distinct(outcome, 1, 32),
  proposes: distinct(oneOf(Object.keys(ACTIONS)), 0, Object.keys(ACTIONS).length),
  listens: distinct(word('-.'), 0, 64),
  memoryVersion: integer(0, 2 ** 32 - 1),
});

function outcome(value, where, found) {
  word('-')(value, where, found);
  if (value === 'paid' || value === 'skipped') found.push(`${where} is ${value}, the host's own`);
}

function problemOf(problem, where, found) {
  record({ pointer: line(0, 500), text: text(500) })(problem, where, found);
  if (!/^(\/|$)/.test(problem?.pointer)) {
    found.push(`${where}.pointer is ${problem?.pointer}, not a JSON pointer`);
  }
}

/**
 * What of a decision's form breaks the contract, in words; nothing of the situation is asked.
 * @param decision the contract's record
 * @param manifest of the stage that made it
 * @returns {string[]} empty where it is sound
 */
export function decisionFindings(decision, { outcomes, proposes }) {
  const found = [];
  const next = variant({ stay: wake, leave: oneOf(outcomes) });
  next(decision.next, 'next', found);
  list(reason, 0, 16)(decision.reasons, 'reasons', found);
  distinct(() => {}, 0, 32, ({ key }) => key)(decision.proposals, 'proposals', found);
  if (decision.memory?.length > MEMORY_BYTES_MAX) {
    found.push(`memory has ${decision.memory.length} bytes where ${MEMORY_BYTES_MAX} are allowed`);
  }
  for (const proposal of decision.proposals) {
    proposalKey(proposal.key, 'the key of a proposal', found);
    action(proposal.action, proposal.key, found);
    const kind = proposal.action?.tag;
    if (kind in ACTIONS && !proposes.includes(kind)) {
      found.push(`${proposal.key}: ${kind} is not among what the stage proposes`);
    }
  }
  return found;
}

const findingsBy = (check, where) => (value) => {
  const found = [];
  check(value, where, found);
  return found;
};

/** What of a refusal breaks the contract, in words. */
export const refusalFindings = findingsBy(refusal, 'the refusal');

/** What of the problems found in a config breaks the contract, in words. */
export const problemFindings = findingsBy(list(problemOf, 0, 100), 'the problems');

/** What of a manifest breaks the contract, in words. */
export const manifestFindings = findingsBy(manifest, '');
