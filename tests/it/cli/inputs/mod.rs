//! What a process reads: files of any kind, and an environment of any kind.

mod files;
mod surroundings;
