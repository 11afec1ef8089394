//! A case, line by line.

use regua_domain::balance::View;
use regua_domain::case::{Case, CaseState};
use regua_domain::dossier::Dossier;
use regua_domain::effect::{Effect, TaskState};
use regua_domain::money::Money;
use regua_domain::time::Timestamp;

use crate::out::say;
use regua_domain::narrate::{Names, word};

/// Says all that is to be known of a case.
pub(super) fn tell(dossier: &Dossier, case: &Case, now: Timestamp) {
    let customer = &dossier.customer;
    let zone = customer.time_zone;
    let names = Names::of(dossier);
    let money = |minor| Money::new(minor, case.currency);
    say!("{}, {}", case.id, case.currency);
    say!(
        "customer  {} ({}), {}, {}, {zone}",
        customer.name,
        customer.reference,
        customer.jurisdiction,
        customer.locale
    );
    say!(
        "workflow  {}, opened {}",
        case.workflow,
        names.at(case.opened_at)
    );
    say!("state     {}", state(case, &names));
    // The tolerance only sets the anchor, which is the case's own here.
    let view = View::of(dossier, case.currency, now.date_in(zone), 0);
    say!(
        "balance   outstanding {}, past due {}, to be chased {}, credit {}",
        money(view.outstanding),
        money(view.past_due),
        money(view.chaseable),
        money(dossier.credit(case.currency))
    );
    for (item, chaseable) in &view.items {
        let late = regua_domain::balance::days_between(item.due_on, view.today);
        let when = if late > 0 {
            format!("{late} days late")
        } else {
            "not late".to_owned()
        };
        say!(
            "  {} {}, due {}, {when}: {} of {} open, {} to be chased",
            word(&item.kind),
            item.reference,
            item.due_on,
            money(item.outstanding),
            money(item.original),
            money(*chaseable)
        );
    }
    for cover in dossier
        .covers
        .iter()
        .filter(|c| c.is_active() && c.currency == case.currency)
    {
        let until = cover
            .until
            .map(|day| format!(", until {day}"))
            .unwrap_or_default();
        say!(
            "  covered by {} {}{until}",
            word(&cover.kind),
            names.subject(&cover.source)
        );
    }
    let mine = |effect: &&Effect| effect.key.case == case.id;
    for effect in dossier.effects.iter().filter(mine) {
        say!("effect    {}", line(effect, &names));
    }
    for task in dossier.tasks.iter().filter(|task| task.case == case.id) {
        if matches!(task.state, TaskState::Open | TaskState::Approved { .. }) {
            say!(
                "task      {} for {}, due {}: {}",
                task.id,
                task.team,
                task.due_on,
                task.title
            );
        }
    }
}

/// Where it stands.
fn state(case: &Case, names: &Names) -> String {
    match &case.state {
        CaseState::Waiting(waiting) => {
            format!(
                "waits for {}, planned for {}",
                waiting.stage,
                names.at(waiting.planned)
            )
        }
        CaseState::Visiting(visit) => {
            let armed = visit
                .armed
                .as_ref()
                .map(|armed| format!("; leaves by {} once sent", armed.outcome))
                .unwrap_or_default();
            format!(
                "in {} since {}, asked {} times, next at {}{armed}",
                visit.stage,
                names.at(visit.entered),
                visit.calls,
                names.at(visit.next_call())
            )
        }
        CaseState::Ended { end, at, stage } => {
            format!("ended at {stage} as {} on {}", end.name(), names.at(*at))
        }
    }
}

fn line(effect: &Effect, names: &Names) -> String {
    let channel = effect
        .letter
        .as_ref()
        .map(|letter| format!(" by {} to {}", letter.channel, letter.address))
        .unwrap_or_default();
    let code = if effect.code.is_empty() {
        String::new()
    } else {
        format!(" ({})", effect.code)
    };
    format!(
        "{} {} {}{channel}, {}{code}, from {}",
        effect.key,
        names.at(effect.at),
        effect.kind().name(),
        word(&effect.state),
        effect.stage
    )
}
