//! What no client should send, made from the OpenAPI document with seeds: never a 5xx, and
//! each refusal says why.

use std::num::NonZeroU32;

use http::Method;
use regua_http::Settings;
use regua_http::key::Role;
use serde_json::{Value, json};

use crate::kit::{Answer, Client, Host, invoice, maria};
use crate::operations::{Operation, encoded, fitting, operations};

/// Calls of each operation.
const ROUNDS: u64 = 48;

/// Numbers that look random, the same in every run (SplitMix64, Steele et al. 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count as u64).unwrap()
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            " ",
            "\0",
            "a\0b",
            "\u{202e}gnp.exe",
            "ｆｕｌｌ",
            "💸",
            "../../etc/passwd",
            "%00",
            "'; DROP TABLE customer; --",
            "-",
            "1e999",
            "99999999999999999999999999",
            "-0",
            "2026-02-30",
            "9999-12-31",
            "-9999-01-01",
            "2026-13-01T25:61:61Z",
            "regua_",
            "*",
            "null",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "é̴̡",
            "\u{feff}",
            "a\nb",
            "C-1",
            "F-1",
        ];
        match self.below(texts.len() + 1) {
            at if at < texts.len() => texts[at].to_owned(),
            _ => "long ".repeat(1 + self.below(4_000)),
        }
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 10 } else { 12 }) {
            0 => Value::Null,
            1 => json!(self.next().is_multiple_of(2)),
            2 => json!(i64::MIN),
            3 => json!(u64::MAX),
            4 => json!(1e308),
            5 => json!(-0.5),
            6 => json!(self.below(3)),
            10 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            11 => (0..self.below(4))
                .map(|_| (self.text(), self.value(depth - 1)))
                .collect(),
            _ => json!(self.text()),
        }
    }

    /// A document with a few places of it made strange.
    fn spoilt(&mut self, mut document: Value) -> Value {
        for _ in 0..=self.below(3) {
            self.spoil(&mut document, 0);
        }
        document
    }

    fn spoil(&mut self, value: &mut Value, depth: usize) {
        let deeper = depth < 6 && !self.next().is_multiple_of(4);
        match value {
            Value::Object(members) if !members.is_empty() && deeper => {
                let name = members
                    .keys()
                    .nth(self.below(members.len()))
                    .cloned()
                    .unwrap();
                match self.below(8) {
                    0 => drop(members.remove(&name)),
                    1 => drop(members.insert(self.text(), self.value(1))),
                    _ => self.spoil(&mut members[&name], depth + 1),
                }
            }
            Value::Array(items) if !items.is_empty() && deeper => {
                let at = self.below(items.len());
                match self.below(6) {
                    0 => drop(items.remove(at)),
                    1 => items.push(items[at].clone()),
                    _ => self.spoil(&mut items[at], depth + 1),
                }
            }
            other => *other = self.value(2),
        }
    }

    fn body(&mut self, operation: &Operation) -> Vec<u8> {
        let Some((media_type, example)) = operation.example() else {
            // Of an operation that takes none.
            return if self.next().is_multiple_of(4) {
                b"{}".to_vec()
            } else {
                Vec::new()
            };
        };
        match self.below(10) {
            0 => Vec::new(),
            1 => vec![0xff, 0xfe, 0x00, b'{'],
            2 => example[..self.below(example.len())].to_vec(),
            3 => "[".repeat(20_000).into_bytes(),
            4 => b"{\"a\":".repeat(20_000),
            5 => self.value(4).to_string().into_bytes(),
            6 => b"{\"reference\":\"\xc3\x28\"}".to_vec(),
            _ if media_type == "application/json" => {
                let document = serde_json::from_slice(&example).unwrap();
                self.spoilt(document).to_string().into_bytes()
            }
            _ => {
                let mut bytes = example;
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
                bytes.extend((0..self.below(64)).map(|n| u8::try_from(n).unwrap()));
                bytes
            }
        }
    }

    fn path(&mut self, operation: &Operation) -> String {
        let mut path = operation.path.clone();
        for (name, schema) in operation.parameters("path") {
            let value = match self.below(4) {
                0 => self.text(),
                1 => fitting(&schema),
                2 => ["C-1", "F-1", "first-day-late", "weekends", "1"][self.below(5)].to_owned(),
                _ => String::new(),
            };
            let value = match (value.as_str(), self.below(6)) {
                ("", 0) => "%FF%FE".to_owned(),
                ("", _) => encoded(&fitting(&schema)),
                (text, _) => encoded(regua_domain::cut::cut(text, 2_000).as_ref()),
            };
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let mut pairs = Vec::new();
        let known = operation.parameters("query");
        for _ in 0..self.below(3) {
            let name = match known.len() {
                0 => "unheard-of".to_owned(),
                count => known[self.below(count)].0.clone(),
            };
            let value = self.text();
            let value = regua_domain::cut::cut(&value, 500);
            pairs.push(format!("{}={}", encoded(&name), encoded(&value)));
        }
        if pairs.is_empty() {
            path
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }

    fn headers(&mut self, operation: &Operation) -> Vec<(&'static str, String)> {
        let mut headers = operation.headers();
        match self.below(12) {
            0 => headers.retain(|(name, _)| *name != "content-type"),
            1 => headers.push(("if-match", "W/\"7\"".to_owned())),
            2 => headers.push(("if-match", format!("\"{}\"", u64::MAX))),
            3 => headers.push(("idempotency-key", " ".repeat(self.below(300)))),
            4 => headers.push(("idempotency-key", format!("k{}", self.below(3)))),
            5 => headers.push(("content-type", "text/html; charset=utf-16".to_owned())),
            _ => {}
        }
        headers
    }
}

fn judge(answer: &Answer, told: &str) {
    assert!(answer.status < 500, "{told}: {}", answer.text);
    if answer.status < 400 {
        return;
    }
    let kind = answer
        .headers
        .get("content-type")
        .map(|kind| kind.to_str().unwrap());
    assert_eq!(
        kind,
        Some("application/problem+json"),
        "{told}: {}",
        answer.text
    );
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status, "{told}");
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{told}: {problem}"
    );
    if problem["type"] == "urn:regua:problem:invalid" {
        let faults = problem["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{told}: {problem}"));
        for fault in faults {
            let named = ["pointer", "parameter", "header"]
                .iter()
                .any(|key| fault.get(key).is_some());
            assert!(named, "{told}: {problem}");
        }
    }
}

async fn barrage(client: &Client, operation: &Operation, seed: u64) {
    let mut dice = Dice(seed);
    let path = dice.path(operation);
    let body = dice.body(operation);
    let headers = dice.headers(operation);
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let told = format!(
        "seed {seed}: {} {path} {headers:?} {}",
        operation.method,
        regua_domain::cut::cut(&String::from_utf8_lossy(&body), 400)
    );
    let answer = client
        .call(operation.method.clone(), &path, &headers, body)
        .await;
    judge(&answer, &told);
}

#[tokio::test]
async fn nothing_that_is_sent_makes_the_host_fail_and_each_refusal_says_why() {
    #[allow(clippy::needless_update, reason = "whatever else there is to set")]
    let settings = Settings {
        calls_per_second: NonZeroU32::MAX,
        ..Settings::shipped()
    };
    let host = Host::with(settings).await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    let operator = host.operator().await;
    admin.put("/v1/customers/C-1", &maria()).await.expect(201);
    admin
        .post("/v1/invoices", &invoice("F-1"))
        .await
        .expect(201);
    for (number, operation) in operations().iter().enumerate() {
        let is_admins = operation.roles.iter().any(|role| role == "admin");
        let client = if is_admins { &admin } else { &operator };
        for round in 0..ROUNDS {
            barrage(client, operation, number as u64 * 1_000 + round).await;
        }
    }
    // The host is as well as before.
    admin.get("/v1/customers/C-1").await.expect(200);
}

#[tokio::test]
async fn paths_and_methods_that_are_none_are_problems_too() {
    let host = Host::start().await;
    let tenant = host.sandbox("acme").await;
    let admin = host.client(tenant, Role::Admin).await;
    for (method, path, status) in [
        (Method::GET, "/v1/nothing", 404),
        (Method::GET, "/", 404),
        (Method::DELETE, "/v1/customers", 405),
        (Method::PATCH, "/v1/customers/C-1", 405),
        (Method::GET, "/v1/customers/%FF", 400),
        (Method::GET, "/v1/customers?after=%FF", 422),
    ] {
        let answer = admin.call(method, path, &[], Vec::new()).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        judge(&answer, path);
    }
}
