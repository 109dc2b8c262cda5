//! JSON Lines in, JSON Lines out: one line for each, in order, with the same `id`. A line that cannot be read
//! gives `{"id","error"}` and does not stop the others.

use std::{
    io::{BufRead as _, Read, Write},
    process::ExitCode,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// A line longer than this is refused, in bytes.
const MAX_LINE: usize = 4 << 20;

/// Answers every line of `input` by `answer`. 0 when all were read, 2 otherwise, 1 when `answer` said so of one.
pub(super) fn answer_each<In, Out>(
    input: impl Read,
    mut output: impl Write,
    mut answer: impl FnMut(In) -> Result<(Out, bool), String>,
) -> anyhow::Result<ExitCode>
where
    In: DeserializeOwned,
    Out: Serialize,
{
    let mut reader = std::io::BufReader::new(input);
    let (mut unread, mut failed) = (false, false);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if (&mut reader).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.len() > MAX_LINE && bytes.last() != Some(&b'\n') {
            reader.skip_until(b'\n')?;
        }
        let line = bytes.trim_ascii();
        if line.is_empty() {
            continue;
        }
        match read(line).and_then(|(id, given)| answer(given).map_err(|reason| (id, reason))) {
            Ok((out, fails)) => {
                failed |= fails;
                serde_json::to_writer(&mut output, &out)?;
            }
            Err((id, error)) => {
                unread = true;
                serde_json::to_writer(&mut output, &json!({ "id": id, "error": error }))?;
            }
        }
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(match (unread, failed) {
        (true, _) => ExitCode::from(2),
        (false, true) => ExitCode::from(1),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// The id as far as it can be told, beside what stands in the line.
fn read<In: DeserializeOwned>(line: &[u8]) -> Result<(Value, In), (Value, String)> {
    if line.len() > MAX_LINE {
        return Err((Value::Null, format!("the line has more than {MAX_LINE} bytes")));
    }
    let text = std::str::from_utf8(line).map_err(|_| (Value::Null, "the line is not UTF-8".to_owned()))?;
    let value: Value = serde_json::from_str(text).map_err(|error| (Value::Null, format!("not JSON: {error}")))?;
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    let given = serde_json::from_value(value).map_err(|error| (id.clone(), error.to_string()))?;
    Ok((id, given))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Line {
        id: String,
        n: u32,
    }

    #[test]
    fn a_bad_line_is_answered_in_its_place_and_stops_nothing() {
        let input = "{\"id\":\"a\",\"n\":1}\nnonsense\n{\"id\":\"b\"}\n\n{\"id\":\"c\",\"n\":3}";
        let mut output = Vec::new();
        let code = answer_each(input.as_bytes(), &mut output, |line: Line| {
            Ok::<_, String>((json!({ "id": line.id, "twice": line.n * 2 }), false))
        });
        let lines: Vec<Value> =
            String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0], json!({"id": "a", "twice": 2}));
        assert!(lines[1]["error"].is_string() && lines[1]["id"].is_null());
        assert_eq!(lines[2]["id"], "b");
        assert_eq!(lines[3]["twice"], 6);
        assert_eq!(code.unwrap(), ExitCode::from(2));
    }
}
