// Writing to the debtor.

import { channelOf } from './channel.js';

/** A message that lacks its content. */
class Draft {
  #purpose;
  #channel;

  constructor(purpose, channel) {
    this.#purpose = purpose;
    this.#channel = channelOf(channel);
  }

  template(name) {
    return this.#with({ tag: 'template', val: name });
  }

  inline(subject, body) {
    return this.#with({ tag: 'inline', val: { subject, body } });
  }

  toString() {
    return 'a message that lacks its content: template() or inline()';
  }

  #with(content) {
    const [purpose, channel] = [this.#purpose, this.#channel];
    return new Message({ purpose, channel, content, variables: [] });
  }
}

export class Message {
  tag = 'send-message';

  constructor(val) {
    this.val = val;
  }

  static of(purpose, channel) {
    return new Draft(purpose, channel);
  }

  static reminder(channel) {
    return Message.of('reminder', channel);
  }

  static demand(channel) {
    return Message.of('demand', channel);
  }

  static legalNotice(channel) {
    return Message.of('legal-notice', channel);
  }

  static offer(channel) {
    return Message.of('offer', channel);
  }

  static confirmation(channel) {
    return Message.of('confirmation', channel);
  }

  var(name, value) {
    return new Message({ ...this.val, variables: [...this.val.variables, [name, value]] });
  }
}
