//! Small pictures, drawn in the colour of the text around them.

use klantreis_study::Channel;

/// Name and drawing of each, on a square of 16.
const ICONS: [(&str, &str); 14] = [
    ("activiteit", "<path d=\"M2 8h9M8 4l4 4-4 4\"/>"),
    ("behoefte", "<circle cx=\"8\" cy=\"8\" r=\"6\"/><circle cx=\"8\" cy=\"8\" r=\"2\"/>"),
    ("winst", "<circle cx=\"8\" cy=\"8\" r=\"6\"/><path d=\"M8 5v6M5 8h6\"/>"),
    ("pijnpunt", "<path d=\"M8 2l6.5 12h-13zM8 6.5v3.5M8 12v.5\"/>"),
    ("contact", "<path d=\"M2 3h12v8H8l-3 3v-3H2z\"/>"),
    ("emotie", "<path d=\"M1 10c3-8 4-8 7-2s4 5 7-3\"/>"),
    ("kans", "<path d=\"M6 11.5c-4-3-2-9 2-9s6 6 2 9zM6.5 14h3\"/>"),
    ("citaat", "<path d=\"M3 11c2-1 3-3 3-6H3v3h3M10 11c2-1 3-3 3-6h-3v3h3\"/>"),
    ("cijfer", "<path d=\"M3 14V9M8 14V3M13 14V6\"/>"),
    ("moment", "<path d=\"M8 1.5l2 4.4 4.7.5-3.5 3.2 1 4.8L8 12l-4.2 2.4 1-4.8L1.3 6.4l4.7-.5z\"/>"),
    ("fysiek", "<circle cx=\"8\" cy=\"4.5\" r=\"2.5\"/><path d=\"M3 14c0-7 10-7 10 0z\"/>"),
    ("digitaal", "<path d=\"M1.5 3h13v8h-13zM5 14h6M8 11v3\"/>"),
    ("telefoon", "<path d=\"M4.5 1.5h7v13h-7zM7 12.5h2\"/>"),
    ("papier", "<path d=\"M1.5 4h13v9h-13zM1.5 4L8 9.5 14.5 4\"/>"),
];

/// Two people: the one channel whose picture is two of another.
const OTHERS: &str = "<circle cx=\"5\" cy=\"5\" r=\"2\"/><circle cx=\"11\" cy=\"5\" r=\"2\"/>\
     <path d=\"M1.5 13c0-6 7-6 7 0zM8.5 9.5c2-2 6-1 6 3.5h-6\"/>";

/// All pictures, once a page, to be used by [`icon`].
pub fn sprite() -> String {
    let all = ICONS.iter().copied().chain([("anderen", OTHERS)]);
    let symbols: String = all
        .map(|(name, drawing)| format!("<symbol id=\"i-{name}\" viewBox=\"0 0 16 16\">{drawing}</symbol>"))
        .collect();
    format!("<svg class=\"sprite\" aria-hidden=\"true\">{symbols}</svg>\n")
}

/// A picture beside a word that says the same: screen readers pass over it.
pub fn icon(name: &str) -> String {
    format!("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#i-{name}\"/></svg>")
}

/// The picture of a channel.
pub fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Physical => "fysiek",
        Channel::Digital => "digitaal",
        Channel::Phone => "telefoon",
        Channel::Paper => "papier",
        Channel::Others => "anderen",
    }
}

/// The picture of a category; a study's own has that of an activity.
pub fn category_icon(category: &str) -> &str {
    match category {
        "behoefte" | "winst" | "pijnpunt" => category,
        _ => "activiteit",
    }
}
