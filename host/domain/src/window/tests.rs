use std::str::FromStr as _;

use chrono_tz::{America, Asia, Australia, Europe, Pacific};
use proptest::prelude::*;

use super::*;

const OFFICE: &str = "0 * 9-16 * * MON-FRI";

fn at(text: &str, zone: Tz) -> Timestamp {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Timestamp::at_local(local.date(), local.time(), zone)
}

fn shown(at: Timestamp, zone: Tz) -> String {
    at.in_zone(zone).format("%Y-%m-%d %H:%M").to_string()
}

fn weekends() -> std::sync::Arc<Calendar> {
    Calendar::named("weekends").unwrap()
}

#[test]
fn the_window_is_open_in_the_customers_zone() {
    let window = SendWindow::parse(OFFICE).unwrap();
    let morning = at("2026-03-02 09:30", Europe::Berlin);
    assert!(window.contains(morning, Europe::Berlin, &weekends(), Roll::Following));
    assert!(!window.contains(morning, America::Sao_Paulo, &weekends(), Roll::Following));
    let last = at("2026-03-02 16:59", Europe::Berlin).plus_ms(59_999);
    assert!(window.contains(last, Europe::Berlin, &weekends(), Roll::Following));
    assert!(!window.contains(
        last.plus_ms(1),
        Europe::Berlin,
        &weekends(),
        Roll::Following
    ));
}

#[test]
fn a_holiday_is_closed_unless_nothing_rolls() {
    let window = SendWindow::parse(OFFICE).unwrap();
    let brazil = Calendar::named("BR").unwrap();
    let noon = at("2026-09-07 12:00", America::Sao_Paulo);
    assert!(!window.contains(noon, America::Sao_Paulo, &brazil, Roll::Following));
    assert!(window.contains(noon, America::Sao_Paulo, &brazil, Roll::None));
    let open = window
        .next_open(noon, America::Sao_Paulo, &brazil, Roll::Following)
        .unwrap();
    assert_eq!(shown(open, America::Sao_Paulo), "2026-09-08 09:00");
}

#[test]
fn an_instant_inside_is_taken_as_it_is_and_another_spread_over_the_first_hour() {
    let window = SendWindow::parse(OFFICE).unwrap();
    let zone = America::Sao_Paulo;
    let inside = at("2026-03-02 09:00", zone).plus_ms(12_345);
    assert_eq!(
        window.next_wake(inside, zone, &weekends(), Roll::Following, 7),
        Some(inside)
    );
    let night = at("2026-03-02 22:00", zone);
    let open = at("2026-03-03 09:00", zone);
    let mut quarters = [0; 4];
    for nth in 0..4000 {
        let wake = window
            .next_wake(
                night,
                zone,
                &weekends(),
                Roll::Following,
                nth * (u64::MAX / 4000),
            )
            .unwrap();
        quarters[usize::try_from((wake.0 - open.0) / (HOUR_MS / 4)).unwrap()] += 1;
    }
    assert!(
        quarters.iter().all(|count| (900..1100).contains(count)),
        "{quarters:?}"
    );
}

#[test]
fn a_spread_wake_up_does_not_leave_a_short_window() {
    let window = SendWindow::parse("0 0-9,30 10 * * *").unwrap();
    let open = at("2026-03-02 10:00", Tz::UTC);
    for phase in [0, 1, u64::MAX / 3, u64::MAX - 1, u64::MAX] {
        let wake = window.spread(open, Tz::UTC, phase);
        assert!(wake >= open && wake.0 < open.0 + 10 * MINUTE_MS);
    }
}

#[test]
fn an_hour_that_clocks_skip_opens_the_day_after_and_one_they_repeat_opens_twice() {
    let window = SendWindow::parse("0 * 2 * * *").unwrap();
    let zone = Europe::Berlin;
    let next = |from| {
        window
            .next_open(from, zone, &weekends(), Roll::None)
            .unwrap()
    };
    assert_eq!(
        shown(next(at("2026-03-29 00:30", zone)), zone),
        "2026-03-30 02:00"
    );
    let first = at("2026-10-25 02:59", zone).plus_ms(MINUTE_MS);
    assert_eq!(next(first), first, "02:00 comes again at once");
    assert_eq!(
        shown(next(first.plus_ms(HOUR_MS)), zone),
        "2026-10-26 02:00"
    );
    // 30 minutes, and a midnight that does not exist.
    let all = SendWindow::parse("0 * 0 * * *").unwrap();
    let skipped = at("2018-11-03 12:00", America::Sao_Paulo);
    let open = all
        .next_open(skipped, America::Sao_Paulo, &weekends(), Roll::None)
        .unwrap();
    assert_eq!(shown(open, America::Sao_Paulo), "2018-11-05 00:00");
}

#[test]
fn an_expression_that_cannot_be_meant_is_refused_with_the_reason() {
    let text = |expr: &str| SendWindow::parse(expr).unwrap_err().to_string();
    assert!(text("* 9-16 * * MON-FRI").contains("has 5 fields; a send window has six"));
    assert!(text("0 * 9-16 * * MON-FRI 2026").contains("has 7 fields"));
    assert!(text("@daily").contains("has 1 fields"));
    assert!(text("30 * 9-16 * * *").contains("its first field is 0"));
    assert!(text("0 * 9-16 * * 1-5").contains("name them, such as MON-FRI"));
    assert_eq!(
        text("0 * 9-25 * * *"),
        "`0 * 9-25 * * *` is not a cron expression: at character 5, Invalid range for Hours: 9-25"
    );
    assert!(text("0 * 9 30 2 *").contains("never opens"));
    assert!(SendWindow::parse("0 * 9 29 2 *").is_ok());
}

#[test]
fn a_window_shut_for_longer_than_the_search_opens_never() {
    let window = SendWindow::parse("0 0 9 29 2 *").unwrap();
    let from = at("2025-03-01 00:00", Tz::UTC);
    assert_eq!(
        window.next_open(from, Tz::UTC, &weekends(), Roll::None),
        None
    );
}

fn field(low: u32, high: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just("*".to_owned()),
        2 => (low..=high, low..=high).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        1 => proptest::collection::vec(low..=high, 1..4)
            .prop_map(|list| list.iter().map(u32::to_string).collect::<Vec<_>>().join(",")),
        1 => (2..10_u32).prop_map(|step| format!("*/{step}")),
    ]
}

fn weekday() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["*", "MON-FRI", "SUN", "TUE,SAT", "SUN-WED", "THU-SAT"])
}

fn zone() -> impl Strategy<Value = Tz> {
    proptest::sample::select(vec![
        Tz::UTC,
        America::Sao_Paulo,
        America::New_York,
        Europe::London,
        Asia::Kolkata,
        Asia::Kathmandu,
        Australia::Lord_Howe,
        Pacific::Chatham,
        America::Havana,
    ])
}

prop_compose! {
    fn expression()(
        minute in field(0, 59), hour in field(0, 23), day in field(1, 28), month in field(1, 12),
        weekday in weekday(),
    ) -> String {
        format!("0 {minute} {hour} {day} {month} {weekday}")
    }
}

/// From 2005 to 2035.
const INSTANTS: std::ops::Range<i64> = 1_104_537_600_000..2_082_758_400_000;

proptest! {
    #[test]
    fn a_minute_is_inside_if_cron_includes_it(expr in expression(), zone in zone(), ms in INSTANTS) {
        let window = SendWindow::parse(&expr).unwrap();
        let schedule = cron::Schedule::from_str(&expr).unwrap();
        let minute = Timestamp(ms - ms.rem_euclid(MINUTE_MS));
        prop_assert_eq!(
            window.contains(Timestamp(ms), zone, &weekends(), Roll::None),
            schedule.includes(minute.in_zone(zone))
        );
    }

    #[test]
    fn the_next_opening_is_the_first_minute_that_cron_includes(
        minute in field(0, 59), hour in field(0, 23), weekday in weekday(), zone in zone(), ms in INSTANTS,
        near_clock_change in any::<bool>(),
    ) {
        let expr = format!("0 {minute} {hour} * * {weekday}");
        let window = SendWindow::parse(&expr).unwrap();
        let schedule = cron::Schedule::from_str(&expr).unwrap();
        let from = if near_clock_change { before_clock_change(Timestamp(ms), zone) } else { Timestamp(ms) };
        let open = window.next_open(from, zone, &weekends(), Roll::None).unwrap();
        let floor = |at: Timestamp| Timestamp(at.0 - at.0.rem_euclid(MINUTE_MS));
        prop_assert!(open >= from && schedule.includes(floor(open).in_zone(zone)), "{} is not inside", open.0);
        let mut earlier = floor(from);
        while earlier < floor(open) {
            prop_assert!(!schedule.includes(earlier.in_zone(zone)), "{} was inside", earlier.0);
            earlier = earlier.plus_ms(MINUTE_MS);
        }
        let wake = window.next_wake(from, zone, &weekends(), Roll::None, ms.unsigned_abs()).unwrap();
        prop_assert!(wake >= open && wake.0 < open.0 + HOUR_MS);
        prop_assert!(window.contains(wake, zone, &weekends(), Roll::None));
    }

    #[test]
    fn wake_ups_are_spread_over_all_the_minutes_that_follow_without_a_gap(
        minute in field(0, 59), hour in field(0, 23), zone in zone(), ms in INSTANTS,
    ) {
        let window = SendWindow::parse(&format!("0 {minute} {hour} * * *")).unwrap();
        let open = window.next_open(Timestamp(ms), zone, &weekends(), Roll::None).unwrap();
        let ahead = (0..60).map(|ahead| open.plus_ms(ahead * MINUTE_MS).in_zone(zone));
        let same_day = ahead.take_while(|then| then.date_naive() == open.date_in(zone));
        let run = same_day.take_while(|then| window.has_minute(then.hour(), then.minute()));
        let into_minute = (open.0 + offset_ms(open, zone)).rem_euclid(MINUTE_MS);
        let last = open.plus_ms(run.count() as i64 * MINUTE_MS - into_minute - 1);
        prop_assert_eq!(window.spread(open, zone, u64::MAX), last);
    }
}

/// Some hours before the next change of a zone's offset, where there is one in a year.
fn before_clock_change(from: Timestamp, zone: Tz) -> Timestamp {
    let hours = (0..366 * 24).map(|hour| from.plus_ms(hour * HOUR_MS));
    hours
        .zip((1..).map(|hour| from.plus_ms(hour * HOUR_MS)))
        .find(|(a, b)| offset_ms(*a, zone) != offset_ms(*b, zone))
        .map_or(from, |(a, _)| a.plus_ms(-(from.0 % (3 * HOUR_MS))))
}
