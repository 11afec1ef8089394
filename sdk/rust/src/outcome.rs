//! The ways out of a stage.

/// The ways out of a stage; [`outcomes!`](crate::outcomes) implements it.
pub trait Outcome {
    /// The names of all, as a workflow's `on` spells them.
    const NAMES: &'static [&'static str];

    /// The name of this one.
    fn name(&self) -> &'static str;
}

/// Declares a stage's outcomes as an enum, each with the name a workflow gives it.
///
/// ```
/// regua_sdk::outcomes! {
///     /// How the stage is left.
///     pub enum Outcome {
///         /// The letter was handed over.
///         Sent = "sent",
///         /// No channel leads to the customer.
///         Unreachable = "unreachable",
///     }
/// }
/// ```
#[macro_export]
macro_rules! outcomes {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$case_meta:meta])* $case:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($(#[$case_meta])* $case,)+ }

        impl $crate::Outcome for $name {
            const NAMES: &'static [&'static str] = &[$($text),+];

            fn name(&self) -> &'static str {
                match self { $(Self::$case => $text,)+ }
            }
        }
    };
}
