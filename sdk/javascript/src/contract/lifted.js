// A situation as a component's engine gives it, as the contract has it.

/** The engine has an integer of 64 bits as a number where a number can hold it. */
const wide = (value) => (typeof value === 'number' ? BigInt(value) : value);

/** The engine has an absent value as null. */
const option = (value) => value ?? undefined;

const wideOption = (value) => (value === null ? undefined : wide(value));

/** The situation, changed in place: 64 bits are bigint, and what is absent is undefined. */
export function lifted(situation) {
  const { now, trigger, stage, customer, balance, history, effects } = situation;
  now.at = wide(now.at);
  stage.entered = wide(stage.entered);
  for (const method of customer.methods) method.expiresOn = option(method.expiresOn);
  situation.score = option(situation.score);
  liftBalance(balance);
  liftHistory(history);
  effects.forEach(liftEffect);
  liftTrigger(trigger);
  return situation;
}

function liftBalance(balance) {
  balance.outstanding = wide(balance.outstanding);
  balance.pastDue = wide(balance.pastDue);
  balance.chaseable = wide(balance.chaseable);
  balance.credit = wide(balance.credit);
  balance.anchor = option(balance.anchor);
  balance.items.forEach(liftItem);
  balance.covers.forEach(liftCover);
}

function liftItem(item) {
  item.parent = option(item.parent);
  item.contract = option(item.contract);
  item.original = wide(item.original);
  item.outstanding = wide(item.outstanding);
  item.chaseable = wide(item.chaseable);
}

function liftCover(cover) {
  cover.amount = wide(cover.amount);
  cover.until = option(cover.until);
}

function liftHistory(history) {
  history.customerSince = option(history.customerSince);
  history.lastContact = wideOption(history.lastContact);
  history.lastReply = wideOption(history.lastReply);
  history.lastPayment = wideOption(history.lastPayment);
  history.lastDecline = option(history.lastDecline);
  if (history.lastDecline) history.lastDecline.at = wide(history.lastDecline.at);
}

function liftEffect(effect) {
  effect.channel = option(effect.channel);
  effect.at = wide(effect.at);
  effect.until = option(effect.until);
}

function liftTrigger({ tag, val }) {
  switch (tag) {
    case 'woken':
      val.planned = wide(val.planned);
      val.lateByMs = wide(val.lateByMs);
      break;
    case 'answered':
      val.verdicts.forEach(liftVerdict);
      val.event = option(val.event);
      if (val.event) liftEvent(val.event);
      break;
    case 'event':
      liftEvent(val);
      break;
    default:
  }
}

function liftVerdict(verdict) {
  verdict.notBefore = wideOption(verdict.notBefore);
  verdict.atMost = wideOption(verdict.atMost);
}

function liftEvent(event) {
  event.subject = option(event.subject);
  event.amount = wideOption(event.amount);
  event.at = wide(event.at);
}
