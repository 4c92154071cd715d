//! The report that a run leaves in the work folder for `--rerun-failed`: the JSON report, without the exchanges of what
//! passed. A run never fails because of it.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::rc::Rc;

use crate::event::Event;
use crate::files::{Output, work};

use super::shape::Flags;
use super::{Json, Reporter};

/// Writes it.
#[derive(Debug)]
pub struct Remembered {
    work: PathBuf,
    flags: Flags,
    json: Option<Json>,
    failed: Rc<RefCell<Option<io::Error>>>,
}

impl Remembered {
    /// A report to a work folder. `failed` has why it could not be written, where the folder is not read-only.
    pub fn new(work: PathBuf, flags: Flags, failed: Rc<RefCell<Option<io::Error>>>) -> Self {
        Self { work, flags, json: None, failed }
    }

    fn open(&self) -> io::Result<Json> {
        work::prepare(&self.work)?;
        let out = Output::own(work::last_run(&self.work), work::MOST)?;
        Ok(Json::lean(out, self.flags.clone()))
    }

    fn try_tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let Event::Started(_) = event {
            self.json = Some(self.open()?);
        }
        let Some(json) = &mut self.json else { return Ok(()) };
        json.tell(event)?;
        if let Event::Ended(_) = event {
            self.flags.remembered.set(true);
        }
        Ok(())
    }
}

impl Reporter for Remembered {
    fn tell(&mut self, event: &Event<'_>) -> io::Result<()> {
        if let Err(error) = self.try_tell(event) {
            self.json = None;
            let is_read_only =
                matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem);
            if !is_read_only {
                *self.failed.borrow_mut() = Some(error);
            }
        }
        Ok(())
    }
}
