/// <reference path="../types/stage.d.ts" />

export * as actions from './actions.js';
export * as amounts from './amount.js';
export * as dates from './date.js';
export * as log from './log.js';
export type { AmountByCurrency, Rounding } from './amount.js';
export {
  isChaseable, isComingDue, isInvoice, isPastDue, isPlaced, totalChaseable, totalOutstanding,
} from './balance.js';
export type { Balance } from './balance.js';
export type { ChannelName } from './channel.js';
export { Decision } from './decision.js';
export type { Letters } from './letters.js';
export { Message } from './message.js';
export { Refusal } from './refusal.js';
export { Situation, detail, earliestNotBefore } from './situation.js';
export type { Attempt, Customer, Effect, History } from './situation.js';
export { defineStage } from './stage.js';
export type { Stage, StageDefinition } from './stage.js';
export { Wake } from './wake.js';
export type {
  Action, ActionKind, Amount, ConfigProblem, Cover, CoverKind, Date, EffectState, Event, OpenItem,
  PaymentMethod, Purpose, Timestamp, Verdict, Weekday,
} from 'regua:dunning/types@1.0.0';
