//! Where browsers reach this server, as links and redirects name it.

use http::Uri;

/// The address of this server in the browsers of those who use it, e.g. of the proxy before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Why a text is not the address of this server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected the address of this server in a browser without a path, e.g. https://desk.example.jp; found {found:?}"
)]
pub struct PublicUrlError {
    found: String,
}

impl PublicUrl {
    /// A scheme, a host, and a port where it needs one: pages and cookies begin at the root.
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        let wrong = || PublicUrlError { found: text.to_owned() };
        let uri: Uri = text.trim().parse().map_err(|_| wrong())?;
        let (Some("http" | "https"), Some(authority), "" | "/", None) =
            (uri.scheme_str(), uri.authority(), uri.path(), uri.query())
        else {
            return Err(wrong());
        };
        if authority.as_str().contains('@') {
            return Err(wrong());
        }
        Ok(Self(format!("{}://{authority}", uri.scheme_str().unwrap_or_default())))
    }

    /// The address of a page, whose path begins with `/`.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// What a request that came by it has in `Host`: the port may be left out, by browsers where it is the scheme's own,
    /// and by proxies.
    pub fn hosts(&self) -> [String; 2] {
        let authority = self.0.split_once("://").map_or("", |(_, authority)| authority);
        let bare = authority.parse::<http::uri::Authority>().map(|parsed| parsed.host().to_owned());
        [authority.to_owned(), bare.unwrap_or_default()]
    }

    /// Whether browsers come by TLS.
    pub fn is_tls(&self) -> bool {
        self.0.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        for (text, page) in [
            ("https://desk.example.jp", "https://desk.example.jp/sign-in"),
            ("https://desk.example.jp/", "https://desk.example.jp/sign-in"),
            (" http://127.0.0.1:8080 ", "http://127.0.0.1:8080/sign-in"),
        ] {
            assert_eq!(PublicUrl::parse(text).unwrap().at("/sign-in"), page);
        }
        for wrong in
            ["", "desk.example.jp", "ftp://desk.example.jp", "https://a.jp/desk", "https://a.jp/?x", "https://u@a.jp"]
        {
            assert!(PublicUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn host_and_scheme_are_told_apart() {
        let url = PublicUrl::parse("https://desk.example.jp:8443").unwrap();
        assert_eq!(url.hosts(), ["desk.example.jp:8443", "desk.example.jp"]);
        assert!(url.is_tls());
        assert!(!PublicUrl::parse("http://localhost").unwrap().is_tls());
    }
}
