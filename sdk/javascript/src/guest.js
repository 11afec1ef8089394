// What the component exports for a stage.

import { lifted } from './contract/lifted.js';
import { lowered } from './contract/lowered.js';
import { connect } from './log.js';

/** What the engine calls the module that it was given: the bundle, which lies beside the component. */
const BUNDLE = /componentize-qjs:user\.js/g;

/**
 * The contract's functions for a stage. `regua-build` writes the module that exports them.
 * @param stage what `defineStage` gave
 * @param write the host's log
 */
export function exported(stage, write) {
  if (typeof stage?.decide !== 'function' || typeof stage.describe !== 'function') {
    throw new TypeError('the entry has no stage: export default defineStage({ ... })');
  }
  connect((level, text) => write(level, text.replace(BUNDLE, 'bundle.js').toWellFormed()));
  return {
    describe: stage.describe,
    checkConfig: (config) => lowered(stage.checkConfig(config)),
    decide(situation, config) {
      try {
        return lowered(stage.decide(lifted(situation), config));
      } catch (refusal) {
        // The bindings take what is no Error for the contract's refusal, and trap on the rest.
        throw lowered(refusal.reason);
      }
    },
  };
}
