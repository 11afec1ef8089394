//! When a payer pays, and how much.

use regua_domain::contract::ActionKind;
use regua_domain::effect::EffectKey;
use regua_domain::fact::{Fact, PaymentFacts, RemittanceFacts};
use regua_domain::ledger::{Disposition, Item};
use regua_domain::money::{AMOUNT_MAX, Money};
use regua_domain::time::{Date, HOUR_MS, Timestamp};

use super::Payer;
use crate::simulate::PlayError;
use crate::simulate::chance::For;
use crate::simulate::model::age_of;

/// Hours of the day at which money arrives: from nine to five.
const HOURS: f64 = 8.0;

impl Payer<'_> {
    /// What is paid on a day, which begins at an instant, each at its hour.
    pub(super) fn pays(mut self, day: i64, start: Timestamp) -> Result<Self, PlayError> {
        let mut due = Vec::new();
        for item in &self.play.dossier().items {
            if item.outstanding > 0
                && item.kind.is_principal()
                && !self.disputes.contains_key(&item.reference)
                && let Some(amount) = self.pays_of(day, item)
            {
                let placed = item.disposition == Disposition::Placed;
                due.push((self.hour(day, item), item.reference.clone(), amount, placed));
            }
        }
        let promised = self.promise.filter(|(on, _)| *on == day);
        if let Some((_, kept)) = promised {
            self.promise = None;
            let owed = self.owed();
            if kept && owed > 0 {
                due = vec![(0.5, String::new(), owed, false)];
            }
            self.outcome.promises_kept += u64::from(kept && owed > 0);
            self.outcome.promises_broken += u64::from(!kept);
        }
        for (_, amount) in self.instalments.iter().filter(|(on, _)| *on == day) {
            due.push((0.5, String::new(), *amount, false));
        }
        self.instalments.retain(|(on, _)| *on > day);
        due.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (hour, invoice, amount, placed) in due {
            let at = start.plus_ms(9 * HOUR_MS + (hour * HOURS * HOUR_MS as f64) as i64);
            self.play = self.play.run(self.policy.stages, at)?;
            self.pay(day, invoice, amount, placed)?;
        }
        Ok(self)
    }

    fn hour(&self, day: i64, item: &Item) -> f64 {
        self.chance.draw(For::Hour, day as u64, key(item))
    }

    /// How much of an item is paid today of the payer's own accord, if any.
    fn pays_of(&self, day: i64, item: &Item) -> Option<i64> {
        let hazard = self.hazard(day, item);
        let probability = 1.0 - (-hazard).exp();
        if !self
            .chance
            .happens(probability, For::Pays, day as u64, key(item))
        {
            return None;
        }
        let part = self.setting.model.partial_share;
        if !self
            .chance
            .happens(part, For::PaysPart, day as u64, key(item))
        {
            return Some(item.outstanding);
        }
        let share = 0.2 + 0.6 * self.chance.draw(For::PartOf, day as u64, key(item));
        Some(((item.outstanding as f64 * share) as i64).max(1))
    }

    /// The hazard of paying an item on a day.
    fn hazard(&self, day: i64, item: &Item) -> f64 {
        let model = &self.setting.model;
        if item.disposition == Disposition::Placed {
            return model.agency.hazard * self.frailty;
        }
        let today = self.date(day);
        let overdue = (today - item.due_on).num_days();
        let base = self.segment.hazard[age_of(i32::try_from(overdue).unwrap_or(i32::MAX))];
        let size = item.original as f64 / model.billing.median as f64;
        let day_of_month = chrono::Datelike::day(&today);
        let payday = if day_of_month <= 5 || day_of_month >= 25 {
            model.payday
        } else {
            model.other_days
        };
        base * self.frailty * size.powf(-model.amount_power) * payday * self.moved(day).exp()
    }

    /// What messages and replies of the last weeks add to the logarithm of the hazard.
    fn moved(&self, day: i64) -> f64 {
        let model = &self.setting.model;
        let recent = self.contacts.iter().filter(|(on, _)| day - on <= 30);
        let (mut moved, mut count) = (0.0, 0_u32);
        for (on, effect) in recent {
            let fades = (-((day - on) as f64) / model.contact.fades_days).exp();
            moved += effect * model.contact.again.powi(i32::try_from(count).unwrap_or(0)) * fades;
            count += 1;
        }
        moved -= model.contact.annoys * f64::from(count.saturating_sub(model.contact.borne));
        if self.no_money.is_some_and(|on| day - on <= 14) {
            moved += model.replies.no_money;
        }
        moved
    }

    pub(super) fn owed(&self) -> i64 {
        let items = self.play.dossier().items.iter();
        let open = items.filter(|item| item.outstanding > 0 && item.is_open());
        open.map(|item| item.outstanding).sum()
    }

    fn pay(
        &mut self,
        day: i64,
        invoice: String,
        amount: i64,
        placed: bool,
    ) -> Result<(), PlayError> {
        // Whatever was paid meanwhile is not paid again.
        let amount = amount.min(self.owed()).min(AMOUNT_MAX);
        if amount <= 0 {
            return Ok(());
        }
        let reference = self.reference("P");
        let money = Money::new(amount, self.currency);
        let days = self.days_late(&invoice, day);
        let taken = if let Some(placement) = self.placement().filter(|_| placed) {
            let bps = i128::from(self.setting.model.agency.commission_bps);
            let kept = i128::from(amount) * bps / 10_000;
            let kept = i64::try_from(kept).unwrap_or(amount);
            self.outcome.kept_by_agency(day, kept);
            self.tell(Fact::PlacementRemitted(RemittanceFacts {
                placement,
                reference,
                amount: money,
                paid_on: self.date(day),
                invoices: Vec::new(),
                commission: (kept > 0).then_some(Money::new(kept, self.currency)),
            }))
        } else {
            let payment = Fact::Payment(PaymentFacts {
                reference,
                amount: money,
                paid_on: self.date(day),
                invoices: Some(invoice)
                    .into_iter()
                    .filter(|name| !name.is_empty())
                    .collect(),
                pending: false,
            });
            self.must_tell("a payment", payment)?;
            true
        };
        if taken {
            self.outcome.paid(day, amount, days);
        }
        Ok(())
    }

    fn placement(&self) -> Option<EffectKey> {
        let mut effects = self.play.dossier().effects.iter().rev();
        let placed = effects.find(|effect| effect.kind() == ActionKind::PlaceWithAgency);
        placed.map(|effect| effect.key)
    }

    /// How late what is paid is: of the invoice that is named, else of the oldest that is open.
    fn days_late(&self, invoice: &str, day: i64) -> i64 {
        let mut items = self.play.dossier().items.iter();
        let named = items.find(|item| item.reference == invoice);
        let oldest = || {
            self.play
                .dossier()
                .items
                .iter()
                .find(|item| item.outstanding > 0)
        };
        let due_on = named.or_else(oldest).map(|item| item.due_on);
        due_on.map_or(0, |due_on| (self.date(day) - due_on).num_days())
    }
}

/// A number that tells an item from a payer's others.
fn key(item: &Item) -> u64 {
    let days = (item.issued_on - Date::default()).num_days();
    u64::try_from(days).unwrap_or(0)
}
