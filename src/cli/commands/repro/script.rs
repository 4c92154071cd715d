//! Puts the script together.

use std::fmt::Write as _;

use crate::foreign::{Foreign, Printable};
use crate::requirement::{Clue, OUTCOME};
use crate::wire::MASK;

use super::clue;
use super::names;
use super::report::{Cause, Exchange, Report, Script, Step};
use super::weave::{Loom, Thread, forms, quoted};

/// What every script has.
const RUNTIME: &str = include_str!("runtime.sh");

/// The variable of the token, where nobody named one.
const TOKEN: &str = "SCIM_TOKEN";

/// Headers that curl writes by itself, or whose answer it would not read.
const LEFT_OUT: [&str; 5] = ["accept-encoding", "connection", "content-length", "host", "transfer-encoding"];

/// Why there is no script.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    /// The run says so.
    #[error("{0}")]
    Said(String),
    /// A request would change what the script did not create.
    #[error("{0} writes to a resource that the script does not create")]
    NotOurs(String),
    /// A request has something from an answer of the run that no other run is given.
    #[error("a request has a {0} in it that is good in that run alone")]
    Passing(&'static str),
    /// The report was written by hand, or by another program.
    #[error("the report has a request with `{0}` in it")]
    Odd(String),
}

/// The script that shows a cause.
pub(super) fn write(report: &Report, cause: &Cause) -> Result<Printable, Unfit> {
    let script = cause.script.as_ref().ok_or_else(|| {
        Unfit::Said(cause.no_script.clone().unwrap_or_else(|| "the report has no requests for it".to_owned()))
    })?;
    let steps = with_bystander(script);
    check(&steps)?;
    let mut loom = loom(script, &steps);
    let mut text = head(report, cause, script);
    let variable = variable(report);
    text.push_str(
        &RUNTIME.replace("@TOKEN_ENV@", &format!("{variable:<14}")).replace("@TOKEN_NAME@", variable),
    );
    let may_refuse = script.whole || cause.id.split('/').next() == Some(OUTCOME.id);
    body(&mut text, script, &steps, may_refuse, &mut loom);
    Ok(Printable::verbatim(text))
}

/// A text on one line of a comment or of what is printed.
fn line(text: &str) -> String {
    Foreign::new(text).line().into_owned()
}

fn variable(report: &Report) -> &str {
    let is_name = |name: &&str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        name.bytes().all(is_sign) && !name.is_empty() && !name.as_bytes()[0].is_ascii_digit()
    };
    report.token_env.as_deref().filter(is_name).unwrap_or(TOKEN)
}

fn head(report: &Report, cause: &Cause, script: &Script) -> String {
    let variable = variable(report);
    // The embedded endpoint of a run without a target is gone.
    let url = if script.token.is_some() { report.target.as_str() } else { "" };
    let say = |name: &str, text: &str| format!("{name}={}\n", quoted(&line(text)));
    let mut text = format!(
        "#!/bin/sh\n# {}\n#\n# cause   {}\n# source  {}\n# why     {}\n#\n# `scimsnap repro` wrote it from run {}. It exits 1 while the fault is there, 0 when it is\n# gone, and 2 if that could not be told. `sh SCRIPT --help` says what it needs.\n",
        line(&cause.headline),
        line(&cause.id),
        line(&cause.source),
        line(&cause.because),
        line(&report.run),
    );
    if script.whole {
        text.push_str(
            "#\n# Nobody has said which part of the answer matters. The fault counts as there while every\n# value of it, ids and times aside, is as it was in the run.\n",
        );
    }
    // Backquotes are quotes here, and no script calls every function.
    text.push_str("\n# shellcheck disable=SC2016,SC2034,SC2317,SC2329\nset -u\n");
    text.push_str(&say("default_url", url));
    let _ = writeln!(text, "token=${{{variable}-}}\nheader=${{SCIM_HEADER-}}");
    text.push_str(&say("headline", &cause.headline));
    text.push_str(&say("right", if cause.right.is_empty() { &cause.because } else { &cause.right }));
    text.push('\n');
    text
}

/// The steps. Before a lookup that must find one resource only, another one is created.
fn with_bystander(script: &Script) -> Vec<Step> {
    let mut steps = script.steps.clone();
    let is_of_list = |clue: &Clue| match clue {
        Clue::Other { at, .. } | Clue::There { at, .. } => {
            at.starts_with("body/Resources/") || at == "body/totalResults"
        }
        _ => false,
    };
    let Some(last) = steps.last().filter(|_| script.clues.iter().any(is_of_list)) else { return steps };
    let collection = last.collection().to_owned();
    let name = format!("{}-somebody-else", script.token.as_deref().unwrap_or_default());
    let name = name.trim_start_matches('-');
    let body = match collection.to_ascii_lowercase().as_str() {
        "/users" => serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("{name}@example.com"),
            "name": {"givenName": "Somebody", "familyName": "Else"},
            "displayName": "Somebody Else",
            "emails": [{"value": format!("{name}@example.com"), "type": "work", "primary": true}],
            "active": true,
        }),
        "/groups" => serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name,
        }),
        _ => return steps,
    };
    let media_type = "application/scim+json".to_owned();
    let headers = ["Accept", "Content-Type"].map(|name| (name.to_owned(), media_type.clone()));
    let exchange = Exchange {
        method: "POST".to_owned(),
        target: collection,
        headers: headers.to_vec(),
        body: Some(body.to_string()),
        response: Some(super::report::Response { status: 201, headers: Vec::new() }),
        ..Exchange::default()
    };
    steps.insert(0, Step { exchange, creates: None });
    steps
}

/// Refuses what would touch somebody else's resources, whoever wrote the report.
fn check(steps: &[Step]) -> Result<(), Unfit> {
    let mut ours: Vec<&str> = Vec::new();
    for step in steps {
        let Exchange { method, target, .. } = &step.exchange;
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
            return Err(Unfit::Odd(line(method)));
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if query.split('&').any(|pair| pair.starts_with("cursor=")) {
            return Err(Unfit::Passing("cursor"));
        }
        let is_odd = !target.starts_with('/')
            || target.contains(|letter: char| letter.is_control() || letter == ' ')
            || (step.writes() && path.split('/').any(|part| matches!(part, "." | "..")));
        if is_odd {
            return Err(Unfit::Odd(line(target)));
        }
        if step.writes() && !step.is_create() {
            let segment = path.get(step.collection().len() + 1..).unwrap_or_default();
            let id = percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned();
            // In another form the id of the run would stay in the script.
            let is_woven = segment == id || forms(&id).iter().any(|form| form == segment);
            // A search by POST only reads.
            let is_read = method == "POST" && path.ends_with("/.search");
            let is_ours = is_woven && ours.contains(&id.as_str());
            if !is_read && !is_ours {
                return Err(Unfit::NotOurs(line(&format!("{method} {path}"))));
            }
        }
        if step.is_create()
            && !["/users", "/groups"].contains(&step.collection().to_ascii_lowercase().as_str())
        {
            return Err(Unfit::NotOurs(line(&format!("{method} {path}"))));
        }
        ours.extend(step.creates.as_deref());
    }
    Ok(())
}

/// What stands for tokens, passwords and ids.
fn loom(script: &Script, steps: &[Step]) -> Loom {
    let mut loom = Loom::default();
    let token = script.token.as_deref().filter(|token| token.len() > 4);
    if let Some(token) = token {
        loom.add(Thread::anywhere(token, "t"));
        loom.add(Thread::anywhere(&token.to_uppercase(), "T"));
    }
    names::add(steps, token, &mut loom);
    loom.add(Thread::anywhere(MASK, "password"));
    loom
}

/// The requests. An endpoint may refuse the culprit where nothing but an outcome is known.
fn body(text: &mut String, script: &Script, steps: &[Step], may_refuse: bool, loom: &mut Loom) {
    let last = steps.len().saturating_sub(1);
    for (index, step) in steps.iter().enumerate() {
        let Exchange { number, method, target, .. } = &step.exchange;
        let is_culprit = script.culprit == Some(*number) && *number > 0;
        let role = match (is_culprit, index == last, *number) {
            (true, true, _) => "the request that is answered wrongly",
            (true, false, _) => "the request that does it",
            (false, true, _) => "the request that shows it",
            (false, false, 0) => "another resource, which the lookup must not find",
            (false, false, _) => "",
        };
        let role = if role.is_empty() { String::new() } else { format!(": {role}") };
        let answered = step.status();
        let _ = write!(text, "\n# {} {}{role}", line(method), line(target));
        text.push('\n');
        if *number > 0 {
            let _ = writeln!(text, "# exchange {number} of the run, answered {answered}");
        }
        if index == last {
            show(text, step, loom);
            finish(text, script, step, steps, loom);
            return;
        }
        send(text, step, loom);
        let is_taken = (200..300).contains(&answered);
        if is_taken && may_refuse && is_culprit {
            // To refuse it may be right.
            text.push_str("case $status in 4??) ;; *) took ;; esac\n");
        } else if is_taken {
            text.push_str("took\n");
        }
        if step.is_create() {
            let _ = writeln!(text, "made {}", quoted(step.collection()));
        }
        if let Some(id) = &step.creates {
            let (name, encoded) = (format!("id_{}", index + 1), format!("path_{}", index + 1));
            let _ = writeln!(text, "{name}=$id {encoded}=$(encoded \"$id\")");
            let _ = writeln!(text, "needs \"${name}\" {}", quoted(step.collection()));
            for thread in Thread::id(id, &name, &encoded) {
                loom.add(thread);
            }
        }
        keep_version(text, index, step, steps, loom);
    }
}

/// Keeps the version that an answer shows, where a later request names it.
fn keep_version(text: &mut String, index: usize, step: &Step, steps: &[Step], loom: &mut Loom) {
    let Some(response) = &step.exchange.response else { return };
    let Some((_, version)) = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("etag"))
    else {
        return;
    };
    let names = |step: &Step| {
        let mut headers = step.exchange.headers.iter();
        headers.any(|(name, value)| name.eq_ignore_ascii_case("if-match") && value == version)
    };
    if steps[index + 1..].iter().any(names) {
        let name = format!("version_{}", index + 1);
        let _ = writeln!(text, "{name}=$(values header/etag | sed -e 's/^\"//' -e 's/\"$//')");
        loom.add(Thread::anywhere(version, &name));
    }
}

/// The request as a call of `send`.
fn send(text: &mut String, step: &Step, loom: &Loom) {
    let exchange = &step.exchange;
    if let Some(body) = &exchange.body {
        let _ = writeln!(text, "printf '%s' {} >\"$work/sent\"", loom.word(body));
    }
    let key = if exchange.anonymous { "absent" } else { exchange.key.as_deref().unwrap_or("whole") };
    let _ = writeln!(text, "number={} key={}", exchange.number, quoted(key));
    let _ = write!(text, "send {} {}", exchange.method, loom.target(&exchange.target));
    for (name, value) in &exchange.headers {
        if name.starts_with('@') || LEFT_OUT.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        // A colon with nothing behind it would take the header out.
        let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        let _ = write!(text, " \\\n  -H {}", loom.word(&header));
    }
    let has = |wanted: &str| exchange.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    let curls_own = ["Accept", "User-Agent", "Content-Type"];
    for name in curls_own.into_iter().filter(|name| !has(name)) {
        if name != "Content-Type" || exchange.body.is_some() {
            let _ = write!(text, " -H '{name}:'");
        }
    }
    text.push('\n');
}

/// The last request, which may be sent several times.
fn show(text: &mut String, step: &Step, loom: &Loom) {
    let mut sent = String::new();
    send(&mut sent, step, loom);
    let _ = writeln!(text, "show() {{\n{sent}}}");
}

fn finish(text: &mut String, script: &Script, step: &Step, steps: &[Step], loom: &Loom) {
    let wrong: Vec<String> = if script.whole {
        vec!["the answer is still as it was in the run".to_owned()]
    } else {
        script.clues.iter().map(clue::says).collect()
    };
    let _ = writeln!(text, "wrong={}", loom.word(&line(&wrong.join(", and "))));
    let commands: Vec<String> = script.clues.iter().map(|clue| clue::command(clue, loom)).collect();
    let _ = writeln!(text, "is_wrong() {{\n  {}\n}}\nshow", commands.join(" &&\n    "));
    let is_denial = |clue: &Clue| match clue {
        Clue::StatusIn { values } | Clue::StatusNotIn { values } => {
            values.iter().any(|status| matches!(status.as_str(), "401" | "403"))
        }
        _ => false,
    };
    let is_denied = matches!(step.status(), 401 | 403)
        || step.exchange.anonymous
        || step.exchange.key.is_some()
        || script.clues.iter().any(is_denial);
    if !is_denied {
        text.push_str("case $status in 401 | 403) took ;; esac\n");
    }
    if step.is_create() {
        let _ = writeln!(text, "made {}", quoted(step.collection()));
    }
    if !step.writes() && steps.iter().any(Step::writes) {
        text.push_str("reread\n");
    }
    text.push_str("verdict\n");
}
