export * as actions from './actions.js';
export * as amounts from './amount.js';
export * as dates from './date.js';
export * as log from './log.js';
export {
  isChaseable, isComingDue, isInvoice, isPastDue, isPlaced, totalChaseable, totalOutstanding,
} from './balance.js';
export { Decision } from './decision.js';
export { Message } from './message.js';
export { Refusal } from './refusal.js';
export { Situation, detail, earliestNotBefore } from './situation.js';
export { defineStage } from './stage.js';
export { Wake } from './wake.js';
