//! What a policy says that cannot be meant.

use chrono::Datelike as _;

use super::{Policy, QuietHours};
use crate::calendar::{FIRST_YEAR, LAST_YEAR};
use crate::window::SendWindow;
use crate::workflow::check::Problem;

/// The most days that any span of a policy may have: ten years.
const DAYS_MAX: u32 = 3_650;
/// Contacts are remembered for 31 days: a longer gap would not be kept.
const GAP_HOURS_MAX: u32 = 31 * 24;
/// The most holidays of a calendar.
const HOLIDAYS_MAX: usize = 2_000;
/// The longest name that letters are signed with: it stands in the sender's, too.
const DISPLAY_NAME_CHARS_MAX: usize = 200;
/// The longest name of a plugin.
const PLUGIN_CHARS_MAX: usize = 64;
/// The longest name of a team, an agency, terms.
const NAME_CHARS_MAX: usize = 128;

impl Policy {
    /// Everything that is wrong with it, each with its pointer.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut say = |is_fine: bool, pointer: &str, text: &str| {
            if !is_fine {
                problems.push(Problem::new(pointer, text));
            }
        };
        say(
            !self.display_name.trim().is_empty(),
            "/display_name",
            "is empty",
        );
        say(
            self.display_name.chars().count() <= DISPLAY_NAME_CHARS_MAX,
            "/display_name",
            "is longer than 200 characters",
        );
        say(
            !self.display_name.chars().any(char::is_control),
            "/display_name",
            "has a control character",
        );
        let quiet = self.contact.quiet_hours;
        say(
            quiet.from < 1_440 && quiet.to < 1_440,
            "/contact/quiet_hours",
            "minutes of a day are 0 to 1439",
        );
        for (purpose, hours) in &self.contact.gap_hours {
            say(
                *hours <= GAP_HOURS_MAX,
                &format!("/contact/gap_hours/{}", purpose.name()),
                &format!("`{hours}` is above {GAP_HOURS_MAX} hours"),
            );
        }
        for (pointer, days) in [
            ("/reopen_days", self.reopen_days),
            ("/grace_days", self.grace_days),
            ("/pending_days", self.pending_days),
        ] {
            let text = format!("`{days}` is above {DAYS_MAX} days");
            say(days <= DAYS_MAX, pointer, &text);
        }
        say(
            self.fee_ceilings.values().all(|share| *share <= 10_000),
            "/fee_ceilings",
            "a share is at most 10000 basis points",
        );
        if let Err(text) = link_base(&self.link_base) {
            say(false, "/link_base", &text);
        }
        for name in self.plugin_grants.keys() {
            let pointer = format!("/plugin_grants/{}", escaped(name));
            let text = "a plugin is called by 1 to 64 of a-z, 0-9 and -";
            say(
                crate::contract::is_name(name, PLUGIN_CHARS_MAX),
                &pointer,
                text,
            );
        }
        self.check_names(&mut say);
        self.check_calendars(&mut say);
        problems
    }

    fn check_calendars(&self, say: &mut impl FnMut(bool, &str, &str)) {
        for (name, holidays) in &self.calendars {
            let pointer = format!("/calendars/{}", escaped(name));
            let text = "a calendar is called by 1 to 64 letters, digits and -";
            say(is_calendar(name), &pointer, text);
            let text = format!("has more than {HOLIDAYS_MAX} holidays");
            say(holidays.len() <= HOLIDAYS_MAX, &pointer, &text);
            for (day, called) in holidays {
                let pointer = format!("{pointer}/{day}");
                let text = format!("is not of {FIRST_YEAR} to {LAST_YEAR}");
                let is_laid_out = (FIRST_YEAR..=LAST_YEAR).contains(&day.year());
                say(is_laid_out, &pointer, &text);
                let text = "is not called by one line of 1 to 128 characters";
                say(is_name(called), &pointer, text);
            }
        }
    }

    fn check_names(&self, say: &mut impl FnMut(bool, &str, &str)) {
        let text = format!(
            "has a name that is not one line of 1 to {NAME_CHARS_MAX} characters, without space \
             around it"
        );
        let mut check = |pointer: &str, mut names: Box<dyn Iterator<Item = &String> + '_>| {
            say(names.all(|name| is_name(name)), pointer, &text);
        };
        check("/teams", Box::new(self.teams.iter()));
        check("/agencies", Box::new(self.agencies.iter()));
        check(
            "/visible_attributes",
            Box::new(self.visible_attributes.iter()),
        );
        check("/fee_ceilings", Box::new(self.fee_ceilings.keys()));
        check("/interest_terms", Box::new(self.interest_terms.keys()));
        check("/default_workflow", Box::new(self.default_workflow.iter()));
        for (at, rule) in self.assignment.iter().enumerate() {
            let pointer = format!("/assignment/{at}");
            let names = [&rule.workflow].into_iter().chain(&rule.segment);
            check(&pointer, Box::new(names.chain(&rule.jurisdiction)));
        }
    }
}

impl QuietHours {
    /// Whether a window is open at any minute outside of them.
    pub fn leave_room(self, window: &SendWindow) -> bool {
        (0..1_440).any(|minute| window.has_minute_of_day(minute) && !self.contain(minute))
    }
}

/// RFC 6901, section 3.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn is_calendar(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(is_part)
}

fn is_name(name: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&name.chars().count())
        && name.trim() == name
        && !name.contains(char::is_control)
}

/// Whether links may begin with this: nothing (there are none), or an absolute address of a
/// page (RFC 3986) that paths can be put behind. Without TLS only on this machine.
fn link_base(base: &str) -> Result<(), String> {
    if base.is_empty() {
        return Ok(());
    }
    let (rest, secure) = match (base.strip_prefix("https://"), base.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (_, Some(rest)) => (rest, false),
        _ => return Err("is not an https:// address".to_owned()),
    };
    let strange = |c: char| !c.is_ascii_graphic() || "\"<>\\^`{|}?#@".contains(c);
    if let Some(found) = base.chars().find(|c| strange(*c)) {
        return Err(format!(
            "has `{}` in it: an address is of ASCII, and ends with its path",
            found.escape_default()
        ));
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let has_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    let is_host = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
    if !(has_port && is_host) {
        return Err("names no host".to_owned());
    }
    if !secure && !["localhost", "127.0.0.1", "[::1]"].contains(&host) {
        return Err("is http://, which is only for localhost: write https://".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Purpose;
    use crate::policy::ChargesOnPaid;

    fn told(change: impl FnOnce(&mut Policy)) -> Vec<String> {
        let mut policy = Policy::new("Acme", ChargesOnPaid::Keep);
        change(&mut policy);
        let problems = policy.problems();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_begin_with_an_absolute_address_that_is_safe() {
        let base = |base: &str| told(|policy| base.clone_into(&mut policy.link_base)).len();
        for fine in [
            "",
            "https://pay.acme.example",
            "https://pay.acme.example:8443/a/",
            "http://localhost:8080",
            "http://[::1]:80",
            "http://127.0.0.1/x",
        ] {
            assert_eq!(base(fine), 0, "{fine}");
        }
        for bad in [
            "pay.acme.example",
            "http://pay.acme.example",
            "http://localhost.evil.example",
            "https://",
            "https:///path",
            "https://a.example\nBcc: x",
            "https://a.example/ x",
            "https://a@b.example",
            "https://a.example?x=",
            "https://a.example:x",
            "javascript:alert(1)",
            "https://bücher.example",
        ] {
            assert_eq!(base(bad), 1, "{bad}");
        }
    }

    #[test]
    fn days_hours_and_names_have_bounds() {
        let problems = told(|policy| {
            policy.pending_days = 5_000_000;
            policy.grace_days = 3_651;
            policy.contact.gap_hours = [(Purpose::Demand, 745)].into();
            policy.agencies = [String::new()].into();
            policy.teams = ["a\nb".to_owned()].into();
            policy.default_workflow = Some(" ".to_owned());
            policy.plugin_grants = [("a/b".to_owned(), [].into())].into();
        });
        let places: Vec<_> = problems
            .iter()
            .filter_map(|problem| problem.split(':').next())
            .collect();
        assert_eq!(
            places,
            [
                "/contact/gap_hours/demand",
                "/grace_days",
                "/pending_days",
                "/plugin_grants/a~1b",
                "/teams",
                "/agencies",
                "/default_workflow"
            ]
        );
    }

    #[test]
    fn quiet_hours_leave_room_for_a_window_or_they_do_not() {
        let window = SendWindow::parse("0 * 9-16 * * MON-FRI").unwrap();
        let quiet = |from: u16, to: u16| QuietHours {
            from: from * 60,
            to: to * 60,
        };
        assert!(quiet(21, 8).leave_room(&window));
        assert!(quiet(0, 16).leave_room(&window));
        assert!(!quiet(0, 17).leave_room(&window));
        assert!(!quiet(17, 16).leave_room(&SendWindow::parse("0 * 9-15 * * *").unwrap()));
    }
}
