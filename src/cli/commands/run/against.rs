//! `--against`: the endpoint that is played first, to compare the target with it.

use std::collections::BTreeSet;

use super::args::Args;
use super::interrupt::interrupted_twice;
use super::own_snapshots::own_snapshots;
use crate::cli::commands::clean;
use crate::cli::given::{Given, command};
use crate::cli::output::fail;
use crate::context::Context;
use crate::event::Event;
use crate::exit::Exit;
use crate::run::farewell;
use crate::run::{Cancel, Options, Other, plan_with, run as play};
use crate::snapshot::Update;
use crate::wire::Redactor;

/// Plays the same at the other endpoint, which writes nothing and is not reported by itself.
pub(super) async fn play_other(
    word: &str,
    (args, given): (&Args, &Given),
    options: &Options,
    ids: &BTreeSet<String>,
    context: &Context,
    cancel: &Cancel,
) -> Result<(Other, Redactor), Exit> {
    let mut flags = args.target.clone();
    flags.target = Some(word.to_owned());
    // It is another endpoint: what the product shows of the first one says nothing of it.
    let way = &mut flags.way;
    (way.rest, way.rest_user, way.rest_token_env) = (None, None, None);
    if let Some(name) = &args.against_token_env {
        (way.token_env, way.token_file) = (Some(name.clone()), None);
    }
    let chosen = flags.choose(context);
    let chosen = chosen.map_err(|error| fail(Exit::Usage, &error, error.help().as_deref()))?;
    let entries = args.selection.entries_again(context)?;
    let snapshots = own_snapshots(&chosen.settings, context)?;
    let mut plan = plan_with(entries, options.clients.as_deref(), &context.cwd, snapshots.as_ref())
        .map_err(|_| fail(Exit::Invalid, &"nothing was sent", None))?;
    // The same scenarios on both sides, whatever narrowed them down.
    plan.retain(|planned| ids.contains(&*planned.entry.id()));
    let options = Options {
        target: chosen.target,
        update: Update::No,
        snapshots,
        transcript: false,
        keep_outcomes: true,
        keep_exchanges: false,
        fail_fast: None,
        ..options.clone()
    };
    let mut given = given.with("target", "target", word).without(&["rest", "rest_user", "rest_token_env"]);
    if let Some(name) = &args.against_token_env {
        given = given.with("token_env", "token-env", name).without(&["token_file"]);
    }
    farewell::aim(given.known_to(&command::<clean::Args>("clean")).for_shell().as_str());
    let mut other = Other::new(word);
    let tell = |event: &Event<'_>| {
        if let Event::Finished(report) = event {
            other.add(report);
        }
    };
    let result = tokio::select! {
        result = Box::pin(play(plan, &options, cancel, tell)) => result,
        () = interrupted_twice(cancel) => return Err(Exit::Interrupted),
    };
    match result {
        Ok(summary) if summary.interrupted => Err(Exit::Interrupted),
        Ok(_) => Ok((other, options.redactor())),
        Err(error) => Err(fail(error.exit(), &format!("{word}: {error}"), None)),
    }
}
