// What a decision has to fit: the situation it was made in.

import { format } from '../date.js';
import { addressFindings } from './address.js';

const HORIZON_DAYS = 3_660;

/**
 * What of a decision does not fit its situation, in words; its form is known to be sound. That a
 * word reads as a host, only the host says for sure.
 * @returns {string[]} empty where all fits
 */
export function fitFindings(decision, situation) {
  const found = [];
  const { next } = decision;
  if (next.tag === 'stay' && next.val.tag === 'on-date') {
    ahead('the wake-up', next.val.val, 1, situation, found);
  }
  for (const { key, action } of decision.proposals) {
    const of = (text) => found.push(`${key}: ${text}`);
    if (action.tag === 'send-message') addressFindings(action.val).forEach(of);
    if (action.tag === 'open-task' && action.val.draft) {
      addressFindings(action.val.draft).forEach(of);
    }
    const done = doneAs(key, situation);
    if (done !== undefined) {
      if (done !== action.tag) of(`${action.tag} under a key that was done as ${done}`);
      continue;
    }
    actionFindings(action, situation).forEach(of);
  }
  return found;
}

/** What kind of action a key was done as on this visit, if it was. */
function doneAs(key, { stage, effects }) {
  const isOfVisit = (effect) =>
    effect.key === key && effect.stage === stage.id && effect.at >= stage.entered;
  const isDone = ({ state }) => state !== 'failed' && state !== 'cancelled';
  return effects.find((effect) => isOfVisit(effect) && isDone(effect))?.kind;
}

/** The day that an action names, and from how many days after today on it may be. */
const DAYS = {
  charge: ['on', 0],
  'add-interest': ['until', -HORIZON_DAYS],
  'offer-discount': ['validUntil', 1],
  'offer-plan': ['validUntil', 1],
  'open-task': ['dueOn', 0],
  hold: ['until', 1],
};

const WITH_OPEN_ITEMS = [
  'add-fee', 'add-interest', 'offer-discount', 'offer-plan', 'place-with-agency', 'write-off',
];

function actionFindings({ tag, val }, situation) {
  const found = [];
  const [field, least] = DAYS[tag] ?? [];
  if (field !== undefined && val[field] !== undefined) {
    ahead(field, val[field], least, situation, found);
  }
  if (WITH_OPEN_ITEMS.includes(tag)) {
    const open = new Set(situation.balance.items.map(({ key }) => key));
    for (const key of val.items ?? [val.item]) {
      if (!open.has(key)) found.push(`${key} is not an item of the situation`);
    }
  }
  if (tag === 'charge' && val.method !== undefined) {
    const isKnown = situation.customer.methods.some(({ key }) => key === val.method);
    if (!isKnown) found.push(`${val.method} is not among the customer's methods`);
  }
  if (tag === 'offer-plan') val.plans.forEach((plan) => planFindings(plan, val, situation, found));
  return found;
}

function planFindings(plan, offer, situation, found) {
  const isCharge = ({ kind }) => kind === 'late-fee' || kind === 'interest';
  const owed = situation.balance.items
    .filter((item) => offer.items.includes(item.key) && !(plan.waiveFees && isCharge(item)))
    .reduce((sum, item) => sum + item.chaseable, 0n);
  const offered = plan.instalments.reduce((sum, { amount }) => sum + amount, 0n);
  if (offered !== owed) {
    found.push(`the instalments add up to ${offered} where ${owed} may be chased`);
  }
  for (const { dueOn } of plan.instalments) ahead("an instalment's day", dueOn, 0, situation, found);
}

function ahead(what, day, least, situation, found) {
  const days = day - situation.now.localDate;
  if (days < least || days > HORIZON_DAYS) {
    found.push(`${what} is ${format(day)}, not ${least} to ${HORIZON_DAYS} days ahead`);
  }
}
