//! What an endpoint may be.

use std::collections::BTreeSet;

use regua_delivery::payload;
use regua_domain::contract::Channel;
use regua_domain::event::EventType;
use regua_engine::post::Post;
use regua_engine::post::records::Endpoint as Hook;
use regua_storage::Kept;

use super::shape::EndpointIn;
use crate::problem::Fault;

/// Everything that is wrong with an endpoint beside its shape.
pub(super) fn faults(post: &Post, new: &EndpointIn, others: &[Kept<Hook>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Err(fault) = post.network.check_url(&new.url) {
        faults.push(Fault::at("/url", fault));
    }
    let documented = payload::documented().into_iter();
    let known: BTreeSet<String> = documented.map(|documented| documented.kind).collect();
    for (at, kind) in new.handles.iter().enumerate() {
        let pointer = format!("/handles/{at}");
        if !known.contains(kind) && !is_own_channel(kind) {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            let text = format!(
                "is not handed to systems: there are {}, and `message.` with a channel of your own",
                known.join(", ")
            );
            faults.push(Fault::at(pointer, text));
        } else if let Some(other) = others.iter().find(|kept| {
            !new.disabled && kept.value.disabled.is_none() && kept.value.handles.contains(kind)
        }) {
            let text = format!("is handed to {} ({}) already", other.id, other.value.label);
            faults.push(Fault::at(pointer, text));
        }
    }
    for (at, pattern) in new.events.iter().enumerate() {
        if EventType::matching(pattern).next().is_none() {
            let known: Vec<_> = EventType::ALL.iter().map(|kind| kind.name()).collect();
            let text = format!(
                "is no type of event, no group such as `case.*` and not `*`: there are {}",
                known.join(", ")
            );
            faults.push(Fault::at(format!("/events/{at}"), text));
        }
    }
    faults
}

/// Whether it is a message over a channel that the tenant named itself.
fn is_own_channel(kind: &str) -> bool {
    let name = kind.strip_prefix("message.").map(str::to_owned);
    name.is_some_and(|name| matches!(Channel::try_from(name), Ok(Channel::Other(_))))
}
