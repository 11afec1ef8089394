// The contract's register of event kinds. It is open: a later host may tell others, and a later
// SDK knows them. Until then a kind that is not here is a slip of the pen.

export const EVENTS = [
  'contact.opted-in', 'contact.opted-out', 'dispute.lapsed', 'dispute.opened', 'dispute.resolved',
  'effect.cancelled', 'effect.confirmed', 'effect.failed', 'hold.ended', 'hold.lifted',
  'hold.placed', 'invoice.bounced', 'invoice.delivered', 'invoice.opened', 'invoice.sent',
  'item.added', 'item.credited', 'item.voided', 'message.bounced', 'message.delivered',
  'message.opened', 'offer.accepted', 'offer.declined', 'offer.expired', 'payment.failed',
  'payment.lapsed', 'payment.pending', 'payment.received', 'payment.reversed',
  'placement.remitted', 'placement.returned', 'plan.broken', 'plan.completed', 'promise.broken',
  'promise.kept', 'promise.made', 'replied', 'task.completed',
];
