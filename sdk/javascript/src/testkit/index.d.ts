/**
 * Tests of a stage without wasm and without a host: build a situation, ask the stage through the
 * very path the component's exports take, and look at what it answered.
 */

import type * as wit from 'regua:dunning/types@1.0.0';
import type { Stage } from '../stage.js';
import type { Answer } from './answer.js';
import type { SituationBuilder } from './situation-builder.js';

export { Answer } from './answer.js';
export { SituationBuilder } from './situation-builder.js';

/**
 * Asks a stage as the host does: the config goes through its text. Throws the `Refusal` that the
 * stage gave, and an `AssertionError` at a decision that the host would take for a plugin failure.
 */
export function ask(stage: Stage, situation: SituationBuilder, config: unknown): Answer;

/** What the stage finds wrong with a config when a workflow is published. */
export function checkConfig(stage: Stage, config: unknown): wit.ConfigProblem[];

/** Where in a config those problems are: RFC 6901 JSON pointers. */
export function problemPointers(stage: Stage, config: unknown): string[];

/** Throws where a stage listens to an event that the contract does not know. */
export function assertListensToTheRegister(stage: Stage): void;

/**
 * Throws unless the sources of a template, one a language, say the same and are sound: the same
 * placeholders and blocks in each; a subject, a text and a short text; each of the `needed`
 * placeholders in the whole and in the short text, for a text message has nothing else; and no
 * web address, which comes from placeholders alone.
 */
export function assertLetters(name: string, sources: string[], needed: string[]): void;
