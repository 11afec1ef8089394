// Sums, the anchor and days overdue as the host would count them, for a workflow without a
// tolerance.

import { isPastDue, totalChaseable, totalOutstanding } from '../balance.js';

const COVER_KINDS = ['dispute', 'pending', 'promise', 'plan', 'hold'];
const isCharge = ({ kind }) => kind === 'late-fee' || kind === 'interest';
const order = (a, b) => (a < b ? -1 : Number(a > b));

/** A balance of the contract from items and covers that lack what follows from each other. */
export function counted(balance, today) {
  const items = balance.items
    .map((item) => ({ ...item, daysOverdue: today - item.dueOn, chaseable: item.outstanding }))
    .sort((a, b) => a.dueOn - b.dueOn || order(a.key, b.key));
  const covers = balance.covers
    .map((cover) => ({ ...cover, amount: take(cover, items) }))
    .sort(
      (a, b) =>
        order(a.subject, b.subject) || COVER_KINDS.indexOf(a.kind) - COVER_KINDS.indexOf(b.kind),
    );
  for (const item of items) {
    if (item.disposition === 'placed') item.chaseable = 0n;
  }
  const late = items.filter(isPastDue);
  const pastDue = totalOutstanding(late);
  const anchor = late.find((item) => item.chaseable > 0n && !isCharge(item))?.dueOn;
  const coming = pastDue === 0n ? items.find((item) => !isPastDue(item))?.dueOn : undefined;
  const countsFrom = anchor ?? coming;
  return {
    ...balance,
    outstanding: totalOutstanding(items),
    pastDue,
    chaseable: totalChaseable(late),
    anchor,
    daysOverdue: countsFrom === undefined ? 0 : today - countsFrom,
    items,
    covers,
  };
}

/**
 * Takes a cover off what may be chased of its items, the oldest first, and gives how much that
 * was. A hold takes all there is.
 */
function take(cover, items) {
  let left = cover.kind === 'hold' ? totalChaseable(items) : cover.amount;
  let taken = 0n;
  for (const item of items) {
    if (cover.subject !== '' && cover.subject !== item.key) continue;
    const part = left < item.chaseable ? left : item.chaseable;
    item.chaseable -= part;
    left -= part;
    taken += part;
  }
  return taken;
}
