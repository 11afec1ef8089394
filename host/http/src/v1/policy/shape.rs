//! What the settings look like in the reference. They are read by the domain's own types,
//! which know better what is wrong with them; a test keeps the two together.
#![allow(dead_code, reason = "these are schemas, never values")]

use std::collections::BTreeMap;

use regua_domain::policy::ChargesOnPaid;
use regua_domain::time::Date;
use schemars::JsonSchema;
use serde_json::json;

/// All settings of a tenant.
#[derive(JsonSchema)]
#[schemars(rename = "Policy", deny_unknown_fields, example = json!({
    "display_name": "Acme Ltd", "charges_on_paid_principal": "waive",
    "teams": ["sales"], "link_base": "https://pay.acme.example", "default_workflow": "standard"
}))]
pub(super) struct PolicyShape {
    /// How the tenant signs.
    display_name: String,
    /// Whether the tenant has its own clock: chosen when it is created, and kept.
    sandbox: Option<bool>,
    contact: Option<ContactShape>,
    /// What stages may propose, of plugins that are not named in `plugin_grants`. Left out:
    /// everything that they declare.
    grants: Option<Vec<String>>,
    /// By a plugin's name: what its stages may propose, in place of `grants`. What a plugin does
    /// not declare, it may not propose either. A change is heeded from the next decision on.
    plugin_grants: Option<BTreeMap<String, Vec<String>>>,
    /// Whether a plugin is only taken with the signature of one of the tenant's plugin keys; what
    /// is on the shelf stays there. Left out: no.
    signed_plugins: Option<bool>,
    /// Attributes of customers that stages may see.
    visible_attributes: Option<Vec<String>>,
    /// Teams that tasks and notices may name.
    teams: Option<Vec<String>>,
    /// Agencies that items may be placed with.
    agencies: Option<Vec<String>>,
    /// Which of an item's kinds money pays first, where items are due on one day.
    allocation: Option<Vec<String>>,
    /// What becomes of unpaid fees and interest on principal that was paid.
    charges_on_paid_principal: ChargesOnPaid,
    /// At most this share of an item, in basis points, may be charged as fees of a kind.
    fee_ceilings: Option<BTreeMap<String, u32>>,
    /// By the name that stages ask for them by.
    interest_terms: Option<BTreeMap<String, TermsShape>>,
    /// Days after a case's end in which an item that comes back reopens it.
    reopen_days: Option<u32>,
    /// Days a promise or an instalment may be late before it counts as broken.
    grace_days: Option<u32>,
    /// Days a pending payment covers before it is taken for lost.
    pending_days: Option<u32>,
    /// Where links in letters lead: an https:// address.
    link_base: Option<String>,
    /// By name: holidays by day, with what each is called.
    calendars: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Which workflow a new case gets: the first rule that fits whole.
    assignment: Option<Vec<RuleShape>>,
    /// The workflow where no rule fits.
    default_workflow: Option<String>,
}

/// Limits on contacts. They bind across cases and currencies.
#[derive(JsonSchema)]
#[schemars(rename = "ContactPolicy", deny_unknown_fields, example = json!({
    "quiet_hours": { "from": 1260, "to": 480 }, "per_channel_7_days": { "sms": 2 },
    "gap_hours": { "reminder": 20, "demand": 20 }
}))]
pub(super) struct ContactShape {
    quiet_hours: Option<QuietShape>,
    /// By channel: at most so many contacts in any seven days.
    per_channel_7_days: Option<BTreeMap<String, u16>>,
    /// For channels not named.
    per_channel_7_days_default: Option<u16>,
    /// By purpose: at least so many hours after any contact.
    gap_hours: Option<BTreeMap<String, u32>>,
    /// Purposes that neither the caps nor the gaps bind.
    exempt: Option<Vec<String>>,
    /// At most so many messages of these purposes in any 24 hours.
    exempt_24_hours: Option<u16>,
}

/// Minutes of the customer's own day in which nobody is contacted; it may go over midnight.
#[derive(JsonSchema)]
#[schemars(rename = "QuietHours", deny_unknown_fields)]
pub(super) struct QuietShape {
    #[schemars(range(max = 1_439))]
    from: u16,
    #[schemars(range(max = 1_439))]
    to: u16,
}

/// Which workflow a new case gets.
#[derive(JsonSchema)]
#[schemars(rename = "Assignment", deny_unknown_fields, example = json!({
    "assignment": [{ "workflow": "gentle", "kind": "consumer", "jurisdiction": "GB" }],
    "default_workflow": "standard"
}))]
pub(super) struct AssignmentShape {
    /// The first that fits whole.
    assignment: Option<Vec<RuleShape>>,
    /// Where none fits.
    default_workflow: Option<String>,
}

/// A rule of assignment: everything given must fit.
#[derive(JsonSchema)]
#[schemars(rename = "AssignmentRule", deny_unknown_fields)]
pub(super) struct RuleShape {
    workflow: String,
    segment: Option<String>,
    /// consumer or business.
    kind: Option<String>,
    /// A country or a subdivision: `BR` fits `BR-SP` too.
    jurisdiction: Option<String>,
    /// ISO 4217.
    currency: Option<String>,
}

/// Terms of interest: simple, on principal, from the day after it is due.
#[derive(JsonSchema)]
#[schemars(rename = "InterestTerms", deny_unknown_fields, example = json!({
    "rates": [{ "percent": "11.27" }, { "from": "2026-07-01", "percent": "10.82" }],
    "per": "year", "day_count": "act/365", "rounding": "half-up"
}))]
pub(super) struct TermsShape {
    /// In the order of their days; the first has none.
    rates: Vec<RateShape>,
    /// year or month.
    per: String,
    /// act/365, act/360, act/act or 30/360.
    day_count: String,
    /// half-up, half-even, down or up: of the sum, never of its parts.
    rounding: String,
    /// At most this share of what was billed.
    ceiling_percent: Option<NumberShape>,
    /// At most this amount per item, by currency.
    ceiling_amount: Option<BTreeMap<String, String>>,
    /// Reasons of holds on whose days nothing accrues.
    suspended_by: Option<Vec<String>>,
}

/// A rate from a day on.
#[derive(JsonSchema)]
#[schemars(rename = "InterestRate", deny_unknown_fields)]
pub(super) struct RateShape {
    #[schemars(with = "Option<chrono::NaiveDate>")]
    from: Option<Date>,
    percent: NumberShape,
}

/// A decimal, best written as text.
#[derive(JsonSchema)]
#[schemars(rename = "Decimal", untagged)]
pub(super) enum NumberShape {
    Text(String),
    Number(f64),
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regua_domain::policy::Policy;
    use schemars::schema_for;
    use serde_json::Value;

    use super::*;

    fn names(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_reference_shows_every_setting_there_is() {
        let mut policy = Policy::new("Acme", ChargesOnPaid::Keep);
        policy
            .calendars
            .insert("office".to_owned(), BTreeMap::new());
        policy
            .plugin_grants
            .insert("noter".to_owned(), BTreeSet::new());
        let all = serde_json::to_value(policy).unwrap();
        let shown = |schema: schemars::Schema| names(&schema.to_value()["properties"]);
        assert_eq!(shown(schema_for!(PolicyShape)), names(&all));
        assert_eq!(shown(schema_for!(ContactShape)), names(&all["contact"]));
    }

    #[test]
    fn the_examples_are_read() {
        let example = |schema: schemars::Schema| schema.to_value()["examples"][0].clone();
        let policy = example(schema_for!(PolicyShape));
        serde_json::from_value::<Policy>(policy).unwrap();
        let contact = example(schema_for!(ContactShape));
        serde_json::from_value::<regua_domain::policy::ContactPolicy>(contact).unwrap();
        let terms = example(schema_for!(TermsShape));
        serde_json::from_value::<regua_domain::interest::Terms>(terms).unwrap();
    }
}
