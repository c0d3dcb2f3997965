//! Who is at the other end: one-time links become cookies.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The name of the cookie.
pub const COOKIE: &str = "klantreis";

/// The links that were handed out and the people who came by them.
#[derive(Default)]
pub struct Sessions {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Links that nobody has used yet, with the name of who they are for.
    links: HashMap<String, String>,
    /// By cookie.
    people: HashMap<String, String>,
}

/// 128 random bits in hexadecimal.
pub fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Sessions {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A link for one person, to be used once.
    pub fn invite(&self, who: &str) -> Result<String, getrandom::Error> {
        let token = secret()?;
        self.inner().links.insert(token.clone(), who.to_owned());
        Ok(token)
    }

    /// The cookie for who comes with `token`; the link works no more afterwards.
    pub fn enter(&self, token: &str) -> Option<String> {
        let cookie = secret().ok()?;
        let mut inner = self.inner();
        let who = inner.links.remove(token)?;
        inner.people.insert(cookie.clone(), who);
        Some(cookie)
    }

    /// Who sends this cookie.
    pub fn who(&self, cookie: &str) -> Option<String> {
        self.inner().people.get(cookie).cloned()
    }

    /// Gives who sends this cookie another name.
    pub fn rename(&self, cookie: &str, who: &str) {
        if let Some(name) = self.inner().people.get_mut(cookie) {
            who.clone_into(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_once_and_each_cookie_is_its_own() {
        let sessions = Sessions::default();
        let (a, b) = (sessions.invite("anna").unwrap(), sessions.invite("bram").unwrap());
        let cookie = sessions.enter(&a).unwrap();
        assert_eq!(sessions.enter(&a), None);
        assert_eq!(sessions.enter(""), None);
        sessions.rename(&cookie, "Anna de Vries");
        let other = sessions.enter(&b).unwrap();
        let names = [&cookie, &other, &a].map(|c| sessions.who(c));
        assert_eq!(names, [Some("Anna de Vries".to_owned()), Some("bram".to_owned()), None]);
    }
}
