// What the component exports for a stage.

import { connect } from './log.js';

/**
 * The contract's functions for a stage. `regua-build` writes the module that exports them.
 * @param stage what `defineStage` gave
 * @param write the host's log
 */
export function exported(stage, write) {
  if (typeof stage?.decide !== 'function' || typeof stage.describe !== 'function') {
    throw new TypeError('the entry has no stage: export default defineStage({ ... })');
  }
  connect(write);
  return {
    describe: stage.describe,
    checkConfig: stage.checkConfig,
    decide(situation, config) {
      try {
        return stage.decide(situation, config);
      } catch (refusal) {
        // The bindings take what is no Error for the contract's refusal, and trap on the rest.
        throw refusal.reason;
      }
    },
  };
}
