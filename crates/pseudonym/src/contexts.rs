//! The words around names: titles, relations, verbs of people, and what stands before places and things.

/// Whether a folded word is in a list.
fn within(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

/// What stands between a first name and a surname: "van den", "El".
pub fn is_infix(word: &str) -> bool {
    within(
        &[
            "van", "de", "den", "der", "des", "het", "ter", "ten", "te", "in", "op", "aan", "bij", "voor", "onder", "uit", "uijt", "vd", "v.d", "vande",
            "vanden", "vander", "von", "zu", "zum", "la", "le", "du", "des", "da", "do", "dos", "di", "del", "della",
            "el", "al", "ait", "ben", "bin", "bint", "ould", "'t", "’t", "t", "d", "y", "e", "tot", "over",
        ],
        word,
    )
}

/// Whether a surname may begin with this infix where no first name stands before it ("de Jong", not "bij Jong").
pub fn opens_surname(word: &str) -> bool {
    within(&["van", "de", "den", "der", "ter", "ten", "vande", "vanden", "vander", "von", "el", "al", "ait", "ben", "bin", "di", "la", "le"], word)
}

/// A title before a name, and the gender it tells (`true`: a woman).
pub fn title(word: &str) -> Option<Option<bool>> {
    let female = [
        "mevrouw", "mevr", "mw", "mevrouwtje", "mevrouwke", "juffrouw", "juf", "juffie", "madam", "madame", "mejuffrouw", "zuster", "tante", "tant", "tantes", "oma",
        "omaatje", "moeke", "meter", "zus", "vrouw", "dame", "freule", "barones", "prinses",
    ];
    let male = [
        "meneer", "mijnheer", "dhr", "heer", "hr", "menheer", "meester", "meester", "monsieur", "mister", "ome", "oom", "nonkel", "opa", "broeder", "pater", "pastoor",
        "dominee", "kapelaan", "imam", "peter", "bompa", "vake", "hodja",
    ];
    let either = [
        "dokter", "dr", "drs", "doctor", "professor", "prof", "ir", "ing", "mr", "familie", "fam", "bomma", "rabbijn", "notaris", "wethouder", "burgemeester", "schepen", "agent", "rechter", "advocaat", "majoor",
    ];
    match word {
        w if within(&female, w) => Some(Some(true)),
        w if within(&male, w) => Some(Some(false)),
        w if within(&either, w) => Some(None),
        _ => None,
    }
}

/// A title that is also a word before any noun ("de vrouw Anna" is a relation, "heer" a lord): only the name's lists
/// or its capital in the middle of a sentence make it one. All titles in lower case ask for a capital behind them.
pub fn is_staff_title(word: &str) -> bool {
    within(&["dokter", "dr", "doctor", "juf", "juffrouw", "meester", "zuster", "broeder", "professor", "prof", "notaris", "agent", "rechter", "advocaat"], word)
}

/// People by what they are to the speaker: "mijn man Bas", "onze Noor".
pub fn is_relation(word: &str) -> bool {
    within(
        &[
            "man", "vrouw", "zoon", "zoontje", "dochter", "dochtertje", "zus", "zusje", "zuster", "broer", "broertje", "broers", "zussen", "vader", "moeder", "mama", "papa", "mam", "pap", "ma", "pa", "opa",
            "oma", "tante", "oom", "neef", "neefje", "nicht", "nichtje", "vriend", "vriendin", "vrienden", "vriendinnen", "vriendje", "vriendinnetje", "buurman", "buurvrouw", "buurjongen", "buurmeisje", "buren", "kleinzoon",
            "kleindochter", "kleinkind", "kleinkinderen", "schoonzus", "schoonzoon", "schoondochter", "schoonmoeder", "schoonvader", "schoonbroer", "zwager", "partner", "ex", "kind", "kinderen", "kleine", "oudste", "jongste", "middelste", "tweeling", "baby",
            "maat", "kameraad", "makker", "bonpapa", "bonmama", "echtgenoot", "echtgenote", "verloofde", "meisje", "jongen", "jongens", "meiden", "klasgenoot", "huisgenoot", "ventje", "mannetje", "vent", "zoons", "dochters", "stiefzoon", "stiefdochter", "pleegzoon", "pleegdochter", "petekind", "stiefvader", "stiefmoeder", "achterneef", "achternicht", "overbuurman", "overbuurvrouw", "kennis", "onze", "ons",
        ],
        word,
    ) || is_staff(word)
}

/// People by their work: those the service works through.
pub fn is_staff(word: &str) -> bool {
    let ends = [
        "collega", "collegaatje", "medewerker", "medewerkster", "begeleider", "begeleidster", "adviseur", "adviseuse", "coach", "consulent", "consulente", "manager", "verpleegkundige",
        "docent", "docente", "leraar", "lerares", "leerkracht", "mentor", "mentrix", "huisarts", "tandarts", "arts", "specialist", "chirurg", "therapeut", "therapeute", "psycholoog", "psychologe", "loodgieter", "aannemer", "installateur", "monteur",
        "leidinggevende", "teamleider", "teamleidster", "directeur", "directrice", "baas", "bazin", "chef", "cheffin", "bewindvoerder", "werker", "werkster", "assistent", "assistente", "vrijwilliger", "vrijwilligster",
        "stagiair", "stagiaire", "conciërge", "concierge", "leidster", "gids", "ambtenaar", "ambtenares", "trainer", "trainster", "hulp", "kapper", "kapster", "verzorgende", "verzorgster", "chauffeur", "conducteur", "bibliothecaris", "bibliothecaresse", "boekhouder", "boekhoudster", "accountant", "poetsvrouw", "schoonmaakster", "onthaalmoeder", "gastouder", "coordinator", "coordinatrice", "secretaresse", "receptioniste", "loketbediende", "bediende", "poetshulp", "tolk",
    ];
    ends.iter().any(|end| word == *end || (word.len() > end.len() + 2 && word.ends_with(end) && end.len() > 3))
}

/// Verbs of which only people are the subject, or nearly so.
pub fn is_verb_of_people(word: &str) -> bool {
    within(
        &[
            "zei", "zegt", "belde", "belt", "vroeg", "vraagt", "vond", "vindt", "wilde", "wou", "wil", "snapt", "snapte", "dacht", "denkt", "keek", "kijkt", "lacht", "lachte", "riep", "roept", "hielp", "helpt", "zat", "zit", "stond", "moest", "mocht",
            "durft", "durfde", "weet", "wist", "woont", "woonde", "werkt", "werkte", "leest", "las", "schreef", "schrijft", "kende", "kent", "vertelde", "vertelt", "begon", "liep", "loopt", "reed", "rijdt", "ging", "gaat", "kwam", "komt", "heeft", "had", "hoorde", "huilde", "speelt", "speelde", "slaapt", "sliep", "mag", "kan", "kon", "moet", "doet", "deed", "legt", "legde",
            "gaf", "geeft", "regelt", "regelde", "pakte", "pakt", "bracht", "brengt", "haalde", "haalt", "stuurde", "mailde", "appte", "appt", "antwoordde", "overleed", "trouwde", "knikte", "deelt", "leerde", "leert", "houdt", "hield", "blijft", "bleef", "nam", "neemt", "krijgt", "kreeg", "was", "is", "zal", "zou", "zelf", "zeggen",
        ],
        word,
    )
}

/// Of these verbs people are the subject always: they carry a name at the beginning of a sentence.
pub fn is_verb_of_speech(word: &str) -> bool {
    within(
        &["zei", "zegt", "belde", "belt", "vroeg", "vraagt", "vond", "vindt", "snapt", "snapte", "dacht", "denkt", "lacht", "lachte", "riep", "roept", "wist", "weet", "durft", "durfde", "woont", "woonde", "vertelde", "vertelt", "heeft", "had", "ging", "kwam", "zat", "stond", "wilde", "wou", "keek", "hielp", "helpt", "kent", "kende", "werkt", "kan", "kon", "mocht", "moest", "deed", "doet", "gaf", "is", "was", "leest", "slaapt", "houdt"],
        word,
    )
}

/// Prepositions before places.
pub fn is_before_place(word: &str) -> bool {
    within(&["in", "naar", "uit", "te", "richting", "rond", "via", "vanuit", "nabij", "boven", "tussen", "buiten", "omgeving", "stad", "gemeente", "dorp", "regio"], word)
}

/// What stands before things, and hardly before a person.
pub fn is_before_thing(word: &str) -> bool {
    within(&["de", "het", "'t", "’t", "een", "'n", "’n", "zo'n", "zo’n", "die", "dat", "deze", "dit", "op", "per", "geen", "elke", "elk", "mijn", "m'n", "m’n", "je", "jouw", "uw", "hun", "zijn", "z'n", "haar", "die", "nen", "ne", "den", "diene", "eigen", "alle", "twee", "drie", "veel", "nieuwe", "oude", "bijvoorbeeld"], word)
}

/// What stands before persons often: prepositions, conjunctions, verbs.
pub fn is_before_person(word: &str) -> bool {
    within(&["met", "van", "aan", "voor", "door", "tegen", "naast", "zonder", "dat", "toen", "als", "en", "dan", "of", "ook", "want", "maar", "namens", "bij", "zei", "zegt", "vroeg", "belde", "heeft", "had", "heet", "dag", "hoi", "hallo", "he", "hee", "beste", "lieve", "onze", "ons", "dank", "wat", "nou", "moest", "wilde", "hielp", "helpt", "waarop", "dus", "behalve", "samen", "kent", "ken", "vraag", "bel", "zag"], word)
}

/// Words that greet the one whose name follows.
pub fn is_greeting(word: &str) -> bool {
    within(&["dag", "hoi", "hallo", "he", "hey", "hee", "beste", "lieve", "dankjewel", "dankuwel", "bedankt", "sorry", "merci", "goedemorgen", "goedemiddag", "goeiemorgen", "moi", "nou", "ja", "nee", "joh", "zeg", "kom", "luister", "welkom"], word)
}

/// What stands behind a name as its possessive: "Bas z'n fiets".
pub fn is_possessive(word: &str) -> bool {
    within(&["z'n", "z’n", "zijn", "haar", "d'r", "d’r", "hun"], word)
}

/// Labels of speakers that are no names; with a number or without.
pub fn is_role(word: &str) -> bool {
    is_relation(word)
        || title(word).is_some()
        || within(
            &[
                "i", "int", "interviewer", "interviewster", "v", "vraag", "vragensteller", "onderzoeker", "onderzoekster", "gespreksleider", "moderator", "q", "facilitator", "r", "resp", "respondent", "a", "antwoord", "deelnemer", "deelneemster", "b", "bewoner", "bewoonster", "burger",
                "klant", "geinterviewde", "bezoeker", "bezoekster", "inwoner", "client", "participant", "p", "spreker", "speaker", "persoon", "person", "onbekend", "unknown", "stem", "m", "s", "ouder", "patient", "student", "leerling", "mantelzorger", "ondernemer", "reiziger", "werkgever", "werknemer", "groep", "allen", "iemand", "notulist", "observator", "lid", "spk", "host", "gast", "guest", "you", "jij", "user", "gebruiker",
            ],
            word,
        )
}
