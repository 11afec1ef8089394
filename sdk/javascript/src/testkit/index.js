import assert from 'node:assert/strict';
import { problemFindings } from '../contract/decision.js';
import { Answer } from './answer.js';
import { EVENTS } from './events.js';
import { fitFindings } from './fit.js';

export { Answer } from './answer.js';
export { assertLetters } from './letters.js';
export { SituationBuilder } from './situation-builder.js';

export function ask(stage, builder, config) {
  const situation = builder.build();
  const decision = stage.decide(structuredClone(situation), JSON.stringify(config));
  const found = fitFindings(decision, situation);
  assert.deepEqual(found, [], `this breaks the contract: ${found.join('; ')}`);
  return new Answer(situation, decision);
}

export function checkConfig(stage, config) {
  const problems = stage.checkConfig(JSON.stringify(config));
  assert.deepEqual(problemFindings(problems), []);
  return problems;
}

export function problemPointers(stage, config) {
  return checkConfig(stage, config).map(({ pointer }) => pointer);
}

export function assertListensToTheRegister(stage) {
  const unknown = stage.describe().listens.filter((kind) => !EVENTS.includes(kind));
  assert.deepEqual(unknown, [], `the contract knows no event ${unknown.join(', ')}`);
}
