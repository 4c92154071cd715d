//! Snapshots of outcomes and of transcripts: written, reviewed, and found.

mod explained;
mod insta_interop;
mod own_folder;
mod review;
mod transcript;
