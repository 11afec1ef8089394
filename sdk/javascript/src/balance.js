// What is owed.

import { format, sum } from './amount.js';

const HORIZON_DAYS = 3_660;

export class Balance {
  constructor(record) {
    Object.assign(this, record);
  }

  item(key) {
    return this.items.find((item) => item.key === key);
  }

  nextChangeAfter(today) {
    const lastDays = [
      ...this.items.map((item) => item.dueOn),
      ...this.covers.map((cover) => cover.until).filter((day) => day !== undefined),
    ];
    const changes = lastDays
      .map((day) => day + 1)
      .filter((day) => day > today && day <= today + HORIZON_DAYS);
    return changes.length > 0 ? Math.min(...changes) : undefined;
  }

  display(amount) {
    return `${format(amount, this.minorDigits)} ${this.currency}`;
  }
}

export const isPastDue = (item) => item.daysOverdue > 0;
export const isComingDue = (item) => item.daysOverdue <= 0;
export const isChaseable = (item) => item.chaseable > 0n && item.disposition === 'chased';
export const isPlaced = (item) => item.disposition === 'placed';
export const isInvoice = (item) => item.kind === 'invoice';

export const totalOutstanding = (items) => sum(Array.from(items, (item) => item.outstanding));
export const totalChaseable = (items) => sum(Array.from(items, (item) => item.chaseable));
