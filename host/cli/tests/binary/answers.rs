//! Servers that answer as a script says: what is asked again, and what is never followed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use crate::{Called, Desk, called};

/// Answers one request after the other, each on a connection of its own; an empty answer is a
/// connection that breaks. What was asked is told at the end.
struct Script {
    address: String,
    asked: JoinHandle<Vec<String>>,
}

impl Script {
    fn new(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let play = move || {
            let answer = |answer: String| {
                let (mut stream, _) = listener.accept().unwrap();
                let asked = read(&stream);
                stream.write_all(answer.as_bytes()).unwrap();
                asked
            };
            answers.into_iter().map(answer).collect()
        };
        Self {
            address,
            asked: std::thread::spawn(play),
        }
    }

    /// Tells a payment, and what was asked for that.
    fn pay(self) -> (Called, Vec<String>) {
        let pay = "payment add --customer C-1 --reference P-1 --paid-on 2012-01-05 \
                   --id fact_00000000000000000000000000000007 --amount";
        let mut arguments: Vec<_> = pay.split_whitespace().collect();
        arguments.push("5.00 BRL");
        let desk = Desk::new();
        let mut command = desk.command(&arguments);
        command
            .env("REGUA_SERVER", format!("http://{}/regua/", self.address))
            .env("REGUA_KEY", "regua_x");
        (called(&mut command), self.asked.join().unwrap())
    }
}

/// A request, head and body.
fn read(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn taken() -> String {
    let body =
        r#"{"fact":"fact_00000000000000000000000000000007","customer":"C-1","outcome":"taken"}"#;
    answer("201 Created", "content-type: application/json\r\n", body)
}

#[test]
fn a_call_that_got_lost_is_made_again_as_the_same_fact() {
    let busy = answer("503 Service Unavailable", "retry-after: 0\r\n", "");
    let slow = answer("429 Too Many Requests", "retry-after: 0\r\n", "");
    let script = Script::new(vec![String::new(), busy, slow, taken()]);
    let (told, asked) = script.pay();
    assert_eq!(told.code, 0, "{}", told.err);
    assert_eq!(asked.len(), 4);
    for request in &asked {
        assert!(
            request.starts_with("POST /regua/v1/payments HTTP/1.1\r\n"),
            "{request}"
        );
        let key = "idempotency-key: fact_00000000000000000000000000000007\r\n";
        assert!(request.contains(key), "{request}");
        assert!(
            request.contains("authorization: Bearer regua_x\r\n"),
            "{request}"
        );
    }
}

#[test]
fn it_is_given_up_in_the_end() {
    let (told, asked) = Script::new(vec![String::new(); 4]).pay();
    assert_eq!((told.code, asked.len()), (1, 4));
    assert!(told.err.contains("which was asked 4 times"), "{}", told.err);
    assert_eq!(told.err.lines().count(), 1, "{}", told.err);
    assert!(!told.err.contains("regua_x"), "{}", told.err);
    // Nobody listens any more.
    let desk = Desk::new();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut command = desk.command(&["tenant", "list"]);
    command
        .env("REGUA_SERVER", format!("http://{closed}"))
        .env("REGUA_KEY", "regua_x");
    let told = called(&mut command);
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(
        told.err.contains("no answer from http://127.0.0.1"),
        "{}",
        told.err
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let to = format!("location: http://{}/\r\n", elsewhere.local_addr().unwrap());
    let (told, asked) = Script::new(vec![answer("307 Temporary Redirect", &to, "")]).pay();
    assert_eq!((told.code, asked.len()), (1, 1), "{}", told.out);
    assert!(told.err.contains("status 307"), "{}", told.err);
    assert!(elsewhere.accept().is_err(), "the key went along");
}

#[test]
fn what_a_server_says_commands_no_terminal() {
    let body = "{\"type\":\"urn:regua:problem:conflict\",\"title\":\"x\",\"status\":409,\
                \"detail\":\"\\u001b]52;c;eA==\\u0007\\nerror: x\"}";
    let problem = answer(
        "409 Conflict",
        "content-type: application/problem+json\r\n",
        body,
    );
    let (told, _) = Script::new(vec![problem]).pay();
    assert_eq!(told.code, 1);
    assert!(!told.err.contains(['\u{1b}', '\u{7}']), "{:?}", told.err);
    assert_eq!(told.err.lines().count(), 1, "{}", told.err);
}
