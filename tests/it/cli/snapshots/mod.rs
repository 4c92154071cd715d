//! Snapshots of outcomes and of transcripts: written, reviewed, and found.

mod insta_interop;
mod own_folder;
mod review;
mod transcript;
