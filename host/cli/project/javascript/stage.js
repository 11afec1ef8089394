// A friendly note: one e-mail as soon as a case enters the stage; then the case goes on.

import { Decision, Message, defineStage } from '@regua/sdk';
import manifest from './package.json' with { type: 'json' };

/** @import { Situation } from '@regua/sdk' */
/** @typedef {{ template: string }} Config what a workflow's author sets */

/** The name of the note; the proposal's key is `note:email`. */
const NOTE = 'note';

export default defineStage({
  name: manifest.name,
  version: manifest.version,
  summary: 'One friendly e-mail, then on',
  proposes: ['send-message'],
  // How the stage is left: a workflow's `on` says where each leads.
  outcomes: ['sent', 'unreachable'],
  schema: {
    type: 'object',
    properties: {
      template: {
        type: 'string',
        format: 'regua-template',
        minLength: 1,
        description: 'The template of the note.',
      },
    },
    required: ['template'],
    additionalProperties: false,
  },
  decide,
});

/**
 * @param {Situation} situation
 * @param {Config} config
 */
function decide(situation, config) {
  const note = situation.letters(NOTE);
  // Closed where no address is known, or the host refused the note just now.
  if (!note.isOpen('email')) {
    return Decision.leave('unreachable').because('no-email', 'no e-mail leads to the customer');
  }
  const { balance } = situation;
  return Decision.leave('sent')
    .propose(note.key('email'), Message.reminder('email').template(config.template))
    .because('entered', `a note about ${balance.display(balance.chaseable)}`);
}
