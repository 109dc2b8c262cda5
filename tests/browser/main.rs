//! What people do with the console, in a real browser. Needs Debian's Chromium and its driver (`tests/run` installs them);
//! a test that does not find them writes its name down as skipped.

mod day;
mod hostile;
mod keys;
mod live;
mod looks;
mod pair;
mod plain;
mod qa;
mod sign_in;
mod tour;
mod undo;

#[path = "../support/mod.rs"]
mod support;
