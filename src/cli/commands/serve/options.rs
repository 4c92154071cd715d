//! Sets up the site of the reference endpoint from the flags and the state file.

use uuid::Uuid;

use super::args::Args;
use super::error::ServeError;
use crate::context::Context;
use crate::reference::{
    ApiKey, Defects, Knobs, Profile, Reference, SiteAccess, SiteOptions, StateFile, is_directory_id,
};
use crate::settings::is_name;

/// The site that the flags describe.
pub(super) fn options(args: &Args, context: &Context) -> Result<SiteOptions, ServeError> {
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
            let token = context.var(name).ok_or_else(|| {
                if is_name(name) {
                    ServeError::NoToken(name.clone(), context.without(name))
                } else {
                    ServeError::NotAName
                }
            })?;
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

/// The endpoint with its site: the one of that name from the state file, with what the flags change about it, or a new one.
pub(super) fn set_up(
    args: &Args,
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
fn named_knobs(args: &Args) -> Result<Vec<(&str, &str)>, ServeError> {
    let named = args.knobs.iter().map(|setting| {
        let (name, value) = setting.split_once('=').ok_or_else(|| ServeError::KnobForm(setting.clone()))?;
        Ok((name.trim(), value.trim()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use clap::Parser;

    use super::{Args, ServeError, options};
    use crate::context::{Clock, Context};
    use crate::exit::Exit;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        serve: Args,
    }

    fn args(flags: &[&str]) -> Args {
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
}
