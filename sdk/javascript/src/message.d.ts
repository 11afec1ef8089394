import type { ActionSendMessage, Message as Contents, Purpose } from 'regua:dunning/types@1.0.0';
import type { ChannelName } from './channel.js';

/** A message that lacks its content. */
export interface Draft {
  /** By a template that an admin published; the host picks the customer's language. */
  template(name: string): Message;
  /**
   * By plain text of the stage's own, without a web address: subject a line of at most 200
   * characters, body at most 8 KiB.
   */
  inline(subject: string, body: string): Message;
}

/**
 * A message to the debtor: `Message.demand('email').template('first-day-late')`. What makes one
 * throws a `TypeError` where the text cannot name a channel.
 */
export class Message implements ActionSendMessage {
  private constructor(val: Contents);
  readonly tag: 'send-message';
  readonly val: Contents;

  /** A message of a purpose. */
  static of(purpose: Purpose, channel: ChannelName): Draft;
  /** A message before anything is late. */
  static reminder(channel: ChannelName): Draft;
  /** A message that asks for what is late. */
  static demand(channel: ChannelName): Draft;
  /** A message with legal consequences. */
  static legalNotice(channel: ChannelName): Draft;
  /** A message that carries an offer. */
  static offer(channel: ChannelName): Draft;
  /** A message that confirms what was agreed or paid. */
  static confirmation(channel: ChannelName): Draft;

  /**
   * The same with further text, which the template reads as `vars.<name>`: at most 16, each at
   * most 1 KiB and without a web address. The name is a letter and up to 63 letters, digits, `_`.
   */
  var(name: string, value: string): Message;
}
