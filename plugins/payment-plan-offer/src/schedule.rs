//! Instalments: amounts that add up to the last minor unit, on days that exist.

use std::num::NonZeroU32;

use regua_sdk::prelude::*;

#[cfg(test)]
mod tests;

/// How far instalments lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// So many days.
    Days(u16),
    /// A month: the same day of it, or its last day where it has no such day.
    Months,
}

/// A plan, before it is known whether a balance fits it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// At least 1, the down payment among them.
    pub(crate) instalments: u8,
    pub(crate) spacing: Spacing,
    /// The share of the first instalment; all are equal without.
    pub(crate) down_payment: Option<BasisPoints>,
    /// When the first instalment is due.
    pub(crate) first: Date,
    /// No instalment is below this, nor below one minor unit.
    pub(crate) smallest: Amount,
}

impl Terms {
    /// The instalments by which the whole is paid; none where one would be too small.
    pub(crate) fn instalments_of(&self, whole: Amount) -> Option<Vec<(Date, Amount)>> {
        let amounts = self.amounts(whole)?;
        let smallest = self.smallest.max(Amount::from_minor(1));
        if amounts.iter().any(|&amount| amount < smallest) {
            return None;
        }
        let days = (0..).map(|index| self.due_on(index));
        Some(days.zip(amounts).collect())
    }

    /// The down payment takes the rounding of its share, the first of the equal ones what
    /// does not divide.
    fn amounts(&self, whole: Amount) -> Option<Vec<Amount>> {
        let count = NonZeroU32::new(self.instalments.into())?;
        let Some(share) = self.down_payment else {
            return Some(whole.split(count).collect());
        };
        let down = whole.share(share, Rounding::HalfUp);
        let rest = whole.checked_sub(down)?;
        let count = NonZeroU32::new(count.get() - 1)?;
        Some(std::iter::once(down).chain(rest.split(count)).collect())
    }

    /// Each is counted from the first, so that the 31st comes back after a short month.
    fn due_on(&self, index: u8) -> Date {
        match self.spacing {
            Spacing::Days(days) => self.first.plus_days(i32::from(days) * i32::from(index)),
            Spacing::Months => plus_months(self.first, index),
        }
    }
}

/// So many months later: the same day, or the month's last day where it has no such day.
pub(crate) fn plus_months(date: Date, months: u8) -> Date {
    let (year, month, day) = date.ymd();
    let month = month - 1 + u32::from(months);
    let (year, month) = (year + (month / 12) as i32, month % 12 + 1);
    (28..=day)
        .rev()
        .chain([day.min(28)])
        .find_map(|day| Date::from_ymd(year, month, day))
        .unwrap_or(Date::MAX)
}
