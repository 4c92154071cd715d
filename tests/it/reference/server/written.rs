//! What is written down while the endpoint goes on: at every moment the files hold all that was done a moment before.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use scimsnap::context::Clock;
use scimsnap::reference::{SiteAccess, StateError, StateFile};
use serde_json::json;
use tokio::sync::watch;

use crate::reference::endpoint::{Endpoint, user_body};

const PATIENCE: Duration = Duration::from_mins(1);

/// An endpoint whose changes are written down.
struct Kept {
    endpoint: Endpoint,
    folder: tempfile::TempDir,
    stop: watch::Sender<bool>,
    keeper: tokio::task::JoinHandle<StateFile>,
}

impl Kept {
    async fn start() -> Self {
        let endpoint = Endpoint::start().await;
        let folder = tempfile::tempdir().unwrap();
        let file = StateFile::open(&folder.path().join("site.json")).unwrap();
        assert!(file.restore(Clock::system(), 0).unwrap().is_none());
        file.save(&endpoint.reference).unwrap();
        let (stop, stopped) = watch::channel(false);
        let reference = endpoint.reference.clone();
        let keeper = tokio::spawn(async move {
            file.keep(&reference, stopped, |error| panic!("{error}")).await;
            file
        });
        Self { endpoint, folder, stop, keeper }
    }

    /// The state that somebody would find who started from the files as they are.
    fn on_disk(&self) -> Result<Vec<u8>, StateError> {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            // What is renamed or removed meanwhile is seen the next time.
            let _ = fs::copy(entry.path(), copy.path().join(entry.file_name()));
        }
        restored(copy.path())
    }

    /// Waits until everything is on the disk, without a stop.
    async fn is_written(&self) {
        let (begun, expected) = (Instant::now(), self.endpoint.reference.state().unwrap());
        let expected = without_secrets(&expected);
        while self.on_disk().ok().map(|text| without_secrets(&text)).as_ref() != Some(&expected) {
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.on_disk().map(|text| text.len()));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn stop(self) -> (Endpoint, tempfile::TempDir, StateFile) {
        self.stop.send(true).unwrap();
        (self.endpoint, self.folder, self.keeper.await.unwrap())
    }
}

/// A state but for how many secrets were made: whoever starts from it makes another REST token.
fn without_secrets(state: &[u8]) -> String {
    let text = String::from_utf8_lossy(state);
    let mut parts = text.split("\"secrets\":");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

fn restored(folder: &Path) -> Result<Vec<u8>, StateError> {
    let begun = Instant::now();
    let file = loop {
        match StateFile::open(&folder.join("site.json")) {
            // A process that another test has just forked holds the lock of a closed file until it runs its program.
            Err(StateError::InUse) if begun.elapsed() < PATIENCE => std::thread::yield_now(),
            opened => break opened?,
        }
    };
    file.restore(Clock::system(), 0)?.unwrap().state()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn every_kind_of_change_is_in_the_files() {
    let mut kept = Kept::start().await;
    let endpoint = &mut kept.endpoint;
    let site = endpoint.access.site.clone();
    let ada = endpoint.user("ada").await;
    let bob = endpoint.user("bob").await;
    let eve = endpoint.user("eve").await;
    let acme = endpoint.group("Acme", &[&ada, &bob, &eve]).await;
    let beta = endpoint.group("Beta", &[&ada]).await;
    kept.is_written().await;
    let endpoint = &mut kept.endpoint;
    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{bob}\"]")}]);
    endpoint.patch(&format!("/Groups/{acme}"), remove).await.expect(200);
    let rename = json!([{"op": "replace", "path": "displayName", "value": "Gamma"}]);
    endpoint.patch(&format!("/Groups/{beta}"), rename).await;
    endpoint.put(&format!("/Users/{bob}"), user_body("bobby")).await.expect(200);
    endpoint.delete(&format!("/Users/{eve}")).await.expect(204);
    let by_hand = endpoint.manual_customer("hand").await;
    let organization = endpoint.manual_organization("By hand", &[&by_hand]).await;
    endpoint.reference.set_knob(&site, "conflict.setting", "skip").unwrap();
    kept.is_written().await;
    let endpoint = &mut kept.endpoint;
    endpoint.rest("DELETE", &format!("/organization/{organization}"), None).await;
    endpoint.delete(&format!("/Groups/{acme}")).await.expect(204);
    endpoint.access.token = endpoint.reference.regenerate_key(&site);
    endpoint.user("late").await;
    kept.is_written().await;
    let endpoint = &mut kept.endpoint;
    endpoint.reference.disconnect(&site);
    kept.is_written().await;
    let endpoint = &mut kept.endpoint;
    let access: SiteAccess = endpoint.reference.connect(&site, None).unwrap();
    endpoint.access = access;
    let ada = endpoint.user("ada").await;
    endpoint.group("Acme", &[&ada]).await;
    kept.is_written().await;
    let expected = kept.endpoint.outcome().await;
    let (endpoint, folder, file) = kept.stop().await;
    assert!(names(folder.path()).iter().any(|name| name.ends_with(".journal")));
    file.save(&endpoint.reference).unwrap();
    assert_eq!(names(folder.path()), ["site.json", "site.json.lock"], "what is not needed is gone");
    drop(file);
    let again = endpoint.restored(&restored(folder.path()).unwrap()).await;
    assert_eq!(again.outcome().await, expected);
}

#[tokio::test]
async fn a_long_journal_gives_way_to_a_new_state() {
    let kept = Kept::start().await;
    let path = kept.folder.path().join("site.json");
    let first = fs::metadata(&path).unwrap().len();
    let begun = Instant::now();
    for number in 0.. {
        let mut user = user_body(&format!("user{number}"));
        user["title"] = json!("x".repeat(200_000));
        kept.endpoint.post("/Users", user).await.expect(201);
        if fs::metadata(&path).unwrap().len() > first + 1_000_000 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "the journal grows for ever");
    }
    kept.is_written().await;
    for number in 0..3 {
        kept.endpoint.user(&format!("later{number}")).await;
    }
    kept.is_written().await;
    let names = names(kept.folder.path());
    assert!(names.iter().filter(|name| name.ends_with(".journal")).count() <= 2, "{names:?}");
}

#[tokio::test]
async fn a_journal_that_was_cut_is_read_as_far_as_it_goes_and_a_foreign_one_is_not_read() {
    let kept = Kept::start().await;
    kept.endpoint.user("ada").await;
    kept.is_written().await;
    let after_one = without_secrets(&kept.endpoint.reference.state().unwrap());
    kept.endpoint.user("bob").await;
    kept.is_written().await;
    let (_endpoint, folder, file) = kept.stop().await;
    drop(file);
    let journal = folder.path().join("site.json.1.journal");
    let whole = fs::read(&journal).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in [1, 2, (whole.len() - last) / 2, whole.len() - last] {
        fs::write(&journal, &whole[..whole.len() - cut]).unwrap();
        assert_eq!(without_secrets(&restored(folder.path()).unwrap()), after_one, "{cut} bytes less");
    }
    // A line in the middle that cannot be read is no accident.
    let mut broken = whole.clone();
    broken[last - 2] = b'x';
    fs::write(&journal, &broken).unwrap();
    assert!(matches!(restored(folder.path()), Err(StateError::Journal { .. })));
    // A later one is left out where the end of the one before is missing.
    let later = folder.path().join("site.json.2.journal");
    let header =
        String::from_utf8(whole[..whole.iter().position(|byte| *byte == b'\n').unwrap()].to_vec()).unwrap();
    let mut header: serde_json::Value = serde_json::from_str(&header).unwrap();
    header["number"] = json!(2);
    header["after"] = json!(whole.len());
    fs::write(&later, format!("{header}\n{}", String::from_utf8_lossy(&whole[last..]))).unwrap();
    fs::write(&journal, &whole[..last]).unwrap();
    assert_eq!(without_secrets(&restored(folder.path()).unwrap()), after_one);
    fs::write(&journal, &whole).unwrap();
    assert!(restored(folder.path()).is_ok_and(|text| without_secrets(&text) != after_one));
    fs::remove_file(&later).unwrap();
    // The journal of another state.
    let text = String::from_utf8(whole).unwrap();
    let epoch = text.split('"').nth(3).unwrap();
    fs::write(&journal, text.replace(epoch, "00000000-0000-4000-8000-000000000000")).unwrap();
    let error = restored(folder.path()).unwrap_err();
    assert!(matches!(error, StateError::OtherJournal(_)), "{error}");
    // A later one, with none between.
    fs::rename(&journal, folder.path().join("site.json.7.journal")).unwrap();
    assert!(matches!(restored(folder.path()), Err(StateError::OtherJournal(_))));
    fs::remove_file(folder.path().join("site.json.7.journal")).unwrap();
    assert!(restored(folder.path()).is_ok());
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused_and_links_stay() {
    let folder = tempfile::tempdir().unwrap();
    let device = StateFile::open(Path::new("/dev/zero"));
    assert!(matches!(device, Err(StateError::NotAFile(_))), "{device:?}");
    let to_device = folder.path().join("zero");
    std::os::unix::fs::symlink("/dev/zero", &to_device).unwrap();
    assert!(matches!(StateFile::open(&to_device), Err(StateError::NotAFile(_))));
    assert!(matches!(StateFile::open(folder.path()), Err(StateError::NotAFile(_))));
    // 100 GB, of which nothing is on the disk.
    let long = folder.path().join("long.json");
    fs::File::create(&long).unwrap().set_len(100_000_000_000).unwrap();
    let file = StateFile::open(&long).unwrap();
    assert!(matches!(file.restore(Clock::system(), 0), Err(StateError::TooLong { .. })));

    let (real, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
    let reference = scimsnap::reference::Reference::new(Clock::system());
    StateFile::open(&real).unwrap().save(&reference).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    // Nor is a link followed that lies where something is going to be written.
    let stranger = folder.path().join("stranger");
    fs::write(&stranger, "mine").unwrap();
    std::os::unix::fs::symlink(&stranger, folder.path().join("real.json.new")).unwrap();
    StateFile::open(&link).unwrap().save(&reference).unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::read_to_string(&stranger).unwrap(), "mine");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&real).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    std::os::unix::fs::symlink(&stranger, folder.path().join("other.json.lock")).unwrap();
    assert!(matches!(StateFile::open(&folder.path().join("other.json")), Err(StateError::NotAFile(_))));
}

#[tokio::test]
async fn where_writing_fails_it_is_told_and_made_up_for() {
    let endpoint = Endpoint::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.json");
    let file = StateFile::open(&path).unwrap();
    file.save(&endpoint.reference).unwrap();
    // Where the journal would be, there is a folder.
    let obstacle = folder.path().join("site.json.1.journal");
    fs::create_dir(&obstacle).unwrap();
    let (_stop, stopped) = watch::channel(false);
    let (reference, (tell, mut told)) = (endpoint.reference.clone(), tokio::sync::mpsc::unbounded_channel());
    tokio::spawn(
        async move { file.keep(&reference, stopped, |error| drop(tell.send(error.to_string()))).await },
    );
    endpoint.user("ada").await;
    tokio::time::timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
    fs::remove_dir(&obstacle).unwrap();
    let begun = Instant::now();
    while !fs::read_to_string(&path).unwrap().contains("ada@example.com") {
        assert!(begun.elapsed() < PATIENCE, "it is not tried again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
