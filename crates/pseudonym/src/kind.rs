use std::fmt;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person who is spoken of, or speaks.
    Person,
    /// A person who asks the questions.
    Interviewer,
    /// A person who works for the service: colleagues, advisers, doctors, teachers.
    Staff,
    /// A town, region or country.
    Place,
    /// A company, an authority, an institution.
    Organisation,
    /// An e-mail address, written or spoken.
    Email,
    /// A web address that may tell who somebody is.
    Web,
    /// A telephone number, written or spoken.
    Phone,
    /// A Dutch citizen service number.
    Bsn,
    /// A Belgian national number.
    NationalNumber,
    /// A bank account or card.
    Account,
    /// A postcode.
    Postcode,
    /// A street, with its number or without.
    Address,
    /// The licence plate of a vehicle.
    Plate,
    /// A date of birth.
    BirthDate,
    /// The number of a client, a case, a policy, a document.
    Number,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 16] = [
        Self::Person,
        Self::Interviewer,
        Self::Staff,
        Self::Place,
        Self::Organisation,
        Self::Email,
        Self::Web,
        Self::Phone,
        Self::Bsn,
        Self::NationalNumber,
        Self::Account,
        Self::Postcode,
        Self::Address,
        Self::Plate,
        Self::BirthDate,
        Self::Number,
    ];

    /// The Dutch word that a stand-in is made of: `persoon` in `[persoon 3]`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "persoon",
            Self::Interviewer => "interviewer",
            Self::Staff => "medewerker",
            Self::Place => "plaats",
            Self::Organisation => "organisatie",
            Self::Email => "e-mailadres",
            Self::Web => "webadres",
            Self::Phone => "telefoonnummer",
            Self::Bsn => "bsn",
            Self::NationalNumber => "rijksregisternummer",
            Self::Account => "rekeningnummer",
            Self::Postcode => "postcode",
            Self::Address => "adres",
            Self::Plate => "kenteken",
            Self::BirthDate => "geboortedatum",
            Self::Number => "nummer",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it stands for a person.
    pub fn is_person(self) -> bool {
        matches!(self, Self::Person | Self::Interviewer | Self::Staff)
    }
}

/// What stands in a text in the place of a name or a number: `persoon 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StandIn {
    /// What it stands for.
    pub kind: Kind,
    /// Counts within the kind, from 1.
    pub number: u32,
}

impl StandIn {
    /// Reads `persoon 3`, with brackets or without.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, number) = text.trim().trim_matches(['[', ']']).rsplit_once(' ')?;
        let number = number.parse().ok().filter(|n| *n > 0)?;
        Some(Self { kind: Kind::from_word(&word.trim().to_lowercase())?, number })
    }

    /// As the name of a speaker: `Persoon 3`.
    pub fn as_speaker(self) -> String {
        let text = self.to_string();
        let mut chars = text.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }

    /// As a part of a file's name: `persoon-3`.
    pub fn as_file_name(self) -> String {
        self.to_string().replace(' ', "-")
    }
}

impl fmt::Display for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.number)
    }
}
