//! Which names this server answers to, and from which sites. A page elsewhere that points its own name at this
//! machine (DNS rebinding), or that posts from a visitor's browser, is refused before anything is read.

use axum::http::{HeaderMap, Uri, header, uri::Authority};

use super::problem::{Code, Problem};

/// The names of the machine itself.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses a foreign `Host`, then a foreign `Origin`.
pub fn admit(uri: &Uri, headers: &HeaderMap, hosts: &[String]) -> Result<(), Problem> {
    let host = host(uri, headers);
    // A probe comes by the machine's number, and learns nothing but how the process is.
    if !matches!(uri.path(), "/healthz" | "/readyz") && !host.as_ref().is_some_and(|host| is_ours(host, hosts)) {
        let detail = "name this server in Host as localhost, or add the name to AIZUCHI_HOSTS";
        return Err(Problem::new(Code::HostNotAllowed, detail));
    }
    let foreign = headers.get_all(header::ORIGIN).iter().any(|origin| {
        let origin = origin.to_str().ok().and_then(authority_of_origin);
        !origin.is_some_and(|origin| is_same(&origin, host.as_ref()) || is_listed(&origin, hosts))
    });
    if foreign {
        let detail = "a browser sent this from a page of another site: call from the site itself, or from a server";
        return Err(Problem::new(Code::OriginNotAllowed, detail));
    }
    Ok(())
}

fn host(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    let mut sent = headers.get_all(header::HOST).iter();
    let named = sent.next().and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    match (uri.authority(), sent.next()) {
        (_, Some(_)) => None,
        (Some(authority), None) => Some(authority.clone()),
        (None, None) => named,
    }
}

fn authority_of_origin(origin: &str) -> Option<Authority> {
    let uri: Uri = origin.parse().ok()?;
    matches!(uri.scheme_str(), Some("http" | "https")).then(|| uri.authority().cloned()).flatten()
}

fn is_ours(host: &Authority, hosts: &[String]) -> bool {
    let plain = !host.as_str().contains('@');
    plain && (LOOPBACK.iter().any(|name| host.host().eq_ignore_ascii_case(name)) || is_listed(host, hosts))
}

fn is_listed(host: &Authority, hosts: &[String]) -> bool {
    hosts.iter().any(|name| host.host().eq_ignore_ascii_case(name) || host.as_str().eq_ignore_ascii_case(name))
}

/// Another port of the same machine is another site.
fn is_same(origin: &Authority, host: Option<&Authority>) -> bool {
    host.is_some_and(|host| host.as_str().eq_ignore_ascii_case(origin.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(host: &str, origin: Option<&str>) -> Option<Code> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        let hosts = ["desk.example.jp".to_owned()];
        admit(&Uri::from_static("/v1/workspaces"), &headers, &hosts).err().map(|problem| problem.code())
    }

    #[test]
    fn only_own_names_are_answered() {
        for ours in
            ["localhost", "localhost:8080", "LocalHost:1", "127.0.0.1:8080", "[::1]:8080", "desk.example.jp:443"]
        {
            assert_eq!(code(ours, None), None, "{ours}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "user@localhost",
            "desk.example.jp.evil",
        ] {
            assert_eq!(code(foreign, None), Some(Code::HostNotAllowed), "{foreign}");
        }
    }

    #[test]
    fn only_the_own_site_may_post_from_a_browser() {
        assert_eq!(code("localhost:8080", Some("http://localhost:8080")), None);
        assert_eq!(code("localhost:8080", Some("https://desk.example.jp")), None);
        for foreign in ["http://localhost:3000", "http://evil.example", "null", "file://", "http://127.0.0.1:8080"] {
            assert_eq!(code("localhost:8080", Some(foreign)), Some(Code::OriginNotAllowed), "{foreign}");
        }
    }

    #[test]
    fn a_probe_may_come_by_number_but_never_from_a_page() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "10.0.0.7:8080".parse().unwrap());
        let probe = |headers: &HeaderMap| admit(&Uri::from_static("/healthz"), headers, &[]).is_ok();
        assert!(probe(&headers));
        headers.insert(header::ORIGIN, "http://evil.example".parse().unwrap());
        assert!(!probe(&headers));
    }
}
