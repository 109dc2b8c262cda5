//! Fixed regular expressions: written as constants, compiled once for the whole process.

/// A regular expression that is compiled on first use.
macro_rules! pattern {
    ($($part:expr),+ $(,)?) => {{
        static PATTERN: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| crate::language::pattern::regex(&[$($part),+].concat()).expect("a constant pattern compiles"));
        &*PATTERN
    }};
}

pub(super) use pattern;
