// What can be proposed beside a message.

import { Refusal } from './refusal.js';

const PRIORITY_DEFAULT = 5;

const keyOf = (item) => (typeof item === 'string' ? item : item.key);
const keysOf = (items) => Array.from(items, keyOf);

export const charge = (charge = {}) => ({ tag: 'charge', val: { ...charge } });

export const fee = ({ item, occurrence = '1', ...fee }) => ({
  tag: 'add-fee',
  val: { ...fee, item: keyOf(item), occurrence },
});

export const interest = ({ item, ...interest }) => ({
  tag: 'add-interest',
  val: { ...interest, item: keyOf(item) },
});

export const discount = ({ items, ...discount }) => ({
  tag: 'offer-discount',
  val: { ...discount, items: keysOf(items) },
});

export const planOffer = ({ items, plans, ...offer }) => ({
  tag: 'offer-plan',
  val: {
    ...offer,
    items: keysOf(items),
    plans: plans.map((plan) => ({ waiveFees: false, ...plan })),
  },
});

export const task = ({ draft, ...task }) => ({
  tag: 'open-task',
  val: { details: '', priority: PRIORITY_DEFAULT, ...task, draft: draft?.val },
});

export const notice = (notice) => ({ tag: 'notify-team', val: { ...notice } });

export const service = (service) => ({ tag: 'change-service', val: { ...service } });

export const placement = ({ items, ...placement }) => ({
  tag: 'place-with-agency',
  val: { ...placement, items: keysOf(items) },
});

export const recall = ({ items, ...recall }) => ({
  tag: 'recall-placement',
  val: { reason: '', ...recall, items: keysOf(items) },
});

export const hold = (hold) => ({ tag: 'hold', val: { reason: '', ...hold } });

export const writeOff = ({ items, ...writeOff }) => ({
  tag: 'write-off',
  val: { reason: '', ...writeOff, items: keysOf(items) },
});

export const note = (text) => ({ tag: 'add-note', val: text });

export function custom(name, value) {
  let json;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    throw Refusal.other('custom-unwritable', error.message, { cause: error });
  }
  return { tag: 'custom', val: { name, json } };
}
