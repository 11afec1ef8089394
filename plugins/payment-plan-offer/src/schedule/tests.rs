//! The arithmetic of instalments, for any balance.

use proptest::prelude::*;

use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn terms() -> impl Strategy<Value = Terms> {
    let spacing = prop_oneof![(1_u16..=366).prop_map(Spacing::Days), Just(Spacing::Months)];
    (
        1_u8..=60,
        spacing,
        proptest::option::of(1_u32..10_000),
        // 1970 to 2107.
        0_i32..50_000,
        prop_oneof![Just(0_i64), 0_i64..1_000_000],
    )
        .prop_map(|(instalments, spacing, share, first, smallest)| Terms {
            instalments,
            spacing,
            down_payment: share.and_then(BasisPoints::new),
            first: Date::from_days(first),
            smallest: Amount::from_minor(smallest),
        })
}

fn wholes() -> impl Strategy<Value = Amount> {
    prop_oneof![0_i64..100, 0_i64..10_000_000, 0_i64..1_000_000_000_000_000]
        .prop_map(Amount::from_minor)
}

proptest! {
    #[test]
    fn instalments_add_up_and_none_is_too_small(terms in terms(), whole in wholes()) {
        if let Some(instalments) = terms.instalments_of(whole) {
            let sum: Amount = instalments.iter().map(|&(_, amount)| amount).sum();
            prop_assert_eq!(sum, whole);
            prop_assert_eq!(instalments.len(), usize::from(terms.instalments));
            for (_, amount) in instalments {
                prop_assert!(amount.is_positive() && amount >= terms.smallest);
            }
        }
    }

    #[test]
    fn days_ascend_from_the_first(terms in terms(), whole in wholes()) {
        if let Some(instalments) = terms.instalments_of(whole) {
            prop_assert_eq!(instalments[0].0, terms.first);
            prop_assert!(instalments.is_sorted_by(|(a, _), (b, _)| a < b));
        }
    }

    #[test]
    fn equal_instalments_fit_whenever_the_mean_does(
        instalments in 1_u8..=60, each in 1_i64..1_000_000, more in 0_i64..60,
    ) {
        let whole = each * i64::from(instalments) + more;
        let terms = Terms {
            instalments,
            spacing: Spacing::Months,
            down_payment: None,
            first: date("2025-01-31"),
            smallest: Amount::from_minor(each),
        };
        prop_assert!(terms.instalments_of(Amount::from_minor(whole)).is_some());
    }

    #[test]
    fn a_month_later_is_the_same_day_or_the_months_last(days in 0_i32..50_000, months in 0_u8..60) {
        let from = Date::from_days(days);
        let to = plus_months(from, months);
        let ((year, month, day), (to_year, to_month, to_day)) = (from.ymd(), to.ymd());
        let apart = (to_year * 12 + to_month as i32) - (year * 12 + month as i32);
        prop_assert_eq!(apart, i32::from(months));
        let is_last = to.plus_days(1).ymd().2 == 1;
        prop_assert!(to_day == day || (to_day < day && is_last));
    }
}

#[test]
fn the_31st_ends_with_short_months_and_comes_back() {
    let terms = |first| Terms {
        instalments: 4,
        spacing: Spacing::Months,
        down_payment: None,
        first: date(first),
        smallest: Amount::ZERO,
    };
    let days = |first| -> Vec<_> {
        let instalments = terms(first)
            .instalments_of(Amount::from_minor(100))
            .unwrap();
        instalments
            .into_iter()
            .map(|(day, _)| day.to_string())
            .collect()
    };
    assert_eq!(
        days("2025-01-31"),
        ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]
    );
    assert_eq!(
        days("2023-12-31"),
        ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31"]
    );
    assert_eq!(plus_months(date("2025-12-05"), 13), date("2027-01-05"));
}

#[test]
fn down_payment_comes_first_and_the_rest_is_even() {
    let terms = Terms {
        instalments: 4,
        spacing: Spacing::Days(14),
        down_payment: BasisPoints::new(2_500),
        first: date("2025-06-20"),
        smallest: Amount::from_minor(2_500),
    };
    let amounts = |whole| -> Option<Vec<i64>> {
        let instalments = terms.instalments_of(Amount::from_minor(whole))?;
        Some(
            instalments
                .into_iter()
                .map(|(_, amount)| amount.minor())
                .collect(),
        )
    };
    assert_eq!(amounts(10_001), Some(vec![2_500, 2_501, 2_500, 2_500]));
    assert_eq!(amounts(9_999), None, "instalments below the smallest");
}

#[test]
fn nothing_cannot_be_paid_in_instalments() {
    let terms = Terms {
        instalments: 1,
        spacing: Spacing::Months,
        down_payment: None,
        first: date("2025-06-20"),
        smallest: Amount::ZERO,
    };
    assert_eq!(terms.instalments_of(Amount::ZERO), None);
}
