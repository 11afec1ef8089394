// What a stage answered.

import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { channelName } from '../channel.js';
import { SituationBuilder } from './situation-builder.js';

export class Answer {
  #situation;

  constructor(situation, decision) {
    this.#situation = situation;
    this.decision = decision;
  }

  get outcome() {
    return this.decision.next.tag === 'leave' ? this.decision.next.val : undefined;
  }

  get wake() {
    return this.decision.next.tag === 'stay' ? this.decision.next.val : undefined;
  }

  get memory() {
    const { memory } = this.decision;
    return memory && JSON.parse(new TextDecoder().decode(memory));
  }

  get keys() {
    return this.decision.proposals.map(({ key }) => key);
  }

  get reasonCodes() {
    return this.decision.reasons.map(({ code }) => code);
  }

  action(key) {
    return this.decision.proposals.find((proposal) => proposal.key === key)?.action;
  }

  message(key) {
    const { tag, val } = this.action(key) ?? {};
    return tag === 'send-message' ? seen(val) : undefined;
  }

  task(key) {
    const { tag, val } = this.action(key) ?? {};
    return tag === 'open-task' ? { ...val, draft: val.draft && seen(val.draft) } : undefined;
  }

  next(state, code = '') {
    const builder = new SituationBuilder(this.#situation);
    if (this.decision.memory) builder.stage({ memory: this.decision.memory });
    for (const { key, action } of this.decision.proposals) {
      const channel = action.tag === 'send-message' ? seen(action.val).channel : undefined;
      builder.effect({ key, kind: action.tag, channel, state, code });
    }
    return builder;
  }

  assertLeaves(outcome) {
    assert.equal(this.outcome, outcome, this.#shown(`does not leave by ${outcome}`));
    return this;
  }

  assertStays(wake) {
    assert.deepEqual(this.wake, wake, this.#shown(`does not stay until ${inspect(wake)}`));
    return this;
  }

  assertProposes(...keys) {
    assert.deepEqual(this.keys, keys, this.#shown(`does not propose ${inspect(keys)}`));
    return this;
  }

  assertBecause(code) {
    assert.ok(this.reasonCodes.includes(code), this.#shown(`has no reason ${code}`));
    return this;
  }

  #shown(complaint) {
    return `the decision ${complaint}: ${inspect(this.decision, { depth: 8 })}`;
  }
}

function seen({ purpose, channel, content, variables }) {
  return {
    purpose,
    channel: channelName(channel),
    template: content.tag === 'template' ? content.val : undefined,
    variables: Object.fromEntries(variables),
  };
}
