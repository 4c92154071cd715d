//! How fast a replay is, as ratios in one run: the figures of `docs/performance.md`.
//!
//! `cargo bench` takes them and writes them there. Hurl is taken from `HURL` or the path; where it is not found, the
//! ratios to it are left out and everything else is taken all the same.

#![expect(clippy::disallowed_methods, reason = "it tells how far it is")]

mod endpoint;
mod hurl;
mod measure;
mod page;
mod suite;
mod traffic;

use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use mimalloc::MiMalloc;
use scimsnap::context::Context;

use self::endpoint::Endpoint;
use self::measure::{Tool, in_turn};
use self::page::Figures;
use self::traffic::{conversations, shape};

/// For the endpoint, which takes its share of the machine from both tools.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What both tools authenticate with.
const TOKEN: &str = "bench-token-1f0c9d";

const SCENARIOS: usize = 250;
/// With cleaning up, a scenario makes six requests: 167 of them about 1,000.
const FEW: usize = 167;
const MANY: usize = 100 * FEW;
/// Scenarios of 60 requests each, 100,000 in all.
const LONGER: usize = 10 * FEW;
const CHANGES: usize = 27;
/// How often the tools run in turn: a shared machine moves a single pair of runs by a third.
const COMPARED: usize = 45;
const ROUNDS: usize = 9;

fn main() -> ExitCode {
    // `cargo test` runs this too, and asks for no figures.
    if !std::env::args().any(|word| word == "--bench") {
        return ExitCode::SUCCESS;
    }
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<(), Box<dyn Error>> {
    let context = Context::from_process();
    let folder = tempfile::tempdir()?;
    let bench =
        Bench { endpoint: Endpoint::start()?, hurl: find_hurl(&context), folder: folder.path().into() };
    if bench.hurl.is_none() {
        writeln!(io::stdout(), "hurl is neither in HURL nor on the path: the ratios to it are not taken")?;
    }
    let mut figures = Figures::default();
    say("250 scenarios")?;
    bench.suite(&mut figures)?;
    say("one scenario")?;
    bench.one(&mut figures)?;
    say("memory")?;
    bench.memory(&mut figures)?;
    say("bundled scenarios and start-up")?;
    bench.rest(&mut figures)?;
    let table = page::table(&figures);
    writeln!(io::stdout(), "\n{table}")?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    page::write(&path, &table, context.clock.now())?;
    Ok(())
}

struct Bench {
    endpoint: Endpoint,
    hurl: Option<PathBuf>,
    folder: PathBuf,
}

impl Bench {
    /// 250 scenarios with everything recorded, beside Hurl's eight jobs.
    fn suite(&self, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
        let project = self.project("suite", SCENARIOS, 0)?;
        let ours = self.ours(&project, &["scenarios", "--keep", "--jobs", "8", "--json", "report.json"]);
        let sent = self.logged(&ours)?;
        figures.requests = sent.len();
        let Some(hurl) = &self.hurl else {
            figures.suite_ms = Some(millis(self.alone(&ours)?));
            return Ok(());
        };
        let files = self.folder.join("hurl-suite");
        hurl::write(&files, &conversations(&sent))?;
        let theirs = self.theirs(hurl, files.clone(), &["--jobs", "8", "."]);
        self.same(&sent, &theirs)?;
        let pair = self.compare(&ours, &theirs)?;
        figures.suite_ms = Some(millis(pair.ours));
        figures.suite_hurl = Some((millis(pair.theirs), pair.ratio, pair.spread));
        self.endpoint.reset(false);
        figures.hurl_peak = theirs.peak()?;
        Ok(())
    }

    /// One scenario from start to exit.
    fn one(&self, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
        let project = self.project("one", 1, 0)?;
        let ours = self.ours(&project, &["scenarios/person00000.yaml", "--keep"]);
        let sent = self.logged(&ours)?;
        let Some(hurl) = &self.hurl else {
            figures.one_ms = Some(millis(self.alone(&ours)?));
            return Ok(());
        };
        let files = self.folder.join("hurl-one");
        fs::create_dir_all(&files)?;
        fs::write(files.join("one.hurl"), hurl::file(&sent))?;
        let theirs = self.theirs(hurl, files, &["one.hurl"]);
        self.same(&sent, &theirs)?;
        let pair = self.compare(&ours, &theirs)?;
        figures.one_ms = Some(millis(pair.ours));
        figures.one_hurl = Some((millis(pair.theirs), pair.ratio, pair.spread));
        Ok(())
    }

    /// Peak memory over a hundredfold of requests: in more and longer scenarios, and in more scenarios only.
    fn memory(&self, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
        let peak = |name: &str, count, changes| {
            let project = self.project(name, count, changes)?;
            self.endpoint.reset(false);
            self.ours(&project, &["scenarios", "--jobs", "8", "--json", "report.json"]).peak()
        };
        figures.peak_few = peak("few", FEW, 0)?;
        figures.peak_long = peak("long", LONGER, CHANGES)?;
        figures.peak_many = peak("many", MANY, 0)?;
        let bundled = self.bundled()?;
        figures.peak_bundled = bundled.peak()?;
        Ok(())
    }

    /// What is only for information.
    fn rest(&self, figures: &mut Figures) -> Result<(), Box<dyn Error>> {
        let bundled = self.bundled()?;
        bundled.warm_up()?;
        let times = (0..ROUNDS).map(|_| bundled.wall()).collect::<Result<Vec<_>, _>>()?;
        figures.bundled_ms = Some(millis(measure::median(times)));
        let version = Tool { arguments: vec!["--version".into()], ..bundled };
        let nothing = Tool { program: "true".into(), arguments: Vec::new(), folder: self.folder.clone() };
        let pair = in_turn(4 * ROUNDS, || nothing.wall(), || version.wall())?;
        figures.version = Some((millis(pair.theirs), pair.ratio, pair.spread));
        Ok(())
    }

    fn bundled(&self) -> Result<Tool, Box<dyn Error>> {
        let folder = self.folder.join("bundled");
        fs::create_dir_all(&folder)?;
        let arguments = ["run", "--update", "no", "--json", "report.json"];
        Ok(Tool { program: scimsnap(), arguments: arguments.map(str::to_owned).into(), folder })
    }

    /// A folder with scenarios and the snapshots that they leave.
    fn project(&self, name: &str, count: usize, changes: usize) -> Result<PathBuf, Box<dyn Error>> {
        let project = self.folder.join(name);
        suite::write(&project, count, changes)?;
        self.endpoint.reset(false);
        // What is recorded for the first time is unseen.
        self.ours(&project, &["scenarios", "--update", "always"]).ends_with(5)?;
        Ok(project)
    }

    fn ours(&self, project: &Path, arguments: &[&str]) -> Tool {
        let target = ["run", "--target", &self.endpoint.base, "--token-env", "BENCH_TOKEN"];
        let arguments = target.iter().chain(arguments).map(|word| (*word).to_owned()).collect();
        Tool { program: scimsnap(), arguments, folder: project.to_owned() }
    }

    fn theirs(&self, hurl: &Path, folder: PathBuf, arguments: &[&str]) -> Tool {
        let base = format!("base={}", self.endpoint.base);
        let token = format!("token={TOKEN}");
        let all = ["--test", "--variable", &base, "--variable", &token];
        let arguments = all.iter().chain(arguments).map(|word| (*word).to_owned()).collect();
        Tool { program: hurl.to_owned(), arguments, folder }
    }

    fn logged(&self, tool: &Tool) -> Result<Vec<traffic::Received>, Box<dyn Error>> {
        self.endpoint.reset(true);
        tool.warm_up()?;
        Ok(self.endpoint.received())
    }

    /// The other tool must send the very same.
    fn same(&self, sent: &[traffic::Received], other: &Tool) -> Result<(), Box<dyn Error>> {
        let (ours, theirs) = (shape(sent), shape(&self.logged(other)?));
        for (name, lines) in &ours {
            if theirs.get(name) != Some(lines) {
                return Err(
                    format!("the logs differ for `{name}`:\n{lines:#?}\n{:#?}", theirs.get(name)).into()
                );
            }
        }
        if ours.len() == theirs.len() { Ok(()) } else { Err("the logs differ in length".into()) }
    }

    fn compare(&self, ours: &Tool, theirs: &Tool) -> Result<measure::Pair, Box<dyn Error>> {
        let fresh = |tool: &Tool| {
            self.endpoint.reset(false);
            tool.wall()
        };
        in_turn(COMPARED, || fresh(ours), || fresh(theirs))
    }

    fn alone(&self, ours: &Tool) -> Result<Duration, Box<dyn Error>> {
        Ok(self.compare(ours, ours)?.ours)
    }
}

fn scimsnap() -> PathBuf {
    env!("CARGO_BIN_EXE_scimsnap").into()
}

fn find_hurl(context: &Context) -> Option<PathBuf> {
    let named = context.var("HURL").map(PathBuf::from);
    let path = context.var("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(path).map(|folder| folder.join("hurl"));
    named.into_iter().chain(on_path).find(|program| program.is_file())
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn say(what: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{what} …")
}
