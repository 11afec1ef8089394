//! Letters handed to the operator's relay.

use regua_delivery::attempt::{Attempt, Next, Trying};
use regua_delivery::email::{Mail, Party};
use regua_delivery::unsubscribe::{self, Wish};
use regua_domain::contract::Purpose;

use super::{Post, nowhere};
use crate::deliver::Parcel;

impl Post {
    pub(super) async fn mail(&self, parcel: &Parcel, trying: Trying<'_>) -> Attempt {
        let Some(letter) = &parcel.effect.letter else {
            return nowhere("no-letter", trying);
        };
        let Some(mailer) = &self.mailer else {
            return operators("no-relay", trying);
        };
        let Some(sender) = &parcel.open.outlets.sender else {
            return nowhere("no-verified-sender", trying);
        };
        let key = parcel.effect.key.to_string();
        let unsubscribe = self.way_out(parcel, letter.purpose);
        let display_name = &parcel.open.tenant.policy.display_name;
        let name = Some(&sender.name).filter(|name| !name.is_empty());
        let mail = Mail {
            key: &key,
            from: Party {
                name: name.unwrap_or(display_name),
                address: &sender.address,
            },
            reply_to: sender.reply_to.as_deref(),
            to: Party {
                name: &parcel.dossier.customer.name,
                address: &letter.address,
            },
            subject: letter.rendered.subject.as_deref().unwrap_or_default(),
            text: &letter.rendered.text,
            html: letter.rendered.html.as_deref(),
            locale: &letter.locale,
            unsubscribe: unsubscribe.as_deref(),
        };
        mailer.deliver(&mail, trying).await
    }

    /// Where a debtor unsubscribes by one click: not from the answer that they wait for, nor
    /// from what the law wants them told.
    fn way_out(&self, parcel: &Parcel, purpose: Purpose) -> Option<String> {
        if matches!(purpose, Purpose::Confirmation | Purpose::LegalNotice) {
            return None;
        }
        let (keys, url) = (self.keys.as_ref()?, self.public_url.as_ref()?);
        let wish = Wish {
            tenant: parcel.open.row.id,
            customer: parcel.dossier.customer.id,
            channel: parcel.effect.letter.as_ref()?.channel.clone(),
        };
        Some(format!("{url}/u/{}", unsubscribe::mint(keys, &wish)))
    }
}

/// What the operator has to mend is tried for ever.
fn operators(code: &str, trying: Trying<'_>) -> Attempt {
    let schedule = trying.schedule;
    let not_before = schedule.next_for_ever(trying.failed + 1, trying.now, trying.chance);
    Attempt {
        next: Next::Again { not_before },
        ..nowhere(code, trying)
    }
}
