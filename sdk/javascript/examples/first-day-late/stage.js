// One demand for the whole balance on the first late day.

import { Decision, Message, Wake, amounts, defineStage } from '@regua/sdk';
import manifest from './package.json' with { type: 'json' };
import schema from './config.schema.json' with { type: 'json' };

/** @import { AmountByCurrency, ChannelName, Situation } from '@regua/sdk' */
/** @typedef {{ template: string, minimum?: AmountByCurrency, channels?: ChannelName[] }} Config */

/** The name of the demand: `demand:email`. */
const DEMAND = 'demand';
/** The channels for which the templates beside this have a text. */
const WRITTEN_CHANNELS = ['email', 'sms', 'whatsapp'];
/** How soon to look again at a demand that is on its way. */
const IN_FLIGHT_MINUTES = 60;

export default defineStage({
  name: manifest.name,
  version: manifest.version,
  summary: 'One friendly demand for the whole overdue balance on the first late day',
  proposes: ['send-message'],
  // A bounce sends the stage to the next channel; the others can lift the balance above the
  // minimum on a day that no calendar tells.
  listens: [
    'message.bounced',
    'dispute.resolved',
    'item.added',
    'payment.failed',
    'payment.reversed',
    'plan.broken',
    'promise.broken',
  ],
  outcomes: ['sent', 'unreachable'],
  schema,
  decide,
});

/**
 * @param {Situation} situation
 * @param {Config} config
 */
function decide(situation, config) {
  const { balance, customer } = situation;
  const demands = situation.letters(DEMAND);
  if (demands.latest === 'sent') {
    return Decision.leave('sent')
      .because('already-sent', 'the demand of this visit was handed over');
  }
  if (demands.latest === 'in-flight') {
    return Decision.stay(Wake.afterMinutes(IN_FLIGHT_MINUTES))
      .because('in-flight', 'the demand of this visit is on its way');
  }

  const minimum = amounts.ofCurrency(config.minimum, balance) ?? 0n;
  if (balance.chaseable === 0n || balance.chaseable < minimum) {
    const [owed, least] = [balance.chaseable, minimum].map((amount) => balance.display(amount));
    return Decision.stay(nextLook(situation))
      .because('below-minimum', `${owed} may be chased, and letters start at ${least}`);
  }

  const { channels = WRITTEN_CHANNELS } = config;
  const channel = customer.reachable
    .find((channel) => channels.includes(channel) && demands.isOpen(channel));
  if (channel === undefined) {
    return Decision.leave('unreachable')
      .because('unreachable', 'no allowed channel is left that leads to the customer');
  }
  return demand(situation, config, channel);
}

/**
 * The one demand. Asked again because it was deferred, the stage proposes the same: the host then
 * keeps the case here until the deferral ends. Going to another channel to get around quiet hours
 * or a cap would be the opposite of what they are for.
 * @param {Situation} situation
 * @param {Config} config
 * @param {ChannelName} channel
 */
function demand(situation, config, channel) {
  const { balance } = situation;
  const owed = balance.display(balance.chaseable);
  const text =
    `${balance.daysOverdue} days overdue, ${owed} may be chased; ` +
    `${channel} is the first channel left`;
  return Decision.leave('sent')
    .propose(situation.letters(DEMAND).key(channel), Message.demand(channel).template(config.template))
    .because('late', text);
}

/**
 * The day on which the calendar brings a change; else an event has to.
 * @param {Situation} situation
 */
function nextLook(situation) {
  const change = situation.balance.nextChangeAfter(situation.today);
  return change === undefined ? Wake.onEvent() : Wake.on(change);
}
