//! The command line against a server: it comes to the same as on the store itself.

use std::fmt::Write as _;

use crate::serve::Service;
use crate::{Called, Desk, called};

/// A service with a tenant `acme`, both made from outside, and a desk whose store is a copy of
/// its store before anything else happened.
pub struct Both {
    pub here: Desk,
    there: Desk,
    service: Service,
    operator: String,
    admin: String,
}

impl Both {
    pub fn new() -> Self {
        let (here, there) = (Desk::new(), Desk::new());
        let operator = there.done(&["key", "create", "--role", "operator", "--label", "me"]);
        let operator = operator.trim().to_owned();
        let service = Service::start(&there, &[]);
        let mut both = Self {
            here,
            there,
            service,
            operator,
            admin: String::new(),
        };
        let create = "tenant create acme --charges-on-paid-principal keep --display-name Acme \
                      --link-base https://pay.acme.example --sandbox --clock 2012-01-01";
        let create: Vec<_> = create.split_whitespace().collect();
        let made = both.ask(&both.operator, &create);
        assert!(
            made.out.contains("sandbox at 2012-01-01T00:00:00Z"),
            "{}",
            made.out
        );
        both.admin = both.key("admin");
        let copy = both.here.path("regua.sqlite").display().to_string();
        both.there.done(&["db", "backup", &copy]);
        both
    }

    /// A key of the tenant, made by the operator.
    fn key(&self, role: &str) -> String {
        let create = [
            "--tenant", "acme", "key", "create", "--label", "x", "--role", role,
        ];
        let made = self.ask(&self.operator, &create);
        assert_eq!(made.code, 0, "{}", made.err);
        made.out.trim().to_owned()
    }

    /// Asks the server with a key. The folder is the one of who works here.
    fn ask(&self, key: &str, arguments: &[&str]) -> Called {
        let server = format!("http://{}", self.service.address);
        let mut command = self.here.command(arguments);
        called(command.env("REGUA_SERVER", server).env("REGUA_KEY", key))
    }

    /// Does the same here and there, which has to come to the same.
    #[track_caller]
    pub fn call(&self, arguments: &[&str]) -> Called {
        let here = self.here.call(arguments);
        let there = self.ask(&self.admin, arguments);
        let told = |called: &Called| {
            let Called { code, out, err } = called;
            format!("{code}\n{}{}", without_instants(out), without_instants(err))
        };
        assert_eq!(told(&here), told(&there), "{arguments:?}");
        here
    }

    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> String {
        let Called { code, out, err } = self.call(arguments);
        assert_eq!(code, 0, "{arguments:?}\n{out}{err}");
        out
    }
}

/// Without the instants at which something was put on the shelf: they are the machine's.
fn without_instants(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let mark = ["published ", "\tput ", "  added "]
            .into_iter()
            .find_map(|mark| line.find(mark).map(|at| at + mark.len()));
        match mark {
            Some(at) => {
                let rest = line[at..].trim_start();
                let rest = rest.find('\t').map_or("", |end| &rest[end..]);
                let _ = writeln!(kept, "{}…{rest}", &line[..at]);
            }
            None => {
                let _ = writeln!(kept, "{line}");
            }
        }
    }
    kept
}

pub fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn a_key_may_do_what_its_role_may() {
    let both = Both::new();
    let viewer = both.key("viewer");
    let looked = both.ask(&viewer, &words("case list"));
    assert_eq!(
        (looked.code, looked.out.as_str()),
        (0, ""),
        "{}",
        looked.err
    );
    let moved = both.ask(&viewer, &words("clock set 2012-02-01"));
    assert_eq!(moved.code, 1);
    assert!(
        moved.err.contains("a key of the role viewer may not"),
        "{}",
        moved.err
    );
    let listed = both.ask(&viewer, &words("tenant list"));
    assert_eq!(listed.code, 1, "{}", listed.out);
    let listed = both.ask(&both.operator, &words("tenant list"));
    assert!(listed.out.starts_with("acme\tten_"), "{}", listed.out);
    // An admin makes keys of their own tenant, and sees it alone.
    let made = both.ask(
        &both.admin,
        &words("key create --role ingest --label billing"),
    );
    assert!(made.out.starts_with("regua_"), "{}{}", made.out, made.err);
    let ingest = made.out.trim();
    let put = "customer put --reference C-1 --name Ana --kind consumer --locale en \
               --jurisdiction BR --time-zone UTC";
    assert_eq!(both.ask(ingest, &words(put)).code, 0);
    // A key that is revoked ends at once, though it was used a moment ago.
    // By its id, or by itself: of that no more than the id is sent or shown.
    let listed = both.ask(&both.admin, &words("key list"));
    let line = listed.out.lines().find(|line| line.ends_with("billing"));
    let id = line
        .and_then(|line| line.split('\t').next())
        .expect("it is listed");
    let revoked = both.ask(&both.admin, &["key", "revoke", ingest]);
    assert_eq!(revoked.err.trim(), format!("{id}: revoked"));
    let refused = both.ask(ingest, &words(put));
    assert_eq!(refused.code, 1, "{}", refused.out);
    let listed = both.ask(&both.admin, &words("key list"));
    assert!(listed.out.contains("\trevoked "), "{}", listed.out);
    let other = both.ask(&both.admin, &words("tenant show other"));
    assert_eq!(other.code, 2);
    assert!(
        other.err.contains("is of the tenant `acme`"),
        "{}",
        other.err
    );
    let live = "tenant create shop --charges-on-paid-principal keep";
    assert_eq!(both.ask(&both.operator, &words(live)).code, 0);
    let run = both.ask(
        &both.operator,
        &words("--tenant shop key create --role admin --label x"),
    );
    let run = both.ask(run.out.trim(), &["run"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("by itself"), "{}", run.err);
}

#[test]
fn what_a_server_cannot_be_asked_is_said() {
    let both = Both::new();
    for (arguments, told) in [
        (
            "db status",
            "leave the server out (environment REGUA_SERVER)",
        ),
        ("serve", "leave the server out"),
        ("demo", "leave the server out"),
        (
            "--tenant acme case list",
            "leave the tenant out (flag --tenant)",
        ),
    ] {
        let asked = both.ask(&both.admin, &words(arguments));
        assert_eq!(asked.code, 2, "{arguments}: {}", asked.err);
        assert!(asked.err.contains(told), "{arguments}: {}", asked.err);
    }
    let unknown = both.admin.replace("regua_", "regua_0");
    for key in ["nothing", &unknown] {
        let asked = both.ask(key, &words("case list"));
        assert_eq!(asked.code, 1, "{}", asked.out);
        assert!(asked.err.contains("the key is not known"), "{}", asked.err);
    }
    let desk = Desk::new();
    let mut keyless = desk.command(&["case", "list", "--server", "https://regua.example"]);
    let Called { code, err, .. } = called(&mut keyless);
    assert_eq!(code, 2);
    assert!(err.contains("REGUA_KEY"), "{err}");
    for (server, told) in [
        ("http://regua.example", "clear text"),
        ("http://10.0.0.1:8080", "clear text"),
        ("ftp://regua.example", "neither https:// nor http://"),
        ("https://me:secret@regua.example", "bears a login"),
        ("regua", "server: "),
    ] {
        let mut command = desk.command(&["case", "list", "--server", server]);
        let Called { code, err, .. } = called(command.env("REGUA_KEY", "regua_x"));
        assert_eq!(code, 2, "{server}: {err}");
        assert!(err.contains(told), "{server}: {err}");
    }
}

#[test]
fn a_key_is_not_shown_and_stands_in_no_file() {
    let desk = Desk::new();
    let mut settings = desk.command(&["settings"]);
    let shown = called(settings.env("REGUA_KEY", "regua_hush"));
    assert!(
        shown.out.contains("key = (set, and not shown)"),
        "{}",
        shown.out
    );
    assert!(!shown.out.contains("hush"), "{}", shown.out);
    desk.write("regua.toml", "key = \"regua_hush\"\n");
    let refused = desk.call(&["settings"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("`key` is no setting"),
        "{}",
        refused.err
    );
}

#[test]
fn a_settings_file_that_nobody_named_does_not_say_where_keys_are_sent() {
    let desk = Desk::new();
    desk.write("regua.toml", "server = \"https://regua.example\"\n");
    let mut list = desk.command(&["tenant", "list"]);
    let refused = called(list.env("REGUA_KEY", "regua_x"));
    assert_eq!(refused.code, 2);
    let told = "`server` may only stand in a file that was named";
    assert!(refused.err.contains(told), "{}", refused.err);
    let named = desk.done(&["settings", "--settings", "regua.toml"]);
    assert!(named.contains("server = https://regua.example"), "{named}");
}
