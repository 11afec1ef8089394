//! What became of the contacts of this round, as the effects tell it.

use regua_sdk::prelude::*;
use regua_sdk::situation::Effect;

/// The contacts of one round. A key may be used again once what it named has failed or was
/// cancelled, so the newest effect of a key tells.
#[derive(Clone, Copy)]
pub(crate) struct Contacts<'a> {
    situation: &'a Situation,
    round: u8,
}

impl<'a> Contacts<'a> {
    pub(crate) fn new(situation: &'a Situation, round: u8) -> Self {
        Self { situation, round }
    }

    /// `contact:0.2:email` is the second contact of the first round.
    pub(crate) fn key(self, number: usize, channel: &Channel) -> String {
        format!("contact:{}.{number}:{channel}", self.round)
    }

    /// The number of the last contact that was made, from 1; 0 if there was none.
    pub(crate) fn made(self) -> usize {
        self.made_ones()
            .map(|(number, _)| number)
            .max()
            .unwrap_or(0)
    }

    /// How the last attempt at a contact has fared.
    pub(crate) fn latest(self, number: usize) -> Option<Attempt> {
        self.attempts()
            .find(|(this, _)| *this == number)
            .map(|(_, effect)| self.situation.attempt(effect))
    }

    /// The channel over which a contact was made, and when the host took it.
    pub(crate) fn made_over(self, number: usize) -> Option<(Channel, Timestamp)> {
        self.made_ones()
            .find(|(this, _)| *this == number)
            .and_then(|(_, effect)| Some((effect.channel()?, effect.at())))
    }

    /// How many contacts were made over a channel.
    pub(crate) fn count_over(self, channel: &Channel) -> usize {
        self.made_ones()
            .filter(|(_, effect)| effect.channel().as_ref() == Some(channel))
            .count()
    }

    /// Whether something failed over the channel in this round.
    pub(crate) fn has_failed(self, channel: &Channel) -> bool {
        self.attempts().any(|(_, effect)| {
            effect.channel().as_ref() == Some(channel)
                && self.situation.attempt(effect) == Attempt::Failed
        })
    }

    fn made_ones(self) -> impl Iterator<Item = (usize, Effect<'a>)> {
        self.attempts()
            .filter(move |(_, effect)| self.situation.attempt(*effect) == Attempt::Sent)
    }

    /// Every attempt with its contact's number, newest first.
    fn attempts(self) -> impl Iterator<Item = (usize, Effect<'a>)> {
        self.situation
            .effects_of_visit()
            .of_kind(ActionKind::SendMessage)
            .filter_map(move |effect| Some((self.number_of(effect.key())?, effect)))
    }

    fn number_of(self, key: &str) -> Option<usize> {
        let (round, rest) = key.strip_prefix("contact:")?.split_once('.')?;
        let (number, _) = rest.split_once(':')?;
        (round.parse() == Ok(self.round))
            .then(|| number.parse().ok())
            .flatten()
    }
}
