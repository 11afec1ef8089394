//! What a proposal has to fit, and when it need not.

use regua_domain::contract::{Action, ActionKind, EffectState, SeenEffect, Situation};
use regua_domain::time::Timestamp;

use super::check;
use super::samples::*;

/// A situation in which something of a kind was done under the key `p:0`.
fn after(kind: ActionKind, change: impl FnOnce(&mut SeenEffect)) -> Situation {
    let mut situation = situation();
    let mut effect = SeenEffect {
        key: "p:0".to_owned(),
        stage: situation.stage.id.clone(),
        kind,
        channel: None,
        state: EffectState::Done,
        code: String::new(),
        at: situation.stage.entered,
        until: None,
    };
    change(&mut effect);
    situation.effects.push(effect);
    situation
}

fn told(situation: &Situation, action: Action) -> Vec<String> {
    let decision = decision(vec![action]);
    check(&decision, situation, &manifest())
        .err()
        .unwrap_or_default()
}

/// An offer of a day gone by, for items and sums of that day.
fn old_offer() -> Action {
    Action::OfferPlan {
        items: items(&["paid-since"]),
        plans: vec![plan(&[("2026-02-20", 7_000), ("2026-03-20", 7_000)], true)],
        valid_until: date("2026-02-10"),
    }
}

#[test]
fn what_is_done_already_need_not_fit_any_more() {
    let offered = after(ActionKind::OfferPlan, |_| {});
    assert_eq!(told(&offered, old_offer()), Vec::<String>::new());
    assert_eq!(told(&situation(), old_offer()).len(), 4);
}

#[test]
fn what_is_done_already_keeps_to_its_form() {
    let offered = after(ActionKind::OfferPlan, |_| {});
    let formless = Action::OfferPlan {
        items: Vec::new(),
        plans: vec![plan(&[("2026-02-20", 0)], true); 4],
        valid_until: date("2026-02-10"),
    };
    assert_eq!(
        told(&offered, formless)[..2],
        [
            "proposals[0].offer-plan.items: empty",
            "proposals[0].offer-plan.plans: 4 where 1 to 3 are allowed",
        ]
    );
}

#[test]
fn what_failed_or_is_of_another_visit_or_stage_is_not_done() {
    let failed = after(ActionKind::OfferPlan, |effect| {
        effect.state = EffectState::Failed;
    });
    let cancelled = after(ActionKind::OfferPlan, |effect| {
        effect.state = EffectState::Cancelled;
    });
    let earlier = after(ActionKind::OfferPlan, |effect| {
        effect.at = Timestamp(effect.at.0 - 1);
    });
    let elsewhere = after(ActionKind::OfferPlan, |effect| {
        "second".clone_into(&mut effect.stage);
    });
    for situation in [failed, cancelled, earlier, elsewhere] {
        assert_eq!(told(&situation, old_offer()).len(), 4);
    }
}

#[test]
fn a_key_that_is_done_stands_for_one_kind_of_action() {
    let noted = after(ActionKind::AddNote, |_| {});
    assert_eq!(
        told(&noted, fee(100)),
        ["proposals[0].key: `p:0` was done as add-note on this visit"]
    );
}

#[test]
fn what_is_paid_can_be_recalled_from_its_agency() {
    let recall = |placement: &str, keys: &[&str]| {
        problems_of(Action::RecallPlacement {
            placement: placement.to_owned(),
            items: items(keys),
            reason: "paid".to_owned(),
        })
    };
    assert_eq!(
        recall("placement", &["paid-since", "i1"]),
        Vec::<String>::new()
    );
    assert_eq!(
        recall("A placement", &["i1", "i1"]),
        [
            "proposals[0].recall-placement.placement: \"A placement\" is not the key of a proposal",
            "proposals[0].recall-placement.items[1]: \"i1\" is named twice",
        ]
    );
    let many: Vec<String> = (0..201).map(|n| format!("i{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        recall("placement", &many),
        ["proposals[0].recall-placement.items: 201 where 200 are allowed"]
    );
}

#[test]
fn offers_and_holds_end_after_today() {
    let hold = |until: &str| {
        problems_of(Action::Hold {
            reason: String::new(),
            until: date(until),
        })
    };
    assert_eq!(hold("2026-03-03"), Vec::<String>::new());
    assert_eq!(
        hold("2026-03-02"),
        ["proposals[0].hold.until: 2026-03-02 is before 2026-03-03"]
    );
    let discount = Action::OfferDiscount {
        items: items(&["i1"]),
        basis_points: 100,
        valid_until: date("2026-03-02"),
    };
    assert_eq!(
        problems_of(discount),
        ["proposals[0].offer-discount.valid-until: 2026-03-02 is before 2026-03-03"]
    );
}

#[test]
fn a_plan_that_waives_fees_leaves_interest_out_too() {
    let mut situation = situation();
    situation
        .balance
        .items
        .push(regua_test_kit::situation::item(
            "n1",
            regua_domain::contract::ItemKind::Interest,
            300,
            1,
        ));
    let offer = |total: i64, waive_fees: bool| Action::OfferPlan {
        items: items(&["i1", "f1", "n1"]),
        plans: vec![plan(&[("2026-03-10", total)], waive_fees)],
        valid_until: date("2026-03-20"),
    };
    for sound in [offer(10_000, true), offer(11_300, false)] {
        assert_eq!(told(&situation, sound), Vec::<String>::new());
    }
    assert_eq!(
        told(&situation, offer(10_300, true)),
        ["proposals[0].offer-plan.plans[0].instalments: add up to 10300 where 10000 may be chased"]
    );
}
