use super::*;

fn activation(version: u32, former: Option<u32>, running: Running) -> Activation {
    Activation {
        version,
        former,
        at: Timestamp(0),
        by: "key".to_owned(),
        running,
        stages: StageMap::new(),
        stranded: 0,
    }
}

fn to(rollout: &Rollout, from: u32) -> Option<u32> {
    rollout.succession(from, || 5_000).map(|known| known.to)
}

fn canary(version: u32, percent: u8) -> Canary {
    Canary {
        version,
        percent,
        running: Running::Migrate,
        stages: [("a".to_owned(), "b".to_owned())].into(),
        limits: Limits::shipped(),
        since: Timestamp(0),
        by: "key".to_owned(),
    }
}

#[test]
fn cases_of_every_other_version_go_to_the_one_that_is_activated() {
    let mut rollout = Rollout::default();
    rollout.activate(activation(3, Some(2), Running::Migrate), 1..=4);
    assert_eq!(
        [1, 2, 3, 4].map(|from| to(&rollout, from)),
        [Some(3), Some(3), None, Some(3)]
    );
}

#[test]
fn going_back_turns_the_way_round_and_never_in_a_circle() {
    let mut rollout = Rollout::default();
    rollout.activate(activation(2, Some(1), Running::Migrate), 1..=2);
    assert_eq!(rollout.last().map(|(_, former)| former), Some(1));
    rollout.activate(activation(1, Some(2), Running::Migrate), 1..=2);
    assert_eq!([1, 2].map(|from| to(&rollout, from)), [None, Some(1)]);
    // Who keeps cases where they are does not send those of the active version on.
    rollout.activate(activation(2, Some(1), Running::Keep), 1..=2);
    assert_eq!([1, 2].map(|from| to(&rollout, from)), [None, None]);
}

#[test]
fn a_canarys_cases_are_of_its_share_of_buckets_alone() {
    let mut rollout = Rollout::default();
    rollout.begin(canary(2, 50), 1);
    assert_eq!(rollout.on_trial(|| 4_999), Some(2));
    assert_eq!(rollout.on_trial(|| 5_000), None);
    assert!(rollout.succession(1, || 4_999).is_some());
    assert!(rollout.succession(1, || 5_000).is_none());
}

#[test]
fn a_canary_that_is_taken_back_sends_its_cases_back_by_the_map_turned_round() {
    let mut rollout = Rollout::default();
    rollout.begin(canary(2, 50), 1);
    assert!(rollout.take_back(1, Timestamp(9), None, "why".to_owned(), Trial::default()));
    let back = rollout.succession(2, || 9_999).unwrap();
    assert_eq!(
        (back.to, back.stages.get("b").map(String::as_str)),
        (1, Some("a"))
    );
    assert!(rollout.succession(1, || 0).is_none());
    assert_eq!(rollout.on_trial(|| 0), None);
    // There is nothing to take back a second time.
    assert!(!rollout.take_back(1, Timestamp(9), None, "why".to_owned(), Trial::default()));
}

#[test]
fn a_canary_that_is_narrowed_sends_those_back_who_are_in_its_share_no_more() {
    for (before, after) in [(50, 5), (5, 50)] {
        let mut rollout = Rollout::default();
        rollout.begin(canary(2, before), 1);
        rollout.take_back(1, Timestamp(9), None, String::new(), Trial::default());
        rollout.begin(canary(2, after), 1);
        for bucket in [0, 499, 500, 4_999, 5_000, 9_999] {
            let goes = |from| rollout.succession(from, || bucket).map(|known| known.to);
            let is_in_share = bucket < u16::from(after) * 100;
            let wanted = if is_in_share {
                [Some(2), None]
            } else {
                [None, Some(1)]
            };
            assert_eq!([goes(1), goes(2)], wanted, "{bucket}");
        }
        rollout.take_back(1, Timestamp(9), None, String::new(), Trial::default());
        assert_eq!(rollout.succession(2, || 0).map(|known| known.to), Some(1));
    }
}

#[test]
fn a_canary_that_is_activated_is_none_any_more() {
    let mut rollout = Rollout::default();
    rollout.begin(canary(2, 50), 1);
    rollout.activate(activation(2, Some(1), Running::Keep), 1..=2);
    assert_eq!(rollout.canary, None);
    assert_eq!([1, 2].map(|from| to(&rollout, from)), [None, None]);
}

#[test]
fn a_trial_exceeds_its_limits_by_a_share_of_enough_calls() {
    let limits = Limits::shipped();
    let trial = |calls, refusals, failures| Trial {
        calls,
        refusals,
        failures,
    };
    assert_eq!(trial(49, 49, 49).exceeds(&limits), None);
    assert_eq!(trial(50, 0, 1).exceeds(&limits), None);
    let because = trial(50, 0, 2).exceeds(&limits).unwrap();
    assert_eq!(because, "2 failures in 50 calls: more than 2 in a hundred");
    let because = trial(100, 6, 0).exceeds(&limits).unwrap();
    assert_eq!(because, "6 refusals in 100 calls: more than 5 in a hundred");
}

#[test]
fn a_canary_that_another_takes_the_place_of_sends_its_cases_back_first() {
    let mut rollout = Rollout::default();
    rollout.begin(canary(2, 50), 1);
    let because = "another was begun".to_owned();
    rollout.take_back(1, Timestamp(9), None, because, Trial::default());
    rollout.begin(canary(3, 10), 1);
    assert_eq!(
        rollout.succession(2, || 9_999).map(|known| known.to),
        Some(1)
    );
    assert_eq!(rollout.succession(1, || 0).map(|known| known.to), Some(3));
}

#[test]
fn no_case_goes_to_the_version_that_it_is_on() {
    let mut rollout = Rollout::default();
    rollout.begin(canary(2, 50), 2);
    assert_eq!(rollout.successions, []);
    assert!(rollout.take_back(2, Timestamp(9), None, String::new(), Trial::default()));
    assert_eq!(rollout.successions, []);
    // Nor where it was written before.
    rollout.begin(canary(2, 50), 1);
    rollout.successions[0].from = 2;
    assert_eq!(to(&rollout, 2), None);
    assert_eq!(rollout.succession(2, || 0), None);
}
