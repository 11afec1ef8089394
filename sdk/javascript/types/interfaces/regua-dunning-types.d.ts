// Made from wit/v1/stage.wit by `npm run types`: edit that, and not this.
declare module 'regua:dunning/types@1.0.0' {
  /**
   * Days since 1970-01-01 on the customer's calendar. Between -719162
   * (0001-01-01) and 2932896 (9999-12-31).
   */
  export type Date = number;
  /**
   * Milliseconds since 1970-01-01T00:00:00Z.
   */
  export type Timestamp = bigint;
  /**
   * Whole minor units (cents, centavos, yen) of the case's one currency.
   */
  export type Amount = bigint;
  /**
   * # Variants
   *
   * ## `"monday"`
   *
   * ## `"tuesday"`
   *
   * ## `"wednesday"`
   *
   * ## `"thursday"`
   *
   * ## `"friday"`
   *
   * ## `"saturday"`
   *
   * ## `"sunday"`
   */
  export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
  /**
   * The logical instant of the call. Never read a clock: this is the time.
   */
  export interface Moment {
    at: Timestamp,
    /**
     * The customer's civil date.
     */
    localDate: Date,
    /**
     * 0 to 1439.
     */
    localMinuteOfDay: number,
    localWeekday: Weekday,
    /**
     * By the workflow's holiday calendar; Saturdays and Sundays are none.
     */
    isBusinessDay: boolean,
    /**
     * IANA name, e.g. "America/Sao_Paulo".
     */
    timeZone: string,
  }
  /**
   * # Variants
   *
   * ## `"consumer"`
   *
   * ## `"business"`
   */
  export type CustomerKind = 'consumer' | 'business';
  /**
   * The name of `other` is 1 to 32 characters of `a-z`, `0-9` and `-`, and none
   * of the names before it.
   */
  export type Channel = ChannelEmail | ChannelSms | ChannelWhatsapp | ChannelLetter | ChannelPhone | ChannelOther;
  export interface ChannelEmail {
    tag: 'email',
  }
  export interface ChannelSms {
    tag: 'sms',
  }
  export interface ChannelWhatsapp {
    tag: 'whatsapp',
  }
  export interface ChannelLetter {
    tag: 'letter',
  }
  export interface ChannelPhone {
    tag: 'phone',
  }
  export interface ChannelOther {
    tag: 'other',
    val: string,
  }
  /**
   * A way to pay on file. `kind` is from an open register: card, debit, pix,
   * boleto, transfer, ...
   */
  export interface PaymentMethod {
    /**
     * Names the method in a `charge`; means nothing outside.
     */
    key: string,
    kind: string,
    /**
     * Whether a `charge` that names no method takes this one.
     */
    isDefault: boolean,
    /**
     * Its last day.
     */
    expiresOn?: Date,
  }
  /**
   * What a stage may know of the debtor: nothing that names them.
   */
  export interface Customer {
    /**
     * 0 to 9999, stable for this customer: for splitting into groups.
     */
    bucket: number,
    kind: CustomerKind,
    /**
     * BCP 47, e.g. "pt-BR".
     */
    locale: string,
    /**
     * ISO 3166-2, e.g. "BR-SP"; the country alone where no more is known.
     */
    jurisdiction: string,
    /**
     * Sorted.
     */
    segments: Array<string>,
    /**
     * Channels with an address, consent and no opt-out; the preferred first.
     */
    reachable: Array<Channel>,
    /**
     * Only attributes that the tenant declared visible to stages; by name.
     */
    attributes: Array<[string, string]>,
    /**
     * By key.
     */
    methods: Array<PaymentMethod>,
  }
  /**
   * # Variants
   *
   * ## `"invoice"`
   *
   * ## `"late-fee"`
   *
   * ## `"interest"`
   *
   * ## `"other-charge"`
   */
  export type ItemKind = 'invoice' | 'late-fee' | 'interest' | 'other-charge';
  /**
   * What is known of the document's own way to the debtor.
   * # Variants
   *
   * ## `"unknown"`
   *
   * ## `"sent"`
   *
   * ## `"delivered"`
   *
   * ## `"opened"`
   *
   * ## `"bounced"`
   */
  export type DeliveryState = 'unknown' | 'sent' | 'delivered' | 'opened' | 'bounced';
  /**
   * `chased`: the case works on it. `placed`: an agency does.
   * # Variants
   *
   * ## `"chased"`
   *
   * ## `"placed"`
   */
  export type Disposition = 'chased' | 'placed';
  export interface OpenItem {
    /**
     * Names the item in proposals; means nothing outside. 1 to 64 characters of
     * `a-z`, `0-9`, `-` and `_`.
     */
    key: string,
    kind: ItemKind,
    /**
     * The item that a fee or interest was charged on.
     */
    parent?: string,
    /**
     * The contract's reference at the tenant.
     */
    contract?: string,
    issuedOn: Date,
    dueOn: Date,
    /**
     * Negative before the due date.
     */
    daysOverdue: number,
    original: Amount,
    outstanding: Amount,
    /**
     * Outstanding less covers, never below 0, and 0 while it is placed: what may
     * be chased.
     */
    chaseable: Amount,
    disposition: Disposition,
    /**
     * The first invoice this customer was ever sent.
     */
    isFirst: boolean,
    delivery: DeliveryState,
  }
  /**
   * # Variants
   *
   * ## `"dispute"`
   *
   * ## `"pending"`
   *
   * ## `"promise"`
   *
   * ## `"plan"`
   *
   * ## `"hold"`
   */
  export type CoverKind = 'dispute' | 'pending' | 'promise' | 'plan' | 'hold';
  /**
   * Why part of the debt is not chased for now.
   */
  export interface Cover {
    kind: CoverKind,
    /**
     * The item's key; empty where the cover is of several items, or of the whole
     * account: a hold always is.
     */
    subject: string,
    /**
     * What it takes of what could be chased.
     */
    amount: Amount,
    /**
     * Its last day; none where only an event ends it.
     */
    until?: Date,
  }
  export interface Balance {
    /**
     * ISO 4217.
     */
    currency: string,
    /**
     * How many digits the minor unit has: 0 to 4.
     */
    minorDigits: number,
    /**
     * All that is open, due or not.
     */
    outstanding: Amount,
    /**
     * What is open and past its due date.
     */
    pastDue: Amount,
    /**
     * What is past due and may be chased: never more than `past-due`.
     */
    chaseable: Amount,
    /**
     * Money received and not yet matched to an item.
     */
    credit: Amount,
    /**
     * Due date from which `days-overdue` counts; none while nothing is overdue.
     */
    anchor?: Date,
    /**
     * 0 while nothing is overdue, but negative, to the earliest coming due
     * date, where something is coming due.
     */
    daysOverdue: number,
    /**
     * Oldest due first, then by key; at most 200. `items-omitted` counts the rest.
     */
    items: Array<OpenItem>,
    itemsOmitted: number,
    /**
     * By subject, then kind.
     */
    covers: Array<Cover>,
  }
  /**
   * Messages that were sent, or are on their way, in the last 7 and 30 times 24
   * hours, and ever.
   */
  export interface ContactCount {
    channel: Channel,
    last7Days: number,
    last30Days: number,
    total: number,
  }
  /**
   * `is-hard`: the same method will never work.
   */
  export interface Decline {
    code: string,
    isHard: boolean,
    at: Timestamp,
  }
  /**
   * What the past says of this customer, over all cases.
   */
  export interface History {
    customerSince?: Date,
    invoicesPaid: number,
    invoicesPaidLate: number,
    /**
     * Mean days late over paid invoices, in hundredths of a day.
     */
    averageDaysLateCenti: number,
    worstDaysLate: number,
    promisesKept: number,
    promisesBroken: number,
    plansCompleted: number,
    plansBroken: number,
    /**
     * By channel, in the order of the `channel` variant.
     */
    contacts: Array<ContactCount>,
    lastContact?: Timestamp,
    lastReply?: Timestamp,
    lastPayment?: Timestamp,
    lastDecline?: Decline,
  }
  /**
   * Chance of paying within 30 days without further action, 0 to 1000, and the
   * tenant's model that says so. None where there is no model, as in host 0.1.
   */
  export interface Score {
    permille: number,
    model: string,
  }
  /**
   * # Variants
   *
   * ## `"send-message"`
   *
   * ## `"charge"`
   *
   * ## `"add-fee"`
   *
   * ## `"add-interest"`
   *
   * ## `"offer-discount"`
   *
   * ## `"offer-plan"`
   *
   * ## `"open-task"`
   *
   * ## `"notify-team"`
   *
   * ## `"change-service"`
   *
   * ## `"place-with-agency"`
   *
   * ## `"recall-placement"`
   *
   * ## `"hold"`
   *
   * ## `"write-off"`
   *
   * ## `"add-note"`
   *
   * ## `"custom"`
   */
  export type ActionKind = 'send-message' | 'charge' | 'add-fee' | 'add-interest' | 'offer-discount' | 'offer-plan' | 'open-task' | 'notify-team' | 'change-service' | 'place-with-agency' | 'recall-placement' | 'hold' | 'write-off' | 'add-note' | 'custom';
  /**
   * `queued`: on its way. `done`: handed over. `confirmed`: an answer came
   * (`code` tells it). `failed` and `cancelled`: it did not happen.
   * # Variants
   *
   * ## `"queued"`
   *
   * ## `"done"`
   *
   * ## `"confirmed"`
   *
   * ## `"failed"`
   *
   * ## `"cancelled"`
   */
  export type EffectState = 'queued' | 'done' | 'confirmed' | 'failed' | 'cancelled';
  /**
   * What became of something proposed earlier in this case: messages, offers,
   * tasks, charges, placements alike.
   */
  export interface Effect {
    /**
     * The proposal's key; `draft:` and more where a person approved a task's draft.
     */
    key: string,
    /**
     * The id, in the workflow, of the stage that proposed it.
     */
    stage: string,
    kind: ActionKind,
    /**
     * Of a message.
     */
    channel?: Channel,
    state: EffectState,
    /**
     * E.g. "accepted:2" of an offer (plans count from 1), "bounced", a decline
     * code, the outcome of a task; empty where nothing was answered.
     */
    code: string,
    /**
     * When it was decided. It never changes, so what is of this visit lies at or
     * after `stage-position.entered`.
     */
    at: Timestamp,
    /**
     * The last day of an offer, a hold, a task or a placement.
     */
    until?: Date,
  }
  /**
   * `deferred`: not before an instant, which is in `not-before`. `reduced`: at
   * most an amount, which is in `at-most`.
   * # Variants
   *
   * ## `"allowed"`
   *
   * ## `"reduced"`
   *
   * ## `"deferred"`
   *
   * ## `"refused"`
   */
  export type Ruling = 'allowed' | 'reduced' | 'deferred' | 'refused';
  export interface Verdict {
    key: string,
    ruling: Ruling,
    /**
     * The rule that spoke, from an open register: "contact-cap", "quiet-hours",
     * "fee-once", ...; "allowed" or "already-done" where none objects.
     */
    rule: string,
    /**
     * May lie beyond any calendar where the send window never opens.
     */
    notBefore?: Timestamp,
    atMost?: Amount,
  }
  /**
   * Something that happened. A stage gets the kinds that its manifest listens to,
   * and of those it must take every subject: an event may be about another stage's
   * proposal.
   *
   * `kind` is from an open register. Subjects and details of those that are told
   * today:
   * - the item: item.added, item.voided, item.credited, invoice.sent,
   *   invoice.delivered, invoice.opened, invoice.bounced, dispute.opened
   *   (`reason`), dispute.resolved (`upheld`: true or false), dispute.lapsed;
   * - the first item that was named for it, if any: payment.received;
   * - the proposal: message.delivered, message.opened, message.bounced,
   *   effect.confirmed, effect.failed, effect.cancelled (each with `code`),
   *   offer.accepted (`plan`, from 1), offer.declined, offer.expired,
   *   plan.completed, plan.broken, task.completed (`outcome`), placement.remitted
   *   (its amount is gross; `commission`, where it was told, in minor units),
   *   placement.returned (`reason`; `left`: what the agency still has of it, in
   *   minor units);
   * - none: payment.pending, payment.failed (`code`, `hard`: true or false),
   *   payment.reversed (`code`), payment.lapsed, promise.made (`due-on`),
   *   promise.kept, promise.broken, hold.placed, hold.lifted, hold.ended, replied (`reason`), contact.opted-in and contact.opted-out
   *   (`channel`).
   */
  export interface Event {
    kind: string,
    /**
     * As said above.
     */
    subject?: string,
    /**
     * The money in it.
     */
    amount?: Amount,
    /**
     * The customer's civil date of it; of money the day it was paid on.
     */
    on: Date,
    /**
     * When the host learned of it.
     */
    at: Timestamp,
    /**
     * By name.
     */
    details: Array<[string, string]>,
  }
  /**
   * When a wake-up was to be, and by how many milliseconds it is late: 0 or more.
   */
  export interface Lateness {
    planned: Timestamp,
    lateByMs: bigint,
  }
  /**
   * What was ruled of the decision just made.
   */
  export interface Answer {
    /**
     * One for each of its proposals, in their order.
     */
    verdicts: Array<Verdict>,
    /**
     * What that decision was asked for, if it was an event.
     */
    event?: Event,
  }
  /**
   * Why the stage is asked.
   */
  export type Trigger = TriggerEntered | TriggerWoken | TriggerAnswered | TriggerEvent;
  /**
   * The first call of this visit.
   */
  export interface TriggerEntered {
    tag: 'entered',
  }
  /**
   * The wake-up that an earlier decision asked for, or one that was deferred.
   */
  export interface TriggerWoken {
    tag: 'woken',
    val: Lateness,
  }
  /**
   * Not all of the decision just made was allowed, and nothing of it was done:
   * decide again, in the same instant, once. Of this second decision what is
   * allowed or reduced is done. Where something of it is deferred or refused,
   * `leave` becomes a `stay` until the earliest deferral ends, or until
   * tomorrow; where everything is refused, the workflow's `on_failure` applies.
   */
  export interface TriggerAnswered {
    tag: 'answered',
    val: Answer,
  }
  export interface TriggerEvent {
    tag: 'event',
    val: Event,
  }
  export interface StagePosition {
    /**
     * As the workflow names it.
     */
    id: string,
    /**
     * When this visit began.
     */
    entered: Timestamp,
    /**
     * 0 on the first call of this visit.
     */
    callsBefore: number,
    /**
     * 0 on the first visit.
     */
    visitsBefore: number,
    /**
     * Since the civil date on which this visit began.
     */
    daysInStage: number,
    businessDaysInStage: number,
    /**
     * What this visit left in `decision.memory`; empty on a new visit, and when
     * the plugin's `memory-version` has changed since.
     */
    memory: Uint8Array,
  }
  export interface Situation {
    now: Moment,
    trigger: Trigger,
    stage: StagePosition,
    customer: Customer,
    balance: Balance,
    history: History,
    score?: Score,
    /**
     * Newest first, at most 50.
     */
    effects: Array<Effect>,
  }
  /**
   * Why a debtor is written to. Guards differ by it.
   * # Variants
   *
   * ## `"reminder"`
   *
   * ## `"demand"`
   *
   * ## `"legal-notice"`
   *
   * ## `"offer"`
   *
   * ## `"confirmation"`
   */
  export type Purpose = 'reminder' | 'demand' | 'legal-notice' | 'offer' | 'confirmation';
  /**
   * Plain text of the stage's own: `subject` a line of at most 200 characters,
   * `body` at most 8 KiB. Names and links come from host placeholders, of the form
   * `{{ customer.name }}`, and so should amounts of money; any other template
   * syntax the guard refuses ("template-failed").
   *
   * Neither has a web address: no `://`, no word that begins with `www.`, no scheme
   * http, https, mailto, javascript, data, tel or sms with something right behind
   * it, and nothing that reads as a host: words with a point between them, the
   * latter of two letters or more (`pay.example.com`, `example.br`). So a full stop
   * has a space behind it. A placeholder for a link is none. Text that becomes one
   * where it is joined with a variable the guard refuses ("template-failed").
   */
  export interface InlineContent {
    subject: string,
    body: string,
  }
  /**
   * A reference to a template that the workflow version has locked, or plain text
   * of the stage's own.
   */
  export type Content = ContentTemplate | ContentInline;
  export interface ContentTemplate {
    tag: 'template',
    val: string,
  }
  export interface ContentInline {
    tag: 'inline',
    val: InlineContent,
  }
  /**
   * Only confirmations may be sent while the account is held, while nothing is
   * owed, and outside the send window. What else the guard refuses or defers is
   * the tenant's contact policy.
   */
  export interface Message {
    purpose: Purpose,
    channel: Channel,
    content: Content,
    /**
     * Further text: at most 16, each with a name of its own. The name is 1 to 64
     * characters of `a-z`, `A-Z`, `0-9` and `_`, the first one a letter: a template
     * reads it as `vars.<name>`. The value is at most 1 KiB, without a web address
     * as in `inline-content`.
     */
    variables: Array<[string, string]>,
  }
  /**
   * The guard refuses one while an earlier charge of the case has no answer: whether
   * it was made is not known ("charge-pending").
   */
  export interface Charge {
    /**
     * None: all that is chaseable. The guard reduces more than that.
     */
    amount?: Amount,
    /**
     * The key of one of the customer's methods; none: the default one.
     */
    method?: string,
    /**
     * None: at once.
     */
    on?: Date,
  }
  /**
   * Posted at most once per item, kind and occurrence, for ever. Only on an
   * invoice or other charge, of which something may be chased; the tenant may set
   * a ceiling for a kind, to which the guard reduces it.
   */
  export interface Fee {
    /**
     * A dotted name.
     */
    kind: string,
    /**
     * The key of one of the situation's items.
     */
    item: string,
    /**
     * A dotted name.
     */
    occurrence: string,
    amount: Amount,
  }
  /**
   * The host computes it, from where it ended last. Only on an invoice or other
   * charge, of which something may be chased. The guard refuses terms that the tenant
   * does not have ("unknown-terms"), and reduces it to their ceiling.
   */
  export interface Interest {
    /**
     * A reference to the tenant's interest terms.
     */
    terms: string,
    /**
     * The key of one of the situation's items.
     */
    item: string,
    /**
     * Its last day: at most 3660 days before or after today. The guard refuses one
     * that has not come ("interest-in-the-future").
     */
    until: Date,
  }
  /**
   * So much off the items when they are paid in time. Host 0.1 keeps the offer until
   * it expires, and takes nothing off yet: the tenant has to.
   */
  export interface Discount {
    /**
     * An item list. The guard refuses one of which nothing may be chased ("cover").
     */
    items: Array<string>,
    /**
     * Hundredths of a percent: 1 to 10000.
     */
    basisPoints: number,
    /**
     * The last day of the offer: after today.
     */
    validUntil: Date,
  }
  export interface Instalment {
    dueOn: Date,
    amount: Amount,
  }
  export interface Plan {
    /**
     * 1 to 60, each due after the one before it. They add up to the chaseable
     * amount of the offer's items; with `waive-fees` of those that are no late fee
     * and no interest.
     */
    instalments: Array<Instalment>,
    /**
     * Late fees and interest among the items are waived when the plan is accepted.
     */
    waiveFees: boolean,
  }
  /**
   * One offer of a case stands at a time: the guard refuses another
   * ("offer-open").
   */
  export interface PlanOffer {
    /**
     * An item list. The guard refuses one of which nothing may be chased ("cover").
     */
    items: Array<string>,
    /**
     * 1 to 3.
     */
    plans: Array<Plan>,
    /**
     * The last day of the offer: after today.
     */
    validUntil: Date,
  }
  /**
   * A person's work. Whoever completes it says with what outcome, and the event
   * task.completed tells it; a worklist offers the outcomes of the stage.
   */
  export interface Task {
    /**
     * A line of 1 to 200 characters.
     */
    title: string,
    /**
     * At most 4 KiB.
     */
    details: string,
    dueOn: Date,
    /**
     * A reference.
     */
    team: string,
    /**
     * 0 (lowest) to 9.
     */
    priority: number,
    /**
     * Sent, through the guard, when a person approves it.
     */
    draft?: Message,
  }
  /**
   * To people at the tenant.
   */
  export interface Notice {
    /**
     * A reference.
     */
    team: string,
    /**
     * At most 4 KiB.
     */
    text: string,
  }
  /**
   * # Variants
   *
   * ## `"restrict"`
   *
   * ## `"suspend"`
   *
   * ## `"restore"`
   *
   * ## `"terminate"`
   */
  export type ServiceChange = 'restrict' | 'suspend' | 'restore' | 'terminate';
  export interface Service {
    /**
     * A reference: the contract of an item, or of one that is no longer open. The
     * guard refuses one that no item of this currency bears ("unknown-contract"),
     * and to take away a service of which nothing is past due and may be chased
     * ("contract-not-overdue").
     */
    contract: string,
    change: ServiceChange,
  }
  export interface Placement {
    /**
     * A reference.
     */
    agency: string,
    /**
     * An item list. The guard refuses one of which nothing may be chased ("cover").
     */
    items: Array<string>,
    /**
     * Hundredths of a percent: 0 to 10000.
     */
    commissionBps: number,
    /**
     * 1 to 3660.
     */
    termDays: number,
  }
  /**
   * Takes items back from the agency that the named placement gave them to.
   */
  export interface Recall {
    /**
     * The key of the proposal that placed them.
     */
    placement: string,
    /**
     * 1 to 200, none twice. They need not be among the situation's items, for what
     * is paid has to be taken back too; the guard refuses one that is not placed
     * ("not-placed").
     */
    items: Array<string>,
    /**
     * At most 500 characters.
     */
    reason: string,
  }
  /**
   * The whole account rests until the end of the day; facts still reach the stage.
   */
  export interface Hold {
    /**
     * At most 500 characters.
     */
    reason: string,
    /**
     * After today. The guard refuses more than 365 days ("hold-too-long").
     */
    until: Date,
  }
  export interface WriteOff {
    /**
     * An item list. The guard refuses an item of which a part is covered ("cover"),
     * and one that is placed and not recalled before in the same decision
     * ("placed").
     */
    items: Array<string>,
    /**
     * At most 500 characters.
     */
    reason: string,
  }
  export interface NamedJson {
    /**
     * A dotted name.
     */
    name: string,
    /**
     * One JSON value of at most 16 KiB, nested less than 128 deep.
     */
    json: string,
  }
  export type Action = ActionSendMessage | ActionCharge | ActionAddFee | ActionAddInterest | ActionOfferDiscount | ActionOfferPlan | ActionOpenTask | ActionNotifyTeam | ActionChangeService | ActionPlaceWithAgency | ActionRecallPlacement | ActionHold | ActionWriteOff | ActionAddNote | ActionCustom;
  export interface ActionSendMessage {
    tag: 'send-message',
    val: Message,
  }
  export interface ActionCharge {
    tag: 'charge',
    val: Charge,
  }
  export interface ActionAddFee {
    tag: 'add-fee',
    val: Fee,
  }
  export interface ActionAddInterest {
    tag: 'add-interest',
    val: Interest,
  }
  export interface ActionOfferDiscount {
    tag: 'offer-discount',
    val: Discount,
  }
  export interface ActionOfferPlan {
    tag: 'offer-plan',
    val: PlanOffer,
  }
  export interface ActionOpenTask {
    tag: 'open-task',
    val: Task,
  }
  export interface ActionNotifyTeam {
    tag: 'notify-team',
    val: Notice,
  }
  export interface ActionChangeService {
    tag: 'change-service',
    val: Service,
  }
  export interface ActionPlaceWithAgency {
    tag: 'place-with-agency',
    val: Placement,
  }
  export interface ActionRecallPlacement {
    tag: 'recall-placement',
    val: Recall,
  }
  export interface ActionHold {
    tag: 'hold',
    val: Hold,
  }
  export interface ActionWriteOff {
    tag: 'write-off',
    val: WriteOff,
  }
  /**
   * For the case's timeline: at most 4 KiB.
   */
  export interface ActionAddNote {
    tag: 'add-note',
    val: string,
  }
  /**
   * Leaves as a webhook event of this name.
   */
  export interface ActionCustom {
    tag: 'custom',
    val: NamedJson,
  }
  export interface Proposal {
    /**
     * The stage's own name for it: 1 to 64 characters of `a-z`, `0-9`, `-`, `.` and
     * `:`, used once in a decision. One key is done once per visit; after it has
     * failed or was cancelled it may be done again.
     */
    key: string,
    /**
     * Of a kind that the manifest proposes. The guard refuses what the tenant does
     * not grant ("grant").
     */
    action: Action,
  }
  /**
   * When to ask again. The host rolls days to business days and into the
   * workflow's send window, and never waits longer than the workflow's longest
   * silence.
   */
  export type Wake = WakeAfterMinutes | WakeAfterDays | WakeAfterBusinessDays | WakeOnDate | WakeOnEvent;
  /**
   * 15 to 5270400.
   */
  export interface WakeAfterMinutes {
    tag: 'after-minutes',
    val: number,
  }
  /**
   * 1 to 3660.
   */
  export interface WakeAfterDays {
    tag: 'after-days',
    val: number,
  }
  /**
   * 1 to 3660.
   */
  export interface WakeAfterBusinessDays {
    tag: 'after-business-days',
    val: number,
  }
  /**
   * After today.
   */
  export interface WakeOnDate {
    tag: 'on-date',
    val: Date,
  }
  /**
   * An event, or the workflow's longest silence.
   */
  export interface WakeOnEvent {
    tag: 'on-event',
  }
  export type Next = NextStay | NextLeave;
  export interface NextStay {
    tag: 'stay',
    val: Wake,
  }
  /**
   * Leave by one of the outcomes of the manifest, once the effects of this
   * decision have been handed over. If one of them fails first, the stage is
   * asked again; so it is by an event or the longest silence, and what it decides
   * then takes the place of this.
   */
  export interface NextLeave {
    tag: 'leave',
    val: string,
  }
  /**
   * `code` is a line of 1 to 64 characters, `text` at most 500 characters.
   */
  export interface Reason {
    code: string,
    text: string,
  }
  export interface Decision {
    /**
     * At most 32, carried out in this order.
     */
    proposals: Array<Proposal>,
    next: Next,
    /**
     * At most 4 KiB; none leaves it as it was.
     */
    memory?: Uint8Array,
    /**
     * Why, in words that a person at the tenant can check: at most 16.
     */
    reasons: Array<Reason>,
  }
  /**
   * `pointer` is an RFC 6901 JSON pointer into the config, a line of at most 500
   * characters: empty for the whole, else it begins with `/`. `text` is at most
   * 500 characters.
   */
  export interface ConfigProblem {
    pointer: string,
    text: string,
  }
  /**
   * The stage's own way of saying no: the workflow's `on_failure` applies.
   */
  export type Refusal = RefusalBadConfig | RefusalUnsupported | RefusalOther;
  /**
   * At most 100.
   */
  export interface RefusalBadConfig {
    tag: 'bad-config',
    val: Array<ConfigProblem>,
  }
  /**
   * At most 500 characters.
   */
  export interface RefusalUnsupported {
    tag: 'unsupported',
    val: string,
  }
  export interface RefusalOther {
    tag: 'other',
    val: Reason,
  }
  /**
   * What a stage says of itself. It is checked when the stage is uploaded.
   */
  export interface Manifest {
    /**
     * A name.
     */
    name: string,
    /**
     * Semantic version, e.g. "1.0.0", of at most 64 characters; its numbers have at
     * most 10 digits.
     */
    version: string,
    /**
     * A line of at most 200 characters.
     */
    summary: string,
    /**
     * JSON Schema 2020-12 of the config: a JSON object of at most 64 KiB. The formats
     * regua-template, regua-team, regua-agency, regua-segment and regua-terms are
     * references that the host resolves when a workflow is published; publishing
     * refuses a schema that refers other than by `#/...`, or takes too long.
     */
    configSchema: string,
    /**
     * 1 to 32 names, none twice, and none of the host's own: `paid` and `skipped`.
     */
    outcomes: Array<string>,
    /**
     * What it may propose, none twice: intersected with what the tenant grants.
     */
    proposes: Array<ActionKind>,
    /**
     * Event kinds it wants to be asked about: at most 64 dotted names, none twice.
     */
    listens: Array<string>,
    /**
     * Raise it when `memory` changes its shape.
     */
    memoryVersion: number,
  }
}
