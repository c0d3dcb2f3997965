//! What the columns and tables mean, in the study's language.

use klantreis_study::Language;

use crate::words::pick;

/// What a column means; a study's own ids stand in the names of some.
pub(super) fn column(language: Language, table: &str, name: &str) -> String {
    let of_the_study = || {
        let (start, id) = name.split_once('_')?;
        Some(match (language, start) {
            (Language::Dutch, "attr") => format!("kenmerk van het interview: {id}"),
            (Language::English, "attr") => format!("attribute of the interview: {id}"),
            (Language::Dutch, "n") => format!("aantal uitspraken: {id}"),
            (Language::English, "n") => format!("number of quotes: {id}"),
            (Language::Dutch, "category" | "code" | "phase" | "touchpoint") => {
                format!("1 waar de passage dit heeft, anders 0: {id}")
            }
            (Language::English, "category" | "code" | "phase" | "touchpoint") => {
                format!("1 where the passage has this, else 0: {id}")
            }
            _ => return None,
        })
    };
    if table == "journey-table.csv" {
        return match language {
            Language::Dutch => format!("kolom van de kaart: {name}"),
            Language::English => format!("column of the map: {name}"),
        };
    }
    if (table, name) == ("codes.csv", "sentence") {
        return pick(
            language,
            "nummer van de eerste zin in de beurt, vanaf 1",
            "number of the first sentence in the turn, from 1",
        )
        .to_owned();
    }
    // In English the verdict on a score is its label.
    let name = if matches!(table, "emotion.csv" | "touchpoints.csv") && name == "label" { "verdict" } else { name };
    let found = COLUMNS.iter().find(|(en, nl, ..)| *en == name || *nl == name);
    match found {
        Some((_, _, nl, en)) => pick(language, nl, en).to_owned(),
        None => of_the_study().unwrap_or_default(),
    }
}

/// What a table holds, a row each.
pub(super) fn table(language: Language, file: &str) -> &'static str {
    TABLES.iter().find(|(name, ..)| *name == file).map_or("", |(_, nl, en)| pick(language, nl, en))
}

/// English name, Dutch name, meaning in Dutch, meaning in English.
const COLUMNS: [(&str, &str, &str, &str); 122] = [
    (
        "quote_id",
        "quote_id",
        "waar de uitspraak staat: interview:beurt.zin en de letter van de categorie",
        "where the quote stands: interview:turn.sentence and the category's letter",
    ),
    (
        "passage_id",
        "passage_id",
        "waar de passage staat: interview:beurt.zin",
        "where the passage stands: interview:turn.sentence",
    ),
    ("interview", "interview", "naam van het interview", "name of the interview"),
    ("interviews", "interviews", "namen van de interviews", "names of the interviews"),
    ("file", "file", "bestand van het transcript", "file of the transcript"),
    ("turn", "beurt", "nummer van de spreekbeurt, vanaf 1", "number of the turn, from 1"),
    ("n_sentences", "n_sentences", "aantal zinnen van de passage", "number of sentences of the passage"),
    ("speaker", "speaker", "wie spreekt, zoals in het transcript", "who speaks, as in the transcript"),
    ("time", "time", "begin in de opname, uu:mm:ss", "start in the recording, hh:mm:ss"),
    ("phase", "fase", "id van de fase", "id of the phase"),
    ("phase_label", "fase_naam", "naam van de fase", "name of the phase"),
    (
        "category",
        "categorie",
        "behoefte, winst, pijnpunt, activiteit of een eigen categorie",
        "behoefte (need), winst (gain), pijnpunt (pain point), activiteit (activity) or one of your own",
    ),
    ("code", "code", "id van de code in het codeboek", "id of the code in the codebook"),
    ("code_label", "code_naam", "naam van de code", "name of the code"),
    ("touchpoint", "contactmoment", "id van het contactmoment", "id of the touchpoint"),
    ("touchpoint_label", "contactmoment_naam", "naam van het contactmoment", "name of the touchpoint"),
    ("touchpoints", "contactmomenten", "namen van de contactmomenten", "names of the touchpoints"),
    ("channel", "kanaal", "waarlangs het contact loopt", "through what the contact goes"),
    (
        "emotion",
        "emotie",
        "hoe de betrokkene het beleeft: -2 (zeer negatief) tot 2 (zeer positief); over meer uitspraken het gemiddelde over interviews",
        "how the person concerned experiences it: -2 (very negative) to 2 (very positive); of several quotes the mean over interviews",
    ),
    ("confidence", "confidence", "kans dat de codering klopt, 0 tot 1", "probability that the coding is right, 0 to 1"),
    (
        "status",
        "status",
        "auto: voorstel; accepted, changed, rejected, manual: besluit van een onderzoeker",
        "auto: proposed; accepted, changed, rejected, manual: decided by a researcher",
    ),
    ("quote", "quote", "de uitspraak, letterlijk", "the words, letter for letter"),
    ("text", "text", "de passage, letterlijk", "the passage, letter for letter"),
    (
        "engine",
        "engine",
        "wat de uitspraak voorstelde: built-in of een taalmodel",
        "what proposed the quote: built-in or a language model",
    ),
    ("n_quotes", "n_quotes", "aantal uitspraken", "number of quotes"),
    ("n_interviews", "n_interviews", "aantal interviews", "number of interviews"),
    ("quote_ids", "quote_ids", "de uitspraken waarop dit berust", "the quotes on which this rests"),
    (
        "most_typical",
        "meest_typerend",
        "de uitspraak die de andere het best vertegenwoordigt",
        "the quote that stands best for the others",
    ),
    ("interval_low", "interval_laag", "ondergrens van het 95%-interval", "lower end of the 95% interval"),
    ("interval_high", "interval_hoog", "bovengrens van het 95%-interval", "upper end of the 95% interval"),
    (
        "emotion_from",
        "emotie_van",
        "ondergrens van het 95%-interval van de emotie",
        "lower end of the 95% interval of the emotion",
    ),
    (
        "emotion_to",
        "emotie_tot",
        "bovengrens van het 95%-interval van de emotie",
        "upper end of the 95% interval of the emotion",
    ),
    (
        "share_interviews",
        "aandeel_interviews",
        "aandeel van de interviews dat hiervan vertelt, 0 tot 1",
        "share of the interviews that tell of it, 0 to 1",
    ),
    ("spread", "spreiding", "standaardafwijking over interviews", "standard deviation over interviews"),
    (
        "verdict",
        "oordeel",
        "wat de cijfers dragen: een oordeel alleen waar het interval of het materiaal het toelaat",
        "what the figures bear: a verdict only where the interval or the material allows one",
    ),
    ("scale_1_5", "schaal_1_5", "de emotie op de schaal 1 tot 5", "the emotion on the scale 1 to 5"),
    ("scale_1_10", "schaal_1_10", "de emotie op de schaal 1 tot 10", "the emotion on the scale 1 to 10"),
    ("lowest", "laagste", "laagste emotie van een interview", "lowest emotion of an interview"),
    ("highest", "hoogste", "hoogste emotie van een interview", "highest emotion of an interview"),
    ("desired", "gewenst", "de gewenste emotie", "the emotion wished for"),
    (
        "difference",
        "verschil",
        "verschil van de gemiddelden: beleving min wens, deze groep min de andere, of nu min eerst",
        "difference of the means: experience minus wish, this group minus the other, or now minus before",
    ),
    (
        "difference_low",
        "verschil_laag",
        "ondergrens van het 95%-interval van het verschil",
        "lower end of the 95% interval of the difference",
    ),
    (
        "difference_high",
        "verschil_hoog",
        "bovengrens van het 95%-interval van het verschil",
        "upper end of the 95% interval of the difference",
    ),
    ("theme", "thema", "id van het thema", "id of the theme"),
    (
        "telling_words",
        "kenmerkende_woorden",
        "stammen van woorden die het thema onderscheiden",
        "stems of words that set the theme apart",
    ),
    (
        "support",
        "draagvlak",
        "hoeveel interviews het thema dragen, in woorden",
        "how many interviews bear the theme, in words",
    ),
    (
        "cohesion_silhouette",
        "samenhang_silhouet",
        "hoe goed de uitspraken bij elkaar horen, -1 tot 1 (Rousseeuw 1987)",
        "how well the quotes belong together, -1 to 1 (Rousseeuw 1987)",
    ),
    ("persona", "persona", "naam van de persona", "name of the persona"),
    ("segment", "segment", "segment van de persona", "segment of the persona"),
    (
        "interviews_of_persona",
        "interviews_van_persona",
        "aantal interviews in het segment van de persona",
        "number of interviews in the persona's segment",
    ),
    ("need", "nood", "de nood, als zin om te herschrijven", "the need, as a sentence to rewrite"),
    ("opportunity", "kans", "de kans, als vraag om te herschrijven", "the opportunity, as a question to rewrite"),
    (
        "how_might_we",
        "hoe_kunnen_we",
        "de kans, als vraag om te herschrijven",
        "the opportunity, as a question to rewrite",
    ),
    (
        "opportunity_proxy_0_20",
        "kansscore_benadering_0_20",
        "benadering van Ulwicks opportunity score: belang + (belang − tevredenheid) waar dat groter is dan nul",
        "proxy of Ulwick's opportunity score: importance + (importance − satisfaction) where that is above nought",
    ),
    (
        "importance_proxy_0_10",
        "belang_benadering_0_10",
        "benadering: aandeel van de interviews dat erom vraagt, maal tien",
        "proxy: share of the interviews that ask for it, times ten",
    ),
    (
        "satisfaction_proxy_0_10",
        "tevredenheid_benadering_0_10",
        "benadering: aandeel van de interviews dat er een winst noemt, maal tien",
        "proxy: share of the interviews that name a gain there, times ten",
    ),
    (
        "satisfaction_measured_at",
        "tevredenheid_gemeten_aan",
        "waarvan de winsten zijn geteld",
        "of what the gains were counted",
    ),
    ("n_interviews_gain", "n_interviews_winst", "aantal interviews met een winst", "number of interviews with a gain"),
    ("quote_ids_gain", "quote_ids_winst", "de winsten die zijn geteld", "the gains that were counted"),
    (
        "new_codes",
        "nieuwe_codes",
        "codes die dit interview toevoegt, gemiddeld over volgordes",
        "codes that this interview adds, a mean over orders",
    ),
    (
        "codes_so_far",
        "codes_tot_nu_toe",
        "codes tot en met dit interview, gemiddeld over volgordes",
        "codes up to this interview, a mean over orders",
    ),
    (
        "new_themes",
        "nieuwe_themas",
        "thema's die dit interview toevoegt, gemiddeld over volgordes",
        "themes that this interview adds, a mean over orders",
    ),
    (
        "themes_so_far",
        "themas_tot_nu_toe",
        "thema's tot en met dit interview, gemiddeld over volgordes",
        "themes up to this interview, a mean over orders",
    ),
    ("kind", "soort", "waarover de rij gaat", "what the row is about"),
    ("from", "van", "naam van het contactmoment waarvandaan", "name of the touchpoint from which"),
    ("to", "naar", "naam van het contactmoment waarheen", "name of the touchpoint to which"),
    ("changes_channel", "wisselt_van_kanaal", "of het kanaal een ander wordt", "whether the channel becomes another"),
    (
        "place_in_phase_0_100",
        "plaats_in_fase_0_100",
        "hoe ver in de fase het gebeurt",
        "how far into the phase it happens",
    ),
    ("id", "id", "id van waar de rij over gaat", "id of what the row is about"),
    ("label", "naam", "naam van waar de rij over gaat", "name of what the row is about"),
    ("name", "name", "naam van het cijfer", "name of the figure"),
    ("score_0_1", "score_0_1", "hoezeer het moment telt, 0 tot 1", "how much the moment counts, 0 to 1"),
    (
        "reach_0_1",
        "bereik_0_1",
        "aandeel van de interviews dat ervan vertelt",
        "share of the interviews that tell of it",
    ),
    (
        "strength_0_1",
        "kracht_0_1",
        "sterkte van de emotie, gedeeld door twee",
        "strength of the emotion, divided by two",
    ),
    (
        "division_0_1",
        "verdeeldheid_0_1",
        "spreiding van de emotie, gedeeld door twee",
        "spread of the emotion, divided by two",
    ),
    ("stands_out_by", "valt_op_door", "waardoor het opvalt", "by what it stands out"),
    (
        "attribute",
        "attribuut",
        "kenmerk van interviews waarnaar is gegroepeerd",
        "attribute of interviews by which they are grouped",
    ),
    ("value", "waarde", "waarde van het kenmerk of van het cijfer", "value of the attribute or of the figure"),
    (
        "interviews_in_group",
        "interviews_in_groep",
        "aantal interviews van de groep",
        "number of interviews of the group",
    ),
    ("group", "groep", "de groep", "the group"),
    (
        "against",
        "tegenover",
        "de groep of alle anderen met wie is vergeleken",
        "the group, or all others, compared with",
    ),
    ("measure", "maat", "wat is gemeten", "what was measured"),
    ("mean_group", "gemiddelde_groep", "gemiddelde van de groep", "mean of the group"),
    ("mean_against", "gemiddelde_tegenover", "gemiddelde van de anderen", "mean of the others"),
    (
        "p_permutation",
        "p_permutatie",
        "kans op minstens dit verschil bij toeval alleen (permutatietoets)",
        "probability of at least this difference by chance alone (permutation test)",
    ),
    (
        "q_benjamini_hochberg",
        "q_benjamini_hochberg",
        "dezelfde kans, gecorrigeerd voor het aantal vergelijkingen (Benjamini & Hochberg 1995)",
        "the same, corrected for the number of comparisons (Benjamini & Hochberg 1995)",
    ),
    ("only_in", "alleen_bij", "wie als enige ervan vertelt", "who alone tell of it"),
    (
        "n_interviews_against",
        "n_interviews_tegenover",
        "aantal interviews van de anderen, of ertegen",
        "number of interviews of the others, or against it",
    ),
    (
        "n_quotes_against",
        "n_quotes_tegenover",
        "aantal uitspraken van de anderen, of ertegen",
        "number of quotes of the others, or against it",
    ),
    (
        "quote_ids_against",
        "quote_ids_tegenover",
        "de uitspraken van de anderen, of ertegen",
        "the quotes of the others, or against it",
    ),
    ("n_quotes_against", "n_quotes_tegen", "aantal uitspraken ertegen", "number of quotes against it"),
    ("n_interviews_against", "n_interviews_tegen", "aantal interviews ertegen", "number of interviews against it"),
    ("quote_ids_against", "quote_ids_tegen", "de uitspraken ertegen", "the quotes against it"),
    ("n_quotes_for", "n_quotes_voor", "aantal uitspraken ervoor", "number of quotes for it"),
    ("n_interviews_for", "n_interviews_voor", "aantal interviews ervoor", "number of interviews for it"),
    ("quote_ids_for", "quote_ids_voor", "de uitspraken ervoor", "the quotes for it"),
    ("assumption", "aanname", "de aanname, zoals in klantreis.toml", "the assumption, as in klantreis.toml"),
    ("note", "toelichting", "wat bij het oordeel te weten is", "what to know of the verdict"),
    ("unit", "eenheid", "eenheid van de waarde", "unit of the value"),
    ("minutes", "minuten", "de tijd in minuten", "the time in minutes"),
    ("sentence", "zin", "de zin, letterlijk", "the sentence, letter for letter"),
    (
        "impact",
        "impact",
        "soort verandering: id in het codeboek van impact",
        "kind of change: id in the codebook of impact",
    ),
    ("cue", "cue", "de cue die de zin vond", "the cue that found the sentence"),
    ("period", "periode", "waarover het cijfer gaat", "what time the figure is of"),
    ("code_a", "code_a", "een code, met haar soort", "one code, with its kind"),
    ("code_b", "code_b", "een andere code, met haar soort", "another code, with its kind"),
    ("together", "together", "aantal passages met beide", "number of passages with both"),
    (
        "neighbouring",
        "neighbouring",
        "aantal keren in passages naast elkaar",
        "number of times in neighbouring passages",
    ),
    ("n_a", "n_a", "aantal passages met de eerste", "number of passages with the first"),
    ("n_b", "n_b", "aantal passages met de tweede", "number of passages with the second"),
    (
        "jaccard",
        "jaccard",
        "aandeel met beide van de passages met een van beide",
        "share with both of the passages with either",
    ),
    ("change", "verandering", "nieuw, weg, beter, slechter of gelijk", "new, gone, better, worse or the same"),
    ("label_before", "naam_eerst", "naam in de eerste ronde", "name in the first round"),
    ("mean_before", "gemiddelde_eerst", "gemiddelde in de eerste ronde", "mean in the first round"),
    ("mean_after", "gemiddelde_nu", "gemiddelde in de tweede ronde", "mean in the second round"),
    (
        "n_interviews_before",
        "n_interviews_eerst",
        "aantal interviews in de eerste ronde",
        "number of interviews in the first round",
    ),
    (
        "n_quotes_before",
        "n_quotes_eerst",
        "aantal uitspraken in de eerste ronde",
        "number of quotes in the first round",
    ),
    ("quote_ids_before", "quote_ids_eerst", "de uitspraken in de eerste ronde", "the quotes in the first round"),
    ("study", "studie", "titel van de studie", "title of the study"),
    (
        "priority_rule_of_thumb",
        "voorrang_vuistregel",
        "mensen × afstand tot de beste beleving: een vuistregel, geen meting",
        "people × distance from the best experience: a rule of thumb, no measurement",
    ),
    ("people", "mensen", "aantal mensen dat de reis maakt", "number of people who make the journey"),
    ("what_was_counted", "wat_is_geteld", "wat het aantal mensen telt", "what the number of people counts"),
];

/// File, meaning in Dutch, meaning in English.
const TABLES: [(&str, &str, &str); 27] = [
    ("quotes.csv", "een uitspraak per rij", "a quote a row"),
    ("journey.csv", "een fase, categorie en code per rij", "a phase, category and code a row"),
    ("journey-table.csv", "de kaart: een rij per soort, een kolom per fase", "the map: a row a kind, a column a phase"),
    ("emotion.csv", "een fase per rij: de emotiecurve", "a phase a row: the emotion curve"),
    ("touchpoints.csv", "een contactmoment per rij", "a touchpoint a row"),
    ("phases-by-interview.csv", "een interview en fase per rij", "an interview and phase a row"),
    ("themes.csv", "een thema per rij", "a theme a row"),
    ("personas.csv", "een persona en fase per rij", "a persona and phase a row"),
    (
        "needs.csv",
        "een thema van behoeften of pijnpunten per rij, met nood en kans",
        "a theme of needs or pain points a row, with need and opportunity",
    ),
    ("saturation.csv", "een interview meer per rij: wat het toevoegt", "an interview more a row: what it adds"),
    ("channels.csv", "een fase en kanaal per rij", "a phase and channel a row"),
    ("sequences.csv", "een stap, overgang of einde per rij", "a step, move or end a row"),
    ("opportunities.csv", "een behoefte of pijnpunt in een fase per rij", "a need or pain point in a phase a row"),
    (
        "moments.csv",
        "een fase of contactmoment per rij: hoezeer het telt",
        "a phase or touchpoint a row: how much it counts",
    ),
    ("gaps.csv", "waarvan te weinig interviews vertellen", "what too few interviews tell of"),
    ("segments.csv", "de reis van elke groep interviews", "the journey of each group of interviews"),
    ("differences.csv", "een verschil tussen groepen per rij", "a difference between groups a row"),
    (
        "gaps-by-segment.csv",
        "een groep en fase per rij waarover te weinig van haar interviews vertellen",
        "a group and phase a row that too few of its interviews tell of",
    ),
    ("assumptions.csv", "een aanname per rij, gewogen", "an assumption a row, weighed"),
    ("figures.csv", "een genoemd getal per rij", "a number named a row"),
    ("impact.csv", "een verandering in iemand per rij", "a change in somebody a row"),
    (
        "metrics-joined.csv",
        "een cijfer van elders per rij, met wat mensen ervan vertellen",
        "a figure from elsewhere a row, with what people tell of it",
    ),
    ("codes.csv", "een passage per rij, met 0 of 1 voor elke code", "a passage a row, with 0 or 1 for each code"),
    ("co-occurrence.csv", "twee codes die elkaar ontmoeten per rij", "two codes that meet a row"),
    (
        "totals.csv",
        "een fase en categorie per rij, van alle interviews",
        "a phase and category a row, of all interviews",
    ),
    ("comparison.csv", "een maat per rij, van twee ronden of studies", "a measure a row, of two rounds or studies"),
    ("priorities.csv", "een studie per rij: welke reis eerst", "a study a row: which journey first"),
];
