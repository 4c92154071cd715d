//! The endpoint of a run: the embedded reference endpoint with a site for each pair, or somebody's.

use std::collections::BTreeSet;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::context::Clock;
use crate::outcome::{Naming, View};
use crate::reference::{Defects, Knobs, Profile, Reference, SiteAccess, SiteId, SiteOptions, serve};
use crate::requirement::Discovery;
use crate::scenario::{Capability, Scenario};
use crate::wire::{
    Auth, HttpClient, Lag, Limits, Passwords, Register, RestTarget, Secret, Silence, Target, Waits, Wire,
};

use super::preflight::Preflight;
use crate::run::options::Options;

/// The endpoint of a run.
#[derive(Debug)]
pub enum Endpoint {
    /// The embedded reference endpoint.
    Embedded(Embedded),
    /// Somebody's.
    Foreign(Foreign),
}

/// The embedded reference endpoint.
#[derive(Debug)]
pub struct Embedded {
    http: Rc<HttpClient>,
    limits: Limits,
    clock: Clock,
    reference: Reference,
    origin: String,
    defects: Defects,
    profile: Option<Profile>,
    knobs: Vec<(String, String)>,
    passwords: Passwords,
}

/// Somebody's endpoint.
#[derive(Debug)]
pub struct Foreign {
    http: Rc<HttpClient>,
    /// What all threads that play there share.
    pub ground: Ground,
}

/// What is known of somebody's endpoint, and what a run may do there.
#[derive(Debug, Clone)]
pub struct Ground {
    limits: Limits,
    clock: Clock,
    target: Target,
    register: Arc<Register>,
    run: String,
    has: BTreeSet<Capability>,
    discovery: Arc<Discovery>,
    /// What is known of its read lag.
    pub lag: Arc<Lag>,
    /// What is waited for there.
    pub waits: Arc<Waits>,
    silence: Arc<Silence>,
}

/// Where a pair plays.
#[derive(Debug)]
pub struct Place {
    /// The way there.
    pub wire: Wire,
    /// How names are written there.
    pub naming: Naming,
    /// How much it shows.
    pub view: View,
    /// What the endpoint said of itself before the run.
    pub discovery: Arc<Discovery>,
    /// The site, where the endpoint is the embedded one.
    pub site: Option<Site>,
}

/// A site of the embedded endpoint.
#[derive(Debug)]
pub struct Site {
    /// The endpoint.
    pub reference: Reference,
    /// The site's id.
    pub id: SiteId,
    /// Its clock.
    pub clock: Clock,
    /// The origin under which it is served.
    pub origin: String,
    /// Its settings, by name.
    pub knobs: Knobs,
    /// Whether it has the profile that the scenario is about, so that all its answers are known.
    pub as_given: bool,
}

/// Why an endpoint cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The embedded endpoint cannot listen.
    #[error("the reference endpoint cannot listen on 127.0.0.1 ({0})")]
    Listen(#[from] io::Error),
    /// There is no such defect or knob, or it has no such value.
    #[error("{0}")]
    Setting(String),
}

impl Embedded {
    /// Starts the embedded endpoint on the runtime that plays the scenarios.
    pub async fn start(options: &Options) -> Result<Self, EndpointError> {
        let clock = options.clock.clone();
        let mut defects = Defects::default();
        for name in &options.defects {
            let parsed = Defects::parse(name).map_err(|error| EndpointError::Setting(error.to_string()))?;
            for row in parsed.iter() {
                defects.insert(row.defect);
            }
        }
        let mut knobs = Knobs::default();
        for (name, value) in &options.knobs {
            knobs.set(name, value).map_err(|error| EndpointError::Setting(error.to_string()))?;
        }
        let reference = Reference::new(clock.clone());
        let origin = listen(&reference).await?;
        Ok(Self {
            http: Rc::new(HttpClient::to_own(options.limits.of_our_own())),
            limits: options.limits.of_our_own(),
            clock,
            reference,
            origin,
            defects,
            profile: options.profile,
            knobs: options.knobs.clone(),
            passwords: options.passwords.clone(),
        })
    }

    /// The base URL as people are shown it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The profile of a scenario's site, whether that is the one which it is about, and its settings.
    fn set_up(&self, scenario: &Scenario) -> Result<(Profile, bool, Knobs), EndpointError> {
        let named = scenario.given.profile.as_ref().map(|(name, _)| name.parse::<Profile>()).transpose();
        let named = named.map_err(|error| EndpointError::Setting(error.to_string()))?;
        let profile = self.profile.or(named).unwrap_or_default();
        let as_given = profile == named.unwrap_or_default();
        let mut knobs = Knobs::of(profile);
        let given = scenario.given.knobs.iter().map(|(name, value, _)| (name, value));
        for (name, value) in given.chain(self.knobs.iter().map(|(name, value)| (name, value))) {
            knobs.set(name, value).map_err(|error| EndpointError::Setting(error.to_string()))?;
        }
        Ok((profile, as_given, knobs))
    }

    fn capabilities(&self, scenario: &Scenario) -> BTreeSet<Capability> {
        let mut has = BTreeSet::from([
            Capability::Groups,
            Capability::Filter,
            Capability::Delete,
            Capability::ProductView,
            Capability::Settings,
            Capability::Clock,
            Capability::Exclusive,
        ]);
        // A setting that cannot be is told when the site is opened.
        if let Ok((_, _, knobs)) = self.set_up(scenario) {
            let optional = [
                (knobs.sort, Capability::Sort),
                (knobs.etag, Capability::Etag),
                (knobs.bulk, Capability::Bulk),
                (knobs.page_cursor, Capability::Cursor),
            ];
            has.extend(optional.into_iter().filter(|(is_on, _)| *is_on).map(|(_, capability)| capability));
        }
        has
    }

    async fn open(&self, scenario: &Scenario, seed: u64) -> Result<Place, EndpointError> {
        let (profile, as_given, knobs) = self.set_up(scenario)?;
        // Time that is moved for one pair must not pass for the others.
        let own_clock = scenario.needs().contains(&Capability::Clock);
        let (reference, origin, clock) = if own_clock {
            let clock = Clock::fixed(self.clock.now());
            let reference = Reference::new(clock.clone());
            let origin = listen(&reference).await?;
            (reference, origin, clock)
        } else {
            (self.reference.clone(), self.origin.clone(), self.clock.clone())
        };
        let access = reference.create_site(SiteOptions {
            name: format!("site-{seed}"),
            profile,
            knobs: knobs.clone(),
            defects: self.defects.clone(),
            seed,
            ..SiteOptions::default()
        });
        let target = Target { passwords: self.passwords.clone(), ..target_of(&origin, &access) };
        let wire = Wire::new(Rc::clone(&self.http), target, self.limits, clock.clone(), None);
        let site = Site { reference, id: access.site, clock, origin, knobs, as_given };
        Ok(Place {
            wire,
            naming: Naming::plain(),
            view: View::Product,
            discovery: Arc::default(),
            site: Some(site),
        })
    }
}

/// Binds a port of its own and serves on it until the runtime ends.
pub(in crate::run) async fn listen(reference: &Reference) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(serve(listener, reference.clone(), std::future::pending()));
    Ok(origin)
}

/// How a site of the embedded endpoint is reached.
pub(crate) fn target_of(origin: &str, access: &SiteAccess) -> Target {
    let auth = Auth::Bearer(Secret::new(&access.token));
    let rest = Some(RestTarget {
        base: format!("{origin}{}", access.rest_path),
        user: access.rest_user.clone(),
        token: Secret::new(&access.rest_token),
        service_desk: access.service_desk,
    });
    Target { rest, ..Target::new(format!("{origin}{}", access.scim_path), auth) }
}

impl Foreign {
    /// A foreign endpoint, with a ledger that is on disk already.
    pub fn new(
        options: &Options,
        http: Rc<HttpClient>,
        target: Target,
        register: Arc<Register>,
        run: &str,
        ready: Preflight,
    ) -> Self {
        let mut has = BTreeSet::from([Capability::Filter, Capability::Delete]);
        if ready.groups {
            has.insert(Capability::Groups);
        }
        has.extend(claims(&ready.discovery));
        if target.rest.is_some() {
            has.insert(Capability::ProductView);
        }
        if target.rules.exclusive {
            has.insert(Capability::Exclusive);
        }
        let ground = Ground {
            limits: options.limits,
            clock: options.clock.clone(),
            target,
            register,
            run: run.to_owned(),
            has,
            discovery: Arc::new(ready.discovery),
            lag: Arc::new(Lag::new(options.read_lag)),
            waits: Arc::default(),
            silence: Arc::default(),
        };
        Self { http, ground }
    }

    /// The same endpoint by connections of its own.
    pub fn on(ground: Ground) -> Self {
        Self { http: Rc::new(HttpClient::to(&ground.target.transport, ground.limits)), ground }
    }

    /// A wire for what concerns the run as a whole.
    pub fn wire(&self) -> Wire {
        let ground = &self.ground;
        let register = Some(Arc::clone(&ground.register));
        let (http, target) = (Rc::clone(&self.http), ground.target.clone());
        let wire = Wire::new(http, target, ground.limits, ground.clock.clone(), register);
        // Every name that the run wrote carries a token that begins with its id.
        wire.marks().add_part(&ground.run);
        wire
    }

    fn open(&self, pair: usize) -> Place {
        let ground = &self.ground;
        let token = token(&ground.run, pair);
        let wire = Wire::new(
            Rc::clone(&self.http),
            ground.target.clone(),
            ground.limits,
            ground.clock.clone(),
            Some(Arc::clone(&ground.register)),
        )
        .with_token(&token)
        .with_lag(Arc::clone(&ground.lag))
        .with_waits(Arc::clone(&ground.waits))
        .with_silence(Arc::clone(&ground.silence));
        let view = if ground.target.rest.is_some() { View::Product } else { View::ScimOnly };
        Place {
            wire,
            naming: Naming::with_token(&token).in_domain(ground.target.rules.domain.as_deref()),
            view,
            discovery: Arc::clone(&ground.discovery),
            site: None,
        }
    }
}

/// What an endpoint says of itself that not all have.
pub(in crate::run) fn claims(discovery: &Discovery) -> impl Iterator<Item = Capability> {
    let claims = [
        (discovery.sort(), Capability::Sort),
        (discovery.etag(), Capability::Etag),
        (discovery.bulk(), Capability::Bulk),
        (discovery.cursor(), Capability::Cursor),
    ];
    claims.into_iter().filter(|(claim, _)| *claim == Some(true)).map(|(_, capability)| capability)
}

/// The token of a pair: the run's id, then the pair's number with a letter between, so that no token begins another.
pub(crate) fn token(run: &str, pair: usize) -> String {
    format!("{run}x{pair:02}")
}

impl Endpoint {
    /// Waits until somebody's endpoint is known to answer nothing any more.
    pub async fn falls_silent(&self) {
        match self {
            Self::Embedded(_) => std::future::pending().await,
            Self::Foreign(foreign) => foreign.ground.silence.is_certain().await,
        }
    }

    /// What it lets a scenario do and see.
    pub fn capabilities(&self, scenario: &Scenario) -> BTreeSet<Capability> {
        match self {
            Self::Embedded(embedded) => embedded.capabilities(scenario),
            Self::Foreign(foreign) => foreign.ground.has.clone(),
        }
    }

    /// Opens a place for a pair.
    pub async fn open(&self, scenario: &Scenario, pair: usize) -> Result<Place, EndpointError> {
        match self {
            Self::Embedded(embedded) => {
                embedded.open(scenario, u64::try_from(pair).unwrap_or(u64::MAX)).await
            }
            Self::Foreign(foreign) => Ok(foreign.open(pair)),
        }
    }
}
