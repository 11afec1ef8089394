// A stage that does what no stage should, as its config says.

import { Decision, actions, defineStage, log } from '@regua/sdk';

const DEEDS = {
  throw: () => { throw new Error('oh'); },
  recurse: () => DEEDS.recurse() + 1,
  clock: () => Date.now(),
  chance: () => Math.random(),
  network: () => fetch('https://a.example'),
  timer: () => setTimeout(() => {}, 1),
  number: () => Decision.leave('done').propose('n', actions.charge({ amount: 5 })),
  surrogate: () => Decision.leave('done').because('half', '\ud83d'),
  unicode: () => Decision.leave('done').because('letter', String(/\p{L}/u.test('ç'))),
  console: () => { console.log('nowhere'); return Decision.leave('done'); },
  engine: () => Decision.leave('done').because('has', `${typeof Intl} ${typeof process}`),
  absent: (situation) => Decision.leave('done').because('score', String(situation.score)),
  log: () => { log.info('words'); return Decision.leave('done'); },
  remember: (situation, memory = { calls: 0 }) => Decision.leave('done').remember({ calls: memory.calls + 1 }),
};

export default defineStage({
  name: 'unruly',
  version: '1.0.0',
  summary: '',
  proposes: ['charge'],
  outcomes: ['done'],
  schema: { properties: { deed: { enum: Object.keys(DEEDS) } }, required: ['deed'] },
  decide: (situation, { deed }, memory) => DEEDS[deed](situation, memory),
});
