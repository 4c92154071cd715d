//! `scimsnap serve`: the reference endpoint on a port of its own.

use std::cell::Cell;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use uuid::Uuid;

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::{Printable, json};
use crate::printable;
use crate::reference::{
    AllowedHosts, ApiKey, DefectError, Defects, KnobError, Knobs, Profile, ProfileError, Reference,
    ServeLimits, ServeOptions, SiteAccess, SiteOptions, StateError, StateFile, is_directory_id, serve_with,
};

use crate::cli::warn;

/// How long open requests may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(2);

/// The flags of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8420")]
    pub listen: SocketAddr,
    /// Whose service provider to be: jsm-customers (default), atlassian-employees or rfc
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Turn a knob (repeatable)
    #[arg(long = "knob", value_name = "K=V")]
    pub knobs: Vec<String>,
    /// Switch a deliberate bug on (repeatable)
    #[arg(long = "defect", value_name = "NAME")]
    pub defects: Vec<String>,
    /// Take the API key from this environment variable instead of making one
    #[arg(long, value_name = "VAR")]
    pub token_env: Option<String>,
    /// The id of the directory, the last part of the SCIM base URL
    #[arg(long, value_name = "ID")]
    pub directory: Option<String>,
    /// The name of the site
    #[arg(long, value_name = "NAME", default_value = "reference")]
    pub site: String,
    /// Make the same ids and keys in every run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Keep everything in this file: read at the start, written at the end, and changes are on the disk within half a second
    /// (in a journal beside it). The REST token is another one after each start
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Also answer requests that name this host (repeatable); IP addresses and localhost always are
    #[arg(long = "allow-host", value_name = "NAME")]
    pub allowed_hosts: Vec<String>,
    /// Print one line of JSON when ready, and nothing else
    #[arg(long)]
    pub ready_json: bool,
    /// List the knobs and stop
    #[arg(long)]
    pub list_knobs: bool,
    /// List the defects and stop
    #[arg(long)]
    pub list_defects: bool,
}

/// Why the endpoint did not start, or stopped by itself.
#[derive(Debug, Error)]
pub enum ServeError {
    /// `--knob` without `=`
    #[error("`{0}` is not of the form knob=value")]
    KnobForm(String),
    /// The profile is unknown.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The site in the state file has another profile, and what it holds may not fit into this one.
    #[error("the site in the state file is of profile `{0}`: leave --profile out, or choose another --site")]
    OtherProfile(Profile),
    /// The site in the state file has another directory.
    #[error("the site in the state file has another directory: leave --directory out")]
    OtherDirectory,
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// A knob or its value is unknown.
    #[error(transparent)]
    Knob(#[from] KnobError),
    /// A defect is unknown.
    #[error(transparent)]
    Defect(#[from] DefectError),
    /// The variable with the API key is not set.
    #[error("the environment variable `{0}` {1}")]
    NoToken(String, &'static str),
    /// The directory's id cannot stand in a path.
    #[error("`{0}` cannot be a directory id: use letters, digits, `-`, `_` and `.`")]
    DirectoryForm(String),
    /// What is allowed is no name of a host.
    #[error("`{0}` is no name of a host: --allow-host takes a name without a port, such as `scimsnap`")]
    HostForm(String),
    /// Others could reach the endpoint, with a key that nobody chose.
    #[error("`{0}` can be reached from other machines: choose an API key with --token-env, and no --seed")]
    Exposed(SocketAddr),
    /// The port cannot be opened.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The listener failed, or the result could not be written.
    #[error("the endpoint stopped")]
    Io(#[from] std::io::Error),
}

impl ServeError {
    /// The exit code that belongs to the error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::KnobForm(_)
            | Self::Profile(_)
            | Self::OtherProfile(_)
            | Self::OtherDirectory
            | Self::State(_)
            | Self::Knob(_)
            | Self::Defect(_)
            | Self::NoToken(..)
            | Self::DirectoryForm(_)
            | Self::HostForm(_)
            | Self::Exposed(_) => Exit::Usage,
            Self::Listen { .. } | Self::Io(_) => Exit::Unjudged,
        }
    }
}

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// The flags do not fit together, or the address cannot be listened on.
pub async fn run(args: &ServeArgs, context: &Context) -> Result<Exit, ServeError> {
    if args.list_knobs || args.list_defects {
        let mut lists = Printable::default();
        if args.list_knobs {
            lists += Printable::block("", &knob_list());
        }
        if args.list_defects {
            let list = super::defects::list(
                &Defects::ALL.iter().collect::<Vec<_>>(),
                &Defects::QUIRKS.iter().collect::<Vec<_>>(),
            );
            lists += Printable::block("", &list);
        }
        crate::cli::say(&lists);
        return Ok(Exit::Success);
    }
    let hosts = AllowedHosts::only(args.allowed_hosts.iter().map(String::as_str));
    let hosts = hosts.map_err(|name| ServeError::HostForm(name.to_owned()))?;
    let options = options(args, context)?;
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|source| ServeError::Listen { address: args.listen, source })?;
    let address = listener.local_addr()?;
    let state = args.state.as_ref().map(|path| StateFile::open(&context.cwd.join(path))).transpose()?;
    let (reference, access) = set_up(args, context, options, state.as_ref())?;
    reference.make_default(&access.site);
    if let Some(state) = &state {
        // A file that cannot be written is told before anybody relies on it.
        state.save(&reference)?;
    }
    // The handlers stand before the ready line: who reads it may stop the endpoint at once.
    let mut stop = stop_signal()?;
    write_out(&if args.ready_json {
        ready_line(address, &access)
    } else {
        greeting(address, &access, args)
    })?;
    let (mut stopped, kept) = (stop.clone(), stop.clone());
    let served_as = ServeOptions { hosts, limits: ServeLimits::default() };
    let server = serve_with(listener, reference.clone(), served_as, async move {
        let _ = stop.wait_for(|stop| *stop).await;
    });
    let keeper = async {
        if let Some(state) = &state {
            let told = Cell::new(false);
            state.keep(&reference, kept, |error| tell_once(&told, error)).await;
        }
    };
    let served = async {
        tokio::select! {
            done = server => done,
            () = async {
                let _ = stopped.wait_for(|stop| *stop).await;
                tokio::time::sleep(GRACE).await;
            } => Ok(()),
        }
        .map_err(ServeError::from)
    };
    let (served, ()) = tokio::join!(served, keeper);
    served?;
    if let Some(state) = &state {
        state.save(&reference)?;
    }
    Ok(Exit::Success)
}

/// The endpoint with its site: the one of that name from the state file, with what the flags change about it, or a new one.
fn set_up(
    args: &ServeArgs,
    context: &Context,
    options: SiteOptions,
    state: Option<&StateFile>,
) -> Result<(Reference, SiteAccess), ServeError> {
    let clock = context.clock.clone();
    let restored = state.map(|state| state.restore(clock.clone(), options.seed)).transpose()?;
    let reference = restored.flatten().unwrap_or_else(|| Reference::new(clock));
    let Some(mut access) = reference.site_named(&options.name) else {
        let access = reference.create_site(options);
        return Ok((reference, access));
    };
    let profile = reference.profile(&access.site).unwrap_or_default();
    if args.profile.is_some() && profile != options.profile {
        return Err(ServeError::OtherProfile(profile));
    }
    if let Some(id) = &args.directory
        && !access.scim_path.ends_with(&format!("/{id}"))
    {
        return Err(ServeError::OtherDirectory);
    }
    for (name, value) in named_knobs(args)? {
        reference.set_knob(&access.site, name, value)?;
    }
    if !args.defects.is_empty() {
        reference.set_defects(&access.site, options.defects);
    }
    // The chosen key holds, whether it is the one of last time or not.
    if let Some(token) = options.token {
        if !reference.opens(&access.site, &token) {
            reference.replace_key(&access.site, &token);
        }
        token.reveal().clone_into(&mut access.token);
    }
    Ok((reference, access))
}

/// The knobs that are turned by flags.
fn named_knobs(args: &ServeArgs) -> Result<Vec<(&str, &str)>, ServeError> {
    let named = args.knobs.iter().map(|setting| {
        let (name, value) = setting.split_once('=').ok_or_else(|| ServeError::KnobForm(setting.clone()))?;
        Ok((name.trim(), value.trim()))
    });
    named.collect()
}

fn options(args: &ServeArgs, context: &Context) -> Result<SiteOptions, ServeError> {
    if !args.listen.ip().is_loopback() && (args.token_env.is_none() || args.seed.is_some()) {
        return Err(ServeError::Exposed(args.listen));
    }
    let profile: Profile = args.profile.as_deref().map(str::parse).transpose()?.unwrap_or_default();
    let mut knobs = Knobs::of(profile);
    for (name, value) in named_knobs(args)? {
        knobs.set(name, value)?;
    }
    let mut defects = Defects::default();
    for names in &args.defects {
        defects = defects | Defects::parse(names)?;
    }
    let token = match &args.token_env {
        None => None,
        Some(name) => {
            let token =
                context.var(name).ok_or_else(|| ServeError::NoToken(name.clone(), context.without(name)))?;
            Some(ApiKey::from(token))
        }
    };
    if let Some(id) = args.directory.as_ref().filter(|id| !is_directory_id(id)) {
        return Err(ServeError::DirectoryForm(id.clone()));
    }
    Ok(SiteOptions {
        name: args.site.clone(),
        directory: args.directory.clone(),
        token,
        profile,
        knobs,
        defects,
        seed: args.seed.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0),
    })
}

fn ready_line(address: SocketAddr, access: &SiteAccess) -> Printable {
    let line = serde_json::json!({
        "scim": (!access.scim_path.is_empty()).then(|| format!("http://{address}{}", access.scim_path)),
        "token": (!access.token.is_empty()).then_some(&access.token),
        "rest": format!("http://{address}/rest/servicedeskapi"),
        "rest_user": access.rest_user,
        "rest_token": access.rest_token,
    });
    printable!("{}\n", Printable::verbatim(json(&line).unwrap_or_default()))
}

fn greeting(address: SocketAddr, access: &SiteAccess, args: &ServeArgs) -> Printable {
    let token_env = args.token_env.as_deref();
    let scim = match access.scim_path.as_str() {
        "" => "none: no directory is connected".to_owned(),
        path => format!("http://{address}{path}"),
    };
    let (shown, used) = match token_env {
        Some(name) => (format!("the value of {name}"), format!("${name}")),
        None if access.token.is_empty() => {
            ("as it was shown at the first start".to_owned(), "KEY".to_owned())
        }
        None => (access.token.clone(), access.token.clone()),
    };
    printable!(
        "The reference endpoint is ready.\n\n\
         \x20 SCIM base URL  {}\n\
         \x20 API key        {}\n\
         \x20 REST API       http://{}/rest/servicedeskapi\n\
         \x20 REST user      {}\n\
         \x20 REST token     {}\n\n\
         Try:\n\n\
         \x20 curl -H \"Authorization: Bearer {}\" {}/Users\n\n{}Stop with Ctrl-C.\n",
        scim,
        shown,
        address,
        access.rest_user,
        access.rest_token,
        used,
        scim,
        notes(address, args),
    )
}

/// What is to know about the state file, and about being reached from elsewhere.
fn notes(address: SocketAddr, args: &ServeArgs) -> Printable {
    let mut notes = Printable::default();
    if let Some(state) = &args.state {
        notes += printable!(
            "Changes are on the disk within half a second, in {} or a journal beside it.\n\n",
            state.display().to_string()
        );
    }
    if !address.ip().is_loopback() {
        let names = if args.allowed_hosts.is_empty() {
            String::new()
        } else {
            format!(", and as {}", args.allowed_hosts.join(", "))
        };
        notes += printable!(
            "It answers under its IP addresses and as localhost{}; other names need --allow-host NAME.\n\n",
            names
        );
    }
    notes
}

/// Tells that the state cannot be written, the first time.
fn tell_once(told: &Cell<bool>, error: &StateError) {
    if !told.replace(true) {
        warn(&format!(
            "changes cannot be written down for now, and would be lost: {error}; it is tried again every second"
        ));
    }
}

fn knob_list() -> String {
    let knobs = Knobs::default();
    let lines = knobs.iter().map(|row| {
        let mut text = format!("{}={}\n    {} ({})\n", row.name, row.default, row.meaning, row.mark.as_str());
        for (profile, default, mark) in &row.defaults {
            if *default != row.default || *mark != row.mark {
                text = format!("{text}    {profile}: {default} ({})\n", mark.as_str());
            }
        }
        format!("{text}    allowed: {}\n", row.allowed)
    });
    lines.collect::<Vec<_>>().concat()
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is written is a `Printable`, and whether it arrives counts"
)]
fn write_out(text: &Printable) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    text.write_to(&mut out)?;
    out.flush()
}

/// Becomes true at the first Ctrl-C or SIGTERM.
fn stop_signal() -> std::io::Result<watch::Receiver<bool>> {
    let (sender, receiver) = watch::channel(false);
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    #[cfg(unix)]
    let mut interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        let _ = sender.send(true);
    });
    Ok(receiver)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use clap::Parser;

    use super::{ServeArgs, ServeError, options, ready_line};
    use crate::context::{Clock, Context};
    use crate::exit::Exit;
    use crate::reference::Reference;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        serve: ServeArgs,
    }

    fn args(flags: &[&str]) -> ServeArgs {
        Command::parse_from([&["serve"], flags].concat()).serve
    }

    fn context(env: &[(&str, &str)]) -> Context {
        let env: BTreeMap<_, _> = env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Context {
            env,
            cwd: PathBuf::new(),
            stderr_is_terminal: false,
            stdin_is_terminal: false,
            clock: Clock::system(),
        }
    }

    #[test]
    fn an_address_that_others_reach_needs_a_chosen_key() {
        let exposed = options(&args(&["--listen", "0.0.0.0:0"]), &context(&[])).unwrap_err();
        assert!(matches!(exposed, ServeError::Exposed(_)));
        assert_eq!(exposed.exit(), Exit::Usage);
        let flags = ["--listen", "0.0.0.0:0", "--token-env", "KEY"];
        assert!(options(&args(&flags), &context(&[("KEY", "chosen")])).is_ok());
        assert!(matches!(options(&args(&flags), &context(&[])).unwrap_err(), ServeError::NoToken(..)));
        let seeded = [&flags[..], &["--seed", "1"]].concat();
        assert!(options(&args(&seeded), &context(&[("KEY", "chosen")])).is_err());
    }

    #[test]
    fn knobs_and_defects_are_read_and_slips_refused() {
        let set =
            options(&args(&["--knob", "conflict.setting=skip", "--defect", "prefix-filter"]), &context(&[]))
                .unwrap();
        assert_eq!(set.knobs.get("conflict.setting").as_deref(), Some("skip"));
        assert!(!set.defects.is_empty());
        for flags in [
            ["--knob", "conflict.setting"],
            ["--knob", "shoe=1"],
            ["--defect", "shoe"],
            ["--directory", "a/b"],
            ["--profile", "rcf"],
        ] {
            let error = options(&args(&flags), &context(&[])).unwrap_err();
            assert_eq!(error.exit(), Exit::Usage, "{flags:?}");
        }
    }

    #[test]
    fn the_ready_line_has_what_a_script_needs() {
        let reference = Reference::new(Clock::system());
        let access = reference
            .create_site(options(&args(&["--directory", "d1", "--seed", "1"]), &context(&[])).unwrap());
        let line = ready_line("127.0.0.1:9".parse().unwrap(), &access);
        assert_eq!(line.lines().count(), 1);
        let line = line.as_str();
        let read: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(read["scim"], "http://127.0.0.1:9/scim/directory/d1");
        assert_eq!(read["rest"], "http://127.0.0.1:9/rest/servicedeskapi");
        for field in ["token", "rest_user", "rest_token"] {
            assert!(read[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
        }
    }
}
