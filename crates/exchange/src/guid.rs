//! Stable identifiers: the same thing gets the same GUID in every export, so that a tool that merges by GUID recognises it.

use sha1_smol::Sha1;
use uuid::{Builder, Uuid};

/// The namespace of our GUIDs (RFC 9562, version 5).
const NAMESPACE: Uuid = Uuid::from_u128(0x6b6c_616e_7472_5e69_a5be_6f6e_6465_727a);

/// The GUID of what `kind` and `parts` name, such as `guid("code", &["pijnpunt", "obstakel"])`.
pub fn guid(kind: &str, parts: &[&str]) -> String {
    let mut name = kind.to_owned();
    for part in parts {
        // A separator that no part holds: ("ab", "c") is not ("a", "bc").
        name.push('\u{1f}');
        name.push_str(part);
    }
    let mut hash = Sha1::from(NAMESPACE.as_bytes());
    hash.update(name.as_bytes());
    // What version 5 takes of the hash; the rest of it is dropped.
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.digest().bytes()[..16]);
    Builder::from_sha1_bytes(bytes).into_uuid().to_string()
}

/// A GUID as other tools write it, without braces and in lower case, so that references meet.
pub fn plain(guid: &str) -> String {
    guid.trim().trim_matches(['{', '}']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_has_the_same_guid_and_another_thing_another() {
        assert_eq!(guid("code", &["a", "bc"]), guid("code", &["a", "bc"]));
        assert_ne!(guid("code", &["a", "bc"]), guid("code", &["ab", "c"]));
        assert_ne!(guid("code", &["a"]), guid("phase", &["a"]));
        // The same as Python's `uuid.uuid5(UUID(int=0x6b6c616e74725e69a5be6f6e6465727a), "x\x1fy")`.
        assert_eq!(guid("x", &["y"]), "3b710205-12c7-58b8-a520-9885db1b8b6c");
        assert_eq!(plain("{0A47DE65-C207-4521-8A66-9A6D9FFA5F8D}"), "0a47de65-c207-4521-8a66-9a6d9ffa5f8d");
    }
}
