//! A service: started, asked, stopped.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use regua_test_receivers::http::{Answer, Endpoint};

use crate::Desk;

/// A `regua serve` that ends with it.
pub struct Service {
    child: Child,
    pub address: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub fn start(desk: &Desk, arguments: &[&str]) -> Self {
        Self::start_with(desk, arguments, &[])
    }

    fn start_with(desk: &Desk, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = desk.command(&[&["serve"], arguments].concat());
        command
            .env("REGUA_LISTEN", "127.0.0.1:0")
            .envs(variables.iter().copied())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .find_map(|line| Some(line.ok()?.split_once("http://")?.1.to_owned()))
            .expect("it says where it listens");
        // What else it says is read, lest it waits for somebody to.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Tells it to stop, and waits until it has.
    fn stop(&mut self) {
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(told.unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// Makes a call; answers the status and the body.
    fn call(&self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: regua\r\nconnection: close\r\n\
             authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        (status, body.to_owned())
    }
}

#[test]
fn a_service_answers_its_operator_and_ends_when_it_is_told_to() {
    let desk = Desk::new();
    let token = desk.done(&["key", "create", "--role", "operator", "--label", "me"]);
    let token = token.trim();
    let mut service = Service::start(&desk, &[]);
    assert_eq!(service.call("GET", "/healthz", "", "").0, 200);
    assert_eq!(service.call("GET", "/readyz", "", "").0, 200);
    assert_eq!(service.call("GET", "/v1/tenants", "", "").0, 401);
    let new = r#"{"name":"acme","display_name":"Acme","charges_on_paid_principal":"waive"}"#;
    let (status, made) = service.call("POST", "/v1/tenants", token, new);
    assert_eq!(status, 201, "{made}");
    let (status, figures) = service.call("GET", "/metrics", token, "");
    assert_eq!(status, 200, "{figures}");
    // One service at a time works on a file.
    let second = desk.call(&["serve"]);
    assert_eq!(second.code, 1, "{}", second.err);
    assert!(
        second.err.contains("another `regua serve`"),
        "{}",
        second.err
    );
    // By whatever name it is called.
    std::fs::hard_link(desk.path("regua.sqlite"), desk.path("other.sqlite")).unwrap();
    let second = desk.call(&["--database", "other.sqlite", "tenant", "list"]);
    assert!(second.err.contains("2 names"), "{}", second.err);
    std::fs::remove_file(desk.path("other.sqlite")).unwrap();
    // The command line sees what was made, in another process.
    let listed = desk.done(&["tenant", "list"]);
    assert!(listed.contains("acme"), "{listed}");
    service.stop();
    assert_eq!(desk.done(&["db", "check"]).trim(), "everything adds up");
    desk.done(&["db", "backup", "copy.sqlite"]);
    let copied = desk.done(&["--database", "copy.sqlite", "tenant", "list"]);
    assert!(copied.contains("acme"), "{copied}");
}

#[test]
fn a_store_that_is_not_there_is_told_and_not_made() {
    let desk = Desk::new();
    for words in [
        "db check",
        "db status",
        "db backup copy.sqlite",
        "case list",
    ] {
        let mut arguments = vec!["--database", "typo.sqlite"];
        arguments.extend(words.split(' '));
        let called = desk.call(&arguments);
        assert_eq!(called.code, 2, "{words}: {}{}", called.out, called.err);
        let told = "there is no store at typo.sqlite (flag --database)";
        assert!(called.err.contains(told), "{words}: {}", called.err);
        assert!(!desk.path("typo.sqlite").exists(), "{words}");
    }
}

#[test]
fn a_setting_that_cannot_be_used_is_named() {
    let desk = Desk::new();
    let faulty = [
        ("REGUA_LISTEN", "everywhere", "listen: "),
        ("REGUA_SECRET_KEYS", "hush", "secret-keys: "),
        ("REGUA_PUBLIC_URL", "http://x", "public-url: "),
        (
            "REGUA_OUTGOING_EXCEPTIONS",
            "my network",
            "outgoing-exceptions: ",
        ),
        ("REGUA_CALLS_PER_SECOND", "0", "calls-per-second: "),
        ("REGUA_LOG_FORMAT", "xml", "log-format: "),
    ];
    for (variable, value, told) in faulty {
        let output = desk
            .command(&["serve"])
            .env(variable, value)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{variable}: {said}");
        assert!(said.contains(told) && said.contains(variable), "{said}");
    }
}

#[test]
fn a_connection_that_says_nothing_keeps_no_service_from_ending() {
    let desk = Desk::new();
    let mut service = Service::start(&desk, &[]);
    let idle = TcpStream::connect(&service.address).unwrap();
    let mut half = TcpStream::connect(&service.address).unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nx: ").unwrap();
    assert_eq!(service.call("GET", "/healthz", "", "").0, 200);
    service.stop();
    drop((idle, half));
}

#[test]
fn a_trace_that_a_caller_began_goes_on_to_the_collector() {
    let collector = Endpoint::start(|_| Answer::status(200));
    let desk = Desk::new();
    let token = desk.done(&["key", "create", "--role", "operator", "--label", "me"]);
    let mut service =
        Service::start_with(&desk, &[], &[("REGUA_OTLP_ENDPOINT", &collector.url(""))]);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let token = format!(
        "{}\r\ntraceparent: 00-{trace}-b7ad6b7169203331-01",
        token.trim()
    );
    assert_eq!(service.call("GET", "/v1/tenants", &token, "").0, 200);
    service.stop();
    let spans: Vec<Span> = collector
        .arrived()
        .iter()
        .flat_map(|request| {
            assert_eq!(request.path, "/v1/traces");
            assert_eq!(request.header("content-type"), "application/x-protobuf");
            let told = ExportTraceServiceRequest::decode(&*request.body).unwrap();
            let scopes = told
                .resource_spans
                .into_iter()
                .flat_map(|of| of.scope_spans);
            scopes.flat_map(|scope| scope.spans).collect::<Vec<_>>()
        })
        .collect();
    let call = spans
        .iter()
        .find(|span| span.name == "GET /v1/tenants")
        .expect("a span");
    let wanted = u128::from_str_radix(trace, 16).unwrap();
    assert_eq!(call.trace_id, wanted.to_be_bytes());
    let said = format!("{:?}", call.attributes);
    assert!(
        said.contains("list_tenants") && said.contains("IntValue(200)"),
        "{said}"
    );
}

#[test]
fn how_much_waits_is_among_the_figures() {
    let desk = Desk::new();
    let token = desk.done(&["key", "create", "--role", "operator", "--label", "me"]);
    let token = token.trim();
    desk.done(&[
        "tenant",
        "create",
        "acme",
        "--charges-on-paid-principal",
        "waive",
    ]);
    let admin = desk.done(&[
        "key", "create", "--role", "admin", "--label", "a", "--tenant", "acme",
    ]);
    let service = Service::start(&desk, &[]);
    let person =
        r#"{"name":"Maria","kind":"consumer","locale":"en","jurisdiction":"DE","time_zone":"UTC"}"#;
    let (status, told) = service.call("PUT", "/v1/customers/C-1", admin.trim(), person);
    assert_eq!(status, 201, "{told}");
    let figures = || service.call("GET", "/metrics", token, "").1;
    while !figures().contains(r#"regua_waiting{tenant="acme",queue="effects"} 0"#) {
        std::thread::sleep(Duration::from_millis(100));
    }
}
