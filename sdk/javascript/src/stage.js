// What a stage is, and the one path from the contract into it and back: the component's exports
// and the test kit both take it, so that what was tested natively is what the host runs.

import { withoutAmbient } from './ambient.js';
import { PROBLEMS_MAX, problem, reader } from './config.js';
import {
  decisionFindings, manifestFindings, problemFindings, refusalFindings,
} from './contract/decision.js';
import { Decision } from './decision.js';
import * as log from './log.js';
import { Refusal } from './refusal.js';
import { Situation } from './situation.js';
import { inBounds } from './text.js';

export function defineStage(definition) {
  const { schema, check = () => [], decide, ...rest } = definition;
  if (typeof decide !== 'function') throw new TypeError('a stage needs a function decide');
  if (typeof schema !== 'object' || schema === null) {
    throw new TypeError('a stage needs the JSON Schema of its config, as an object: schema');
  }
  const configSchema = JSON.stringify(schema);
  const manifest = Object.freeze({ listens: [], memoryVersion: 0, ...rest, configSchema });
  const found = manifestFindings(manifest);
  if (found.length > 0) throw new TypeError(`the stage is not sound: ${found.join('; ')}`);
  const read = reader(schema);
  return Object.freeze({
    describe: () => manifest,
    checkConfig: (json) => checkConfig(read, check, json),
    decide: (situation, json) => answer({ manifest, read, decide }, situation, json),
  });
}

function checkConfig(read, check, json) {
  const { config, problems } = read(json);
  if (problems.length > 0) return problems;
  try {
    const own = withoutAmbient(() => check(config));
    const found = problemFindings(own);
    if (found.length > 0) throw new TypeError(found.join('; '));
    return own.slice(0, PROBLEMS_MAX);
  } catch (error) {
    log.error(told(error));
    return [problem('', `the check of the config failed: ${words(error)}`)];
  }
}

/** The contract's decision; throws nothing but a `Refusal` that keeps to the contract. */
function answer(stage, situation, json) {
  try {
    return decided(stage, situation, json);
  } catch (error) {
    if (!(error instanceof Refusal)) throw failed('threw', words(error), error);
    const found = refusalFindings(error.reason);
    if (found.length > 0) throw failed('breaks-contract', found[0], error);
    throw error;
  }
}

function decided({ manifest, read, decide }, situation, json) {
  const { config, problems } = read(json);
  if (problems.length > 0) throw Refusal.badConfig(problems);
  const memory = remembered(situation.stage.memory);
  const decision = withoutAmbient(() => decide(new Situation(situation), config, memory));
  if (!(decision instanceof Decision)) {
    const what = decision instanceof Promise ? 'a promise' : typeof decision;
    throw new TypeError(`decide returned ${what}, not a Decision`);
  }
  const lowered = Decision.lower(decision);
  const found = decisionFindings(lowered, manifest);
  if (found.length > 0) throw failed('breaks-contract', found.join('; '));
  return lowered;
}

function remembered(bytes) {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes)));
  } catch (error) {
    throw Refusal.other('memory-unreadable', inBounds(error.message), { cause: error });
  }
}

/** A refusal for what the stage's author has to mend, with the details in the log. */
function failed(code, text, cause) {
  log.error(cause === undefined ? text : told(cause));
  return Refusal.other(code, inBounds(text), { cause });
}

function told(error) {
  return error instanceof Error ? `${words(error)}\n${error.stack ?? ''}` : words(error);
}

function words(thrown) {
  try {
    return String(thrown);
  } catch {
    return `a ${typeof thrown} that has no text`;
  }
}
