//! From the config's JSON to the stage's own type, and from serde's line and column to the
//! JSON pointer that the contract asks for.

use serde::de::DeserializeOwned;

use crate::ConfigProblem;

/// Reads a config; what does not fit is told with a pointer to it.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, ConfigProblem> {
    serde_json::from_str(json).map_err(|error| problem(json, &error))
}

#[cold]
fn problem(json: &str, error: &serde_json::Error) -> ConfigProblem {
    let full = error.to_string();
    // serde_json appends the position, which says nothing in canonical JSON: one line.
    let text = full
        .rfind(" at line ")
        .map_or(full.as_str(), |end| &full[..end]);
    let end = json
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>()
        + error.column();
    ConfigProblem::new(
        pointer_at(&json.as_bytes()[..end.min(json.len())]),
        text.to_owned(),
    )
}

/// One open object or array, and where in it the reader stands.
enum Level {
    Object {
        key: Option<String>,
        expects_key: bool,
    },
    Array {
        index: usize,
    },
}

/// The pointer to the value (or the key) in which this beginning of a JSON text ends.
/// serde stops right behind what it could not use, so that is the value to name.
fn pointer_at(beginning: &[u8]) -> String {
    let mut levels: Vec<Level> = Vec::new();
    let mut bytes = beginning.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' => levels.push(Level::Object {
                key: None,
                expects_key: true,
            }),
            b'[' => levels.push(Level::Array { index: 0 }),
            b'}' | b']' => {
                levels.pop();
            }
            b',' => match levels.last_mut() {
                Some(Level::Object { expects_key, .. }) => *expects_key = true,
                Some(Level::Array { index }) => *index += 1,
                None => {}
            },
            b'"' => {
                let mut raw = vec![b'"'];
                let mut escaped = false;
                for byte in bytes.by_ref() {
                    raw.push(byte);
                    match byte {
                        b'"' if !escaped => break,
                        b'\\' => escaped = !escaped,
                        _ => escaped = false,
                    }
                }
                if let Some(Level::Object {
                    key,
                    expects_key: expects_key @ true,
                }) = levels.last_mut()
                {
                    *key = serde_json::from_slice(&raw).ok();
                    *expects_key = false;
                }
            }
            _ => {}
        }
    }
    levels.iter().fold(String::new(), |mut pointer, level| {
        match level {
            Level::Object { key: Some(key), .. } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Level::Object { key: None, .. } => {}
            Level::Array { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
        }
        pointer
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is of interest")]
    struct Shape {
        number: u32,
        #[serde(default)]
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is of interest")]
    struct Inner {
        #[serde(rename = "a/b~c")]
        word: String,
    }

    #[test]
    fn problems_point_at_what_does_not_fit() {
        let pointer = |json| read::<Shape>(json).unwrap_err().pointer.into_owned();
        assert_eq!(pointer(r#"{"number":"one"}"#), "/number");
        assert_eq!(pointer(r#"{"number":1.5,"list":[]}"#), "/number");
        assert_eq!(pointer(r#"{"number":-1}"#), "/number");
        assert_eq!(pointer(r#"{"number":1,"nmuber":1}"#), "/nmuber");
        assert_eq!(pointer(r#"{"list":[]}"#), "");
        assert_eq!(
            pointer(r#"{"list":[{"a/b~c":"x"},{"a/b~c":7}],"number":1}"#),
            "/list/1/a~1b~0c"
        );
        assert_eq!(
            pointer(r#"{"list":[{"a/b~c":"\\\"]}"},{}],"number":1}"#),
            "/list/1"
        );
        assert_eq!(pointer("{\n  \"number\":\n  true\n}"), "/number");
        assert_eq!(pointer("7"), "");
        assert_eq!(pointer(""), "");
    }

    #[test]
    fn problems_do_not_tell_line_and_column() {
        let problem = read::<Shape>(r#"{"number":"one"}"#).unwrap_err();
        assert_eq!(problem.text, "invalid type: string \"one\", expected u32");
    }
}
