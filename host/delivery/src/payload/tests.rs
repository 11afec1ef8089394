use regua_domain::contract::{ActionKind, EffectState};
use regua_domain::effect::EffectKey;
use regua_domain::id::CaseId;
use regua_domain::money::Currency;
use serde_json::Value;

use super::sample::{Sample, sample};
use super::*;

/// The sample, with the effect of a kind changed.
fn changed(kind: ActionKind, change: impl FnOnce(&mut Effect)) -> (Sample, Effect) {
    let mut sample = sample();
    let effects = &mut sample.dossier.effects;
    let effect = effects.iter_mut().find(|effect| effect.kind() == kind);
    let effect = effect.expect("a sample of each kind");
    change(effect);
    let effect = effect.clone();
    (sample, effect)
}

fn data_of(sample: &Sample, effect: &Effect) -> Value {
    let message = of(&sample.dossier, effect, sample.sender()).unwrap();
    let value: Value = serde_json::from_slice(&message.body).unwrap();
    assert_eq!(value["type"], message.kind.as_str());
    value["data"].clone()
}

#[test]
fn the_same_effect_is_the_same_bytes() {
    let (one, other) = (sample(), sample());
    for (effect, same) in one.dossier.effects.iter().zip(&other.dossier.effects) {
        let written = of(&one.dossier, effect, one.sender()).unwrap();
        assert_eq!(written, of(&other.dossier, same, other.sender()).unwrap());
    }
}

#[test]
fn each_external_kind_has_a_payload_and_no_other_has() {
    let known: Vec<_> = sample().dossier.effects.iter().map(Effect::kind).collect();
    for kind in ActionKind::ALL {
        assert_eq!(known.contains(&kind), kind.is_external(), "{}", kind.name());
    }
    let (sample, effect) = changed(ActionKind::NotifyTeam, |effect| {
        effect.action = Action::AddNote("stays".to_owned());
    });
    let refused = of(&sample.dossier, &effect, sample.sender());
    assert!(matches!(refused, Err(PayloadError::Internal("add-note"))));
}

#[test]
fn a_charge_is_of_what_it_says_by_the_method_it_says() {
    let (sample, effect) = changed(ActionKind::Charge, |effect| {
        effect.action = Action::Charge {
            amount: Some(5_000),
            method: Some("pm_gone".to_owned()),
            on: "2026-03-25".parse().ok(),
        };
    });
    let data = data_of(&sample, &effect);
    assert_eq!(data["amount"]["amount"], "50.00");
    assert_eq!(data["method"]["key"], "pm_gone");
    assert_eq!(data["method"]["kind"], Value::Null);
    assert_eq!(data["on"], "2026-03-25");
}

#[test]
fn yen_and_dinars_have_their_own_digits() {
    for (code, amount) in [("JPY", "133350"), ("BHD", "133.350"), ("BRL", "1333.50")] {
        let (mut sample, effect) = changed(ActionKind::Charge, |_| {});
        let currency = Currency::parse(code).unwrap();
        sample.dossier.cases[0].currency = currency;
        for item in &mut sample.dossier.items {
            item.currency = currency;
        }
        let data = data_of(&sample, &effect);
        assert_eq!(data["amount"]["amount"], amount);
        assert_eq!(data["amount"]["currency"], code);
    }
}

#[test]
fn an_agency_is_given_nothing_that_was_paid_meanwhile() {
    let (mut sample, effect) = changed(ActionKind::PlaceWithAgency, |_| {});
    sample.dossier.items[0].outstanding = 12_345;
    let data = data_of(&sample, &effect);
    assert_eq!(data["total"]["amount"], "123.45");
    assert_eq!(data["items"][0]["original"]["amount"], "500.00");
    sample.dossier.items[0].outstanding = 0;
    let data = data_of(&sample, &effect);
    assert_eq!(data["items"], serde_json::json!([]));
}

#[test]
fn a_recall_goes_on_without_what_is_no_longer_at_hand() {
    let (mut sample, effect) = changed(ActionKind::RecallPlacement, |_| {});
    sample.dossier.items.clear();
    sample
        .dossier
        .effects
        .retain(|effect| effect.kind() != ActionKind::PlaceWithAgency);
    let data = data_of(&sample, &effect);
    assert_eq!(data.get("placement"), None);
    assert_eq!(data["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(data["items"][0].get("reference"), None);
}

#[test]
fn what_cannot_be_written_says_why() {
    let (sample, mut effect) = changed(ActionKind::Custom, |effect| {
        effect.action = Action::Custom {
            name: "a.b".to_owned(),
            json: "{".to_owned(),
        };
    });
    let refused = |effect: &Effect| of(&sample.dossier, effect, sample.sender()).unwrap_err();
    assert!(matches!(refused(&effect), PayloadError::Json(_)));
    effect.key = EffectKey {
        case: CaseId(uuid::Uuid::nil()),
        ..effect.key
    };
    assert!(matches!(refused(&effect), PayloadError::NoCase));
    let (_, message) = changed(ActionKind::SendMessage, |effect| effect.letter = None);
    assert!(matches!(refused(&message), PayloadError::NoLetter));
}

#[test]
fn how_far_an_effect_has_come_is_not_told() {
    let (sample, effect) = changed(ActionKind::Charge, |_| {});
    let done = Effect {
        state: EffectState::Done,
        code: "x".to_owned(),
        ..effect.clone()
    };
    assert_eq!(data_of(&sample, &effect), data_of(&sample, &done));
}
