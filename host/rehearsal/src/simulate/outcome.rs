//! What came of payers, in whole numbers: sums of them are the same in whatever order they are added.

use std::collections::BTreeMap;

use regua_domain::case::Case;
use serde::{Deserialize, Serialize};

/// Days overdue that the curve of recovery goes to; what is paid later is paid by then.
pub const CURVE_DAYS: usize = 181;

/// What came of one payer, or in sum of many. Money in minor units, by numbers that no sum of amounts
/// comes to the end of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What they were billed.
    pub billed: i128,
    /// What they paid in time.
    pub paid_in_time: i128,
    /// What they paid late.
    pub paid_late: i128,
    /// What is overdue at the end.
    pub overdue_at_end: i128,
    /// What is open at the end and not due yet.
    pub not_yet_due: i128,
    /// What was paid late, times by how many days.
    pub late_days: i128,
    /// What was paid late, by the days overdue.
    pub curve: Vec<i128>,
    /// Messages by channel.
    pub contacts: BTreeMap<String, u64>,
    /// Messages by week.
    pub by_week: Vec<u64>,
    /// What was paid late, by the week in which it was paid.
    pub recovered_by_week: Vec<i128>,
    /// What was done cost so much, by week, commissions among it.
    pub cost_by_week: Vec<i128>,
    /// Cases that were opened.
    pub cases: u64,
    /// Of these, those that entered a stage at least once, by stage.
    pub reached: BTreeMap<String, u64>,
    /// How many cases stand how at the end: at their stage, or by how they ended.
    pub stands: BTreeMap<String, u64>,
    /// Replies.
    pub replies: u64,
    /// Promises that were kept.
    pub promises_kept: u64,
    /// Promises that were broken.
    pub promises_broken: u64,
    /// Offers of plans.
    pub offers: u64,
    /// Plans that were taken.
    pub plans: u64,
    /// Of these, broken.
    pub plans_broken: u64,
    /// Placements with agencies.
    pub placements: u64,
    /// What agencies kept.
    pub commission: i128,
    /// Tasks for people.
    pub tasks: u64,
    /// What was done cost so much, commissions left out.
    pub spent: i128,
    /// Failures and refusals of stages.
    pub failures: u64,
    /// How many times a stage was asked.
    pub decisions: u64,
}

impl Outcome {
    /// Notes a payment on a day of the simulation.
    pub(super) fn paid(&mut self, on: i64, amount: i64, days_late: i64) {
        let amount = i128::from(amount);
        if days_late <= 0 {
            self.paid_in_time += amount;
            return;
        }
        self.paid_late += amount;
        self.late_days += amount * i128::from(days_late);
        let day = usize::try_from(days_late).unwrap_or(0).min(CURVE_DAYS - 1);
        self.curve.resize(CURVE_DAYS, 0);
        self.curve[day] += amount;
        *of_week(&mut self.recovered_by_week, on) += amount;
    }

    pub(super) fn contact(&mut self, day: i64, channel: &str) {
        *self.contacts.entry(channel.to_owned()).or_default() += 1;
        *of_week(&mut self.by_week, day) += 1;
    }

    /// Notes what something cost that was done on a day.
    pub(super) fn spend(&mut self, day: i64, cost: u32) {
        self.spent += i128::from(cost);
        *of_week(&mut self.cost_by_week, day) += i128::from(cost);
    }

    /// Notes what an agency kept of what it brought in on a day.
    pub(super) fn kept_by_agency(&mut self, day: i64, amount: i64) {
        self.commission += i128::from(amount);
        *of_week(&mut self.cost_by_week, day) += i128::from(amount);
    }

    /// Notes where a case came to.
    pub(super) fn case(&mut self, case: &Case) {
        self.cases += 1;
        for (stage, _) in &case.visits {
            *self.reached.entry(stage.clone()).or_default() += 1;
        }
        let stands = crate::play::stands(case);
        *self.stands.entry(stands.to_owned()).or_default() += 1;
    }

    /// All messages.
    pub fn messages(&self) -> u64 {
        self.contacts.values().sum()
    }

    /// What dunning cost, commissions among it.
    pub const fn cost(&self) -> i128 {
        self.spent + self.commission
    }

    /// Of what was late, the share that was paid in the end, 0 to 1.
    pub fn recovery_rate(&self) -> f64 {
        let late = self.paid_late + self.overdue_at_end;
        if late == 0 {
            return 1.0;
        }
        self.paid_late as f64 / late as f64
    }

    /// Days from due to paid of what was paid late, by the amount.
    pub fn days_to_recover(&self) -> f64 {
        if self.paid_late == 0 {
            return 0.0;
        }
        self.late_days as f64 / self.paid_late as f64
    }

    /// Cost of a unit that was recovered.
    pub fn cost_of_recovery(&self) -> f64 {
        if self.paid_late == 0 {
            return 0.0;
        }
        self.cost() as f64 / self.paid_late as f64
    }

    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        self.billed += other.billed;
        self.paid_in_time += other.paid_in_time;
        self.paid_late += other.paid_late;
        self.overdue_at_end += other.overdue_at_end;
        self.not_yet_due += other.not_yet_due;
        self.late_days += other.late_days;
        add(&mut self.curve, &other.curve);
        add(&mut self.by_week, &other.by_week);
        add(&mut self.recovered_by_week, &other.recovered_by_week);
        add(&mut self.cost_by_week, &other.cost_by_week);
        add_named(&mut self.contacts, &other.contacts);
        self.cases += other.cases;
        add_named(&mut self.reached, &other.reached);
        add_named(&mut self.stands, &other.stands);
        self.replies += other.replies;
        self.promises_kept += other.promises_kept;
        self.promises_broken += other.promises_broken;
        self.offers += other.offers;
        self.plans += other.plans;
        self.plans_broken += other.plans_broken;
        self.placements += other.placements;
        self.commission += other.commission;
        self.tasks += other.tasks;
        self.spent += other.spent;
        self.failures += other.failures;
        self.decisions += other.decisions;
    }
}

fn add_named(sums: &mut BTreeMap<String, u64>, more: &BTreeMap<String, u64>) {
    for (name, count) in more {
        match sums.get_mut(name) {
            Some(sum) => *sum += count,
            None => drop(sums.insert(name.clone(), *count)),
        }
    }
}

/// The sum of the week that a day is in.
fn of_week<T: Clone + Default>(weeks: &mut Vec<T>, day: i64) -> &mut T {
    let week = usize::try_from(day / 7).unwrap_or(0);
    if weeks.len() <= week {
        weeks.resize(week + 1, T::default());
    }
    &mut weeks[week]
}

fn add<T: Copy + Default + std::ops::AddAssign>(sums: &mut Vec<T>, more: &[T]) {
    if sums.len() < more.len() {
        sums.resize(more.len(), T::default());
    }
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += *more;
    }
}

/// A difference between two policies on the same payers, with how far chance may have made it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// How much more of it a payer has under the challenger, on average.
    pub mean: f64,
    /// From here …
    pub low: f64,
    /// … to here it would lie in 95 of 100 cases, were there none but chance.
    pub high: f64,
}

impl Difference {
    /// Whether it is told from chance: the interval does not hold 0.
    pub fn is_told(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// The sum and the sum of squares of a difference over payers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Paired {
    count: u64,
    sum: i128,
    squares: u128,
    /// How many times the squares went over the end of their number.
    carried: u64,
}

impl Paired {
    pub(super) fn note(&mut self, difference: i128) {
        self.add(Self {
            count: 1,
            sum: difference,
            squares: difference.unsigned_abs().saturating_pow(2),
            carried: 0,
        });
    }

    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.sum += other.sum;
        let (squares, is_over) = self.squares.overflowing_add(other.squares);
        self.squares = squares;
        self.carried += other.carried + u64::from(is_over);
    }

    /// The mean, and 1.96 standard errors of it to each side.
    pub(super) fn difference(self) -> Difference {
        if self.count < 2 {
            return Difference::default();
        }
        let count = self.count as f64;
        let mean = self.sum as f64 / count;
        let squares = self.squares as f64 + self.carried as f64 * 2_f64.powi(128);
        let variance = (squares - count * mean * mean) / (count - 1.0);
        let error = 1.96 * (variance.max(0.0) / count).sqrt();
        Difference {
            mean,
            low: mean - error,
            high: mean + error,
        }
    }
}
