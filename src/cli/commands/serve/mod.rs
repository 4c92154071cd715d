//! `scimsnap serve`: the reference endpoint on a port of its own. Each file has one part of setting it up or stopping it.
//!
//! May use, of `cli`: `commands/defects/list`, `output`, `signals`.

mod args;
mod error;
mod greeting;
mod lists;
mod log;
mod options;
mod stop;

use std::cell::Cell;
use std::io::ErrorKind;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::cli::output::{fail, say, warn};
use crate::context::Context;
use crate::exit::Exit;
use crate::reference::{
    AllowedHosts, Reference, ServeLimits, ServeOptions, StateError, StateFile, serve_with,
};

pub use self::args::Args;
pub use self::error::ServeError;
use self::log::Log;
use self::options::{options, set_up};
use self::stop::{Stop, wait};

/// How long open requests may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// Lists what there is, or serves.
pub async fn run(args: &Args, context: &Context) -> Exit {
    if args.list_knobs || args.list_defects {
        say(&lists::lists(args));
        return Exit::Success;
    }
    match Box::pin(start(args, context)).await {
        Ok(()) => Exit::Success,
        Err(error) => fail(error.exit(), &error, None),
    }
}

/// Serves until a signal asks it to stop.
///
/// # Errors
/// The flags do not fit together, or the address cannot be listened on.
async fn start(args: &Args, context: &Context) -> Result<(), ServeError> {
    let hosts = AllowedHosts::only(args.allowed_hosts.iter().map(String::as_str));
    let hosts = hosts.map_err(|name| ServeError::HostForm(name.to_owned()))?;
    let options = options(args, context)?;
    let listener = TcpListener::bind(args.listen).await.map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => ServeError::Busy(args.listen),
        _ => ServeError::Listen { address: args.listen, source },
    })?;
    let address = listener.local_addr()?;
    let state = args.state.as_ref().map(|path| StateFile::open(&context.cwd.join(path))).transpose()?;
    let (reference, access) = set_up(args, context, options, state.as_ref())?;
    reference.make_default(&access.site);
    if let Some(state) = &state {
        // A file that cannot be written is told before anybody relies on it.
        state.save(&reference)?;
    }
    // The handlers stand before the ready line: who reads it may stop the endpoint at once.
    let stop = Stop::on_signals()?;
    greeting::greet(address, &access, args)?;
    let keeper = async {
        if let Some(state) = &state {
            let told = Cell::new(false);
            state.keep(&reference, stop.asked.clone(), |error| tell_once(&told, error)).await;
        }
    };
    let log = (!args.quiet).then(Log::start).transpose()?;
    let lines = log.as_ref().map(|log| log.lines.clone());
    let options = ServeOptions { hosts, limits: ServeLimits::default(), log: lines };
    let (served, ()) = tokio::join!(serve(listener, &reference, options, stop.clone()), keeper);
    served?;
    if let Some(log) = log {
        log.end();
    }
    if let Some(state) = &state {
        state.save(&reference)?;
    }
    Ok(())
}

/// Answers requests until the signal; those that are open then have a moment to end.
async fn serve(
    listener: TcpListener,
    reference: &Reference,
    options: ServeOptions,
    stop: Stop,
) -> Result<(), ServeError> {
    let Stop { asked, at_once } = stop;
    let server = serve_with(listener, reference.clone(), options, wait(asked.clone()));
    tokio::select! {
        done = server => done?,
        () = async { wait(asked).await; tokio::time::sleep(GRACE).await } => {}
        () = wait(at_once) => {}
    }
    Ok(())
}

/// Tells that the state cannot be written, the first time.
fn tell_once(told: &Cell<bool>, error: &StateError) {
    if !told.replace(true) {
        warn(&format!(
            "changes cannot be saved and would be lost: {error}; scimsnap tries again every second"
        ));
    }
}
