use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn year(name: &str, year: i32) -> String {
    let calendar = Calendar::named(name).unwrap();
    let off: Vec<String> = calendar
        .holidays
        .keys()
        .filter(|day| day.year() == year && is_weekday(**day))
        .map(|day| day.format("%m-%d").to_string())
        .collect();
    off.join(" ")
}

#[test]
fn holidays_on_weekdays_are_those_that_governments_published() {
    assert_eq!(
        year("BR", 2023),
        "04-07 04-21 05-01 09-07 10-12 11-02 11-15 12-25"
    );
    assert_eq!(year("BR", 2024), "01-01 03-29 05-01 11-15 11-20 12-25");
    assert_eq!(
        year("BR-banks", 2026),
        "01-01 02-16 02-17 04-03 04-21 05-01 06-04 09-07 10-12 11-02 11-20 12-25"
    );
    // 2021: Juneteenth on a Saturday in its first year; New Year 2022 on 31 December.
    assert_eq!(
        year("US", 2021),
        "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"
    );
    assert_eq!(
        year("US", 2022),
        "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26"
    );
    assert_eq!(
        year("US", 2020),
        "01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25"
    );
    // Christmas on a Saturday, on a Sunday; single days.
    assert_eq!(
        year("GB", 2021),
        "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"
    );
    assert_eq!(
        year("GB", 2022),
        "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"
    );
    assert_eq!(
        year("GB", 2012),
        "01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26"
    );
    assert_eq!(
        year("GB", 2020),
        "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28"
    );
    assert_eq!(
        year("DE", 2017),
        "04-14 04-17 05-01 05-25 06-05 10-03 10-31 12-25 12-26"
    );
    assert_eq!(year("weekends", 2026), "");
}

#[test]
fn an_observed_day_says_what_it_stands_for() {
    let us = Calendar::named("US").unwrap();
    assert_eq!(
        us.holiday(date("2021-12-31")),
        Some("New Year's Day (observed)")
    );
    assert_eq!(us.holiday(date("2022-01-01")), Some("New Year's Day"));
    assert_eq!(us.holiday(date("2022-01-03")), None);
}

#[test]
fn an_unknown_calendar_is_none_and_the_known_are_listed() {
    assert!(Calendar::named("XX").is_none());
    let names: Vec<_> = Calendar::names().collect();
    assert_eq!(names, ["BR", "BR-banks", "DE", "GB", "US", "weekends"]);
}

#[test]
fn rolling_follows_its_convention() {
    // 2026-01-31 is a Saturday: following leaves the month, modified following does not.
    let calendar = Calendar::named("weekends").unwrap();
    let saturday = date("2026-01-31");
    assert_eq!(calendar.roll(saturday, Roll::None), saturday);
    assert_eq!(calendar.roll(saturday, Roll::Following), date("2026-02-02"));
    assert_eq!(
        calendar.roll(saturday, Roll::ModifiedFollowing),
        date("2026-01-30")
    );
    assert_eq!(calendar.roll(saturday, Roll::Preceding), date("2026-01-30"));
    assert_eq!(
        serde_json::to_string(&Roll::ModifiedFollowing).unwrap(),
        "\"modified-following\""
    );
}

#[test]
fn business_days_count_over_holidays_both_ways() {
    let gb = Calendar::named("GB").unwrap();
    assert_eq!(
        gb.add_business_days(date("2021-12-24"), 1),
        date("2021-12-29")
    );
    assert_eq!(
        gb.add_business_days(date("2021-12-29"), -1),
        date("2021-12-24")
    );
    assert_eq!(
        gb.add_business_days(date("2021-12-25"), 0),
        date("2021-12-25")
    );
    assert_eq!(
        gb.business_days_between(date("2021-12-24"), date("2021-12-29")),
        1
    );
    assert_eq!(
        gb.business_days_between(date("2021-12-29"), date("2021-12-24")),
        -1
    );
}

#[test]
fn counting_by_rank_agrees_with_counting_by_day() {
    let us = Calendar::named("US").unwrap();
    let start = date("2019-12-20");
    let mut count = 0;
    for end in start.iter_days().skip(1).take(900) {
        count += i64::from(us.is_business_day(end));
        assert_eq!(us.business_days_between(start, end), count, "up to {end}");
    }
}

#[test]
fn outside_the_laid_out_years_weekends_and_own_days_still_hold() {
    let calendar = Calendar::custom("ours", vec![date("2101-03-02"), date("2026-03-02")]);
    assert!(!calendar.is_business_day(date("2101-03-02")));
    assert!(!calendar.is_business_day(date("2026-03-02")));
    assert!(calendar.is_business_day(date("2101-03-03")));
    assert!(!calendar.is_business_day(date("2101-03-05")));
    assert_eq!(
        calendar.business_days_between(date("2100-12-30"), date("2101-01-03")),
        2
    );
    assert_eq!(calendar.holiday(date("2026-03-02")), Some("ours"));
}
