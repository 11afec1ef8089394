// What the types have to catch: `npm run check` fails where one of these is no error.

import { Decision, Message, Wake, actions, amounts, defineStage } from '@regua/sdk';
import { SituationBuilder } from '@regua/sdk/testkit';

const described = /** @type {const} */ ({ name: 'a', version: '1.0.0', summary: '', schema: {} });

defineStage({
  ...described,
  proposes: ['hold'],
  outcomes: ['done'],
  /** @param {{ calls: number } | undefined} memory */
  decide: (situation, _config, memory) =>
    situation.balance.chaseable > 0n
      ? Decision.leave('done').remember({ calls: (memory?.calls ?? 0) + 1 })
      : Decision.stay(Wake.onEvent()),
});

defineStage({
  ...described,
  proposes: [],
  outcomes: ['done'],
  // @ts-expect-error: no such outcome
  decide: () => Decision.leave('dome'),
});

defineStage({
  ...described,
  // @ts-expect-error: no such kind of action
  proposes: ['email'],
  outcomes: ['done'],
  decide: () => Decision.leave('done'),
});

defineStage({
  ...described,
  proposes: [],
  outcomes: ['done'],
  // @ts-expect-error: a stage answers at once
  decide: async () => Decision.leave('done'),
});

// @ts-expect-error: a message lacks its content
Decision.leave('done').propose('a', Message.demand('email'));
// @ts-expect-error: an amount is a bigint
actions.charge({ amount: 5 });
// @ts-expect-error: no such field
actions.hold({ untill: 20_300 });
// @ts-expect-error: no such rounding
amounts.share(5n, 200, 'nearest');
// @ts-expect-error: no such ruling
new SituationBuilder().answered([{ key: 'a', ruling: 'denied' }]);
