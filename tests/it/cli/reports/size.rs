//! The JSON report of a long run: written and read back. Nothing here depends on how long that takes; the time is printed.

use std::time::{Duration, Instant};

use scimsnap::event::{Decides, Event, ExchangeLine, Header, PairReport, Status, Summary};
use scimsnap::files::Output;
use scimsnap::idp::ClientName;
use scimsnap::report::{Flags, Json, Reporter as _};
use scimsnap::run::verdict::report::{About, not_played};
use scimsnap::wire::Redactor;
use serde_json::Value;

use super::valid;
use crate::support::Folder;

const PAIRS: usize = 250;
const EXCHANGES: usize = 20;

fn pair(number: usize) -> PairReport {
    let about = About {
        id: format!("own/{number}"),
        title: "A long run".to_owned(),
        file: format!("scenarios/own/{number}.yaml"),
        word: format!("own/{number}"),
        project: None,
        behaviour: None,
        client: ClientName::Entra,
        decides: Decides::default(),
        weak: None,
    };
    let line = |index: usize| ExchangeLine {
        method: "GET",
        path: format!("/Users?filter=userName%20eq%20%22person{number}.{index}%40example.com%22"),
        status: 200,
        took: Duration::from_micros(1_234),
        left: true,
        intercepted: None,
    };
    PairReport {
        requests: EXCHANGES,
        exchanges: (0..EXCHANGES).map(line).collect(),
        ..not_played(about, Status::Passed)
    }
}

#[test]
fn five_thousand_exchanges_are_written_and_read_back() {
    let folder = Folder::new();
    let header = Header {
        run: "k1234".to_owned(),
        target: "http://127.0.0.1:1/scim".to_owned(),
        embedded: false,
        scenarios: PAIRS,
        pairs: PAIRS,
        clients: vec![ClientName::Entra],
        token_env: None,
        redactor: Redactor::default(),
    };
    let pairs: Vec<PairReport> = (0..PAIRS).map(pair).collect();
    let mut summary = Summary::default();
    for pair in &pairs {
        summary.add(pair);
    }
    let started = Instant::now();
    let mut json = Json::new(Output::open(&folder.path().join("out.json")).unwrap(), Flags::default());
    json.tell(&Event::Started(&header)).unwrap();
    for pair in &pairs {
        json.tell(&Event::Finished(pair)).unwrap();
    }
    json.tell(&Event::Ended(&summary)).unwrap();
    let written = started.elapsed();
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    println!("written in {written:?}, read back in {:?}", started.elapsed().saturating_sub(written));
    assert_eq!(report["summary"]["requests"], PAIRS * EXCHANGES);
    let exchanges = report["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| pair["exchanges"].as_array().unwrap().len());
    assert_eq!(exchanges.sum::<usize>(), 5_000);
    valid(&folder);
}
