//! Less than the whole plan: a pack, or a shard.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::idp::ClientName;
use crate::scenario::Pack;

use super::Plan;

/// One of several equal parts of a plan, for machines that share a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    of: usize,
}

/// Not a shard.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shard has the form I/N, from 1/N to N/N")]
pub struct NoShard;

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let (index, of) = text.split_once('/').ok_or(NoShard)?;
        let (index, of) = (index.parse().map_err(|_| NoShard)?, of.parse().map_err(|_| NoShard)?);
        if (1..=of).contains(&index) { Ok(Self { index, of }) } else { Err(NoShard) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl Plan {
    /// Keeps the scenarios of a pack.
    pub fn keep_pack(&mut self, pack: Pack) {
        self.retain(|planned| pack.holds(planned.pack));
    }

    /// Keeps a shard.
    pub fn keep_shard(&mut self, shard: Shard) {
        let mut numbers = 0..;
        self.retain(|_| numbers.next().is_some_and(|number: usize| number % shard.of == shard.index - 1));
    }

    /// Keeps some of the pairs, by the id of the scenario and the client.
    pub fn keep_pairs(&mut self, mut keep: impl FnMut(&str, ClientName) -> bool) {
        self.retain_pairs(|planned, client| keep(&planned.entry.id(), client));
    }

    /// The ids of its scenarios.
    pub fn ids(&self) -> BTreeSet<String> {
        self.pairs.scenarios().iter().map(|planned| planned.entry.id()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::run::plan::plan;
    use crate::scenario::catalogue::bundled;

    fn whole() -> Plan {
        plan(bundled(), None, Path::new(env!("CARGO_MANIFEST_DIR")))
            .unwrap_or_else(|errors| panic!("{errors:?}"))
    }

    fn ids(plan: &Plan) -> BTreeSet<String> {
        plan.ids()
    }

    #[test]
    fn shards_share_the_whole_between_them() {
        let all = whole();
        let mut seen = BTreeSet::new();
        let (mut pairs, mut scenarios) = (0, 0);
        for shard in ["1/3", "2/3", "3/3"] {
            let mut part = whole();
            part.keep_shard(shard.parse().unwrap());
            assert!(part.scenarios + 1 >= all.scenarios / 3 && ids(&part).is_disjoint(&seen), "{shard}");
            seen.extend(ids(&part));
            (pairs, scenarios) = (pairs + part.pairs.len(), scenarios + part.scenarios);
        }
        assert_eq!((seen, pairs, scenarios), (ids(&all), all.pairs.len(), all.scenarios));
    }

    #[test]
    fn packs_hold_the_ones_before() {
        let of = |pack| {
            let mut plan = whole();
            plan.keep_pack(pack);
            assert_eq!(plan.scenarios, plan.ids().len());
            ids(&plan)
        };
        let (smoke, ready, full) = (of(Pack::Smoke), of(Pack::Ready), of(Pack::Full));
        let (rfc, large) = (of(Pack::Rfc), of(Pack::Large));
        assert!(!smoke.is_empty() && smoke.len() < ready.len() && ready.len() < full.len());
        assert!(!rfc.is_empty() && rfc.is_disjoint(&ready) && rfc.is_subset(&full));
        assert!(smoke.is_subset(&ready) && full.is_subset(&large) && large == ids(&whole()));
    }

    #[test]
    fn what_is_no_shard_is_refused() {
        for text in ["0/2", "3/2", "1", "a/b", "1/0", ""] {
            assert_eq!(text.parse::<Shard>(), Err(NoShard), "{text}");
        }
        assert_eq!("2/2".parse::<Shard>().map(|shard| shard.to_string()).as_deref(), Ok("2/2"));
    }
}
