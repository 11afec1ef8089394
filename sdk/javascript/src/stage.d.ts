import type * as wit from 'regua:dunning/types@1.0.0';
import type { Decision } from './decision.js';
import type { Situation } from './situation.js';

/** What a plugin's author writes. */
export interface StageDefinition<Outcome extends string, Config, Memory> {
  /** 1 to 64 characters of `a-z`, `0-9` and `-`. */
  name: string;
  /** Semantic version. */
  version: string;
  /** One line, at most 200 characters. */
  summary: string;
  /** What it may propose. A workflow grants no more than this. */
  proposes: wit.ActionKind[];
  /** Event kinds it wants to be asked about, e.g. `message.bounced`; none unless told. */
  listens?: string[];
  /** The ways out: 1 to 32 names of `a-z`, `0-9` and `-`. */
  outcomes: readonly Outcome[];
  /**
   * JSON Schema 2020-12 of the config, as an object. Say `additionalProperties: false`, so that a
   * misspelt setting is a problem and not a silent default. A `default` in it is for readers: the stage fills it in.
   */
  schema: object;
  /** Raise it when the memory changes its shape: the host then hands over none of the old; 0. */
  memoryVersion?: number;

  /** What the schema cannot say. Asked when a workflow is published. */
  check?(config: Config): wit.ConfigProblem[];

  /**
   * Same situation, config and memory, same decision. What is thrown becomes a refusal: the
   * workflow's `on_failure` applies.
   * @param config fits the schema
   * @param memory what this visit's last `Decision.remember` left; undefined where none did
   */
  decide(
    situation: Situation,
    config: Config,
    memory: Memory | undefined,
  ): Decision<NoInfer<Outcome>, NoInfer<Memory>>;
}

/** A stage as the component exports it; a module of one is the entry that `regua-build` takes. */
export interface Stage {
  /** What the stage says of itself. */
  describe(): wit.Manifest;
  /** What is wrong with a config, given as its JSON text. Throws nothing. */
  checkConfig(config: string): wit.ConfigProblem[];
  /** The contract's decision. Throws nothing but a `Refusal` that keeps to the contract. */
  decide(situation: wit.Situation, config: string): wit.Decision;
}

/**
 * Makes a stage: one rung of a dunning workflow, a pure function from a situation to a decision.
 * Throws a `TypeError` that says what is wrong where the definition breaks the contract's bounds.
 */
export function defineStage<const Outcome extends string, Config, Memory = never>(
  definition: StageDefinition<Outcome, Config, Memory>,
): Stage;
