//! The map: phases as columns, lanes under each other, the curve through them.

use klantreis_aggregation::PhaseJourney;

use super::{
    Level,
    cells::{Amount, Block, ICON, chances, figures, items, touchpoints, voice},
    curve::{Frame, curve},
    flow::{Line, Style, flow, height},
    font::Weight,
    icon,
    scene::{Scene, Stroke},
};
use crate::{
    Report,
    palette::{BRAND, CHANCE, INK, PLAIN, Paint, QUIET, lane},
    topics::topics,
    words,
};

/// Around everything.
const MARGIN: f64 = 36.0;
/// Width of the column with the lanes' names.
const NAMES: f64 = 142.0;
/// Between the text of a cell and its edges.
const PAD: f64 = 9.0;
/// Between items of a cell.
const GAP: f64 = 4.0;
/// Between lanes.
const BETWEEN: f64 = 5.0;
/// Height of the emotion curve.
const CURVE: f64 = 170.0;
/// A3 on its side, 96 to the inch.
const A3: (f64, f64) = (1587.0, 1122.0);
/// Phases are at least this wide; more of them make a wider page of the same form, which prints smaller.
const NARROWEST: f64 = 190.0;
const WHITE: u32 = 0xFF_FF_FF;

/// From generous to scant: the first that fits on the page is taken.
const AMOUNTS: [Amount; 12] = [
    Amount { items: 7, quote_lines: 0, voice_lines: 9, chances: 3 },
    Amount { items: 6, quote_lines: 0, voice_lines: 8, chances: 3 },
    Amount { items: 5, quote_lines: 0, voice_lines: 7, chances: 2 },
    Amount { items: 5, quote_lines: 0, voice_lines: 5, chances: 2 },
    Amount { items: 4, quote_lines: 0, voice_lines: 5, chances: 2 },
    Amount { items: 4, quote_lines: 0, voice_lines: 4, chances: 1 },
    Amount { items: 4, quote_lines: 0, voice_lines: 3, chances: 1 },
    Amount { items: 3, quote_lines: 0, voice_lines: 6, chances: 1 },
    Amount { items: 3, quote_lines: 0, voice_lines: 4, chances: 1 },
    Amount { items: 3, quote_lines: 0, voice_lines: 3, chances: 1 },
    Amount { items: 2, quote_lines: 0, voice_lines: 3, chances: 1 },
    Amount { items: 1, quote_lines: 0, voice_lines: 2, chances: 1 },
];

const EVERYTHING: Amount = Amount { items: 12, quote_lines: 3, voice_lines: 0, chances: 5 };

/// A lane: its name, its colours, a list of blocks a phase.
struct Lane {
    id: String,
    name: String,
    paint: Paint,
    cells: Vec<Vec<Block>>,
}

impl Lane {
    fn height(&self) -> f64 {
        self.cells.iter().map(|blocks| blocks_height(blocks)).fold(0.0, f64::max) + 2.0 * PAD
    }

    /// Keeps what fits into `room`, at least a block a cell; what is left is a lane of its own, with `continued` at its name.
    fn split(&mut self, room: f64, continued: &str) -> Option<Self> {
        let fitting = |blocks: &Vec<Block>| {
            let fits = |n: &usize| blocks_height(&blocks[..*n]) + 2.0 * PAD <= room;
            (2..=blocks.len()).take_while(fits).last().unwrap_or(blocks.len().min(1))
        };
        let cells: Vec<Vec<Block>> = self.cells.iter_mut().map(|blocks| blocks.split_off(fitting(blocks))).collect();
        let name = match self.name.strip_suffix(&format!(" ({continued})")) {
            Some(_) => self.name.clone(),
            None => format!("{} ({continued})", self.name),
        };
        let is_left = cells.iter().any(|blocks| !blocks.is_empty());
        is_left.then(|| Self { id: self.id.clone(), name, paint: self.paint, cells })
    }
}

fn blocks_height(blocks: &[Block]) -> f64 {
    blocks.iter().map(|b| height(&b.lines)).sum::<f64>() + GAP * blocks.len().saturating_sub(1) as f64
}

/// The journey in one picture.
pub fn map(report: &Report<'_>, level: Level) -> Scene {
    let (width, page) = paper(report);
    if level == Level::Extended {
        return drawn(report, width, EVERYTHING);
    }
    let mut scene = drawn(report, width, AMOUNTS[0]);
    for amount in &AMOUNTS[1..] {
        if scene.height <= page {
            break;
        }
        scene = drawn(report, width, *amount);
    }
    // A little taller than the page at worst: then it is as tall as it is, and print makes it fit.
    scene.height = scene.height.max(page);
    scene
}

/// The journey with all that [`Level::Extended`] shows, on as many pages as that takes: lanes are whole where they can be, and
/// each page begins with the names of the phases.
pub fn pages(report: &Report<'_>) -> Vec<Scene> {
    let (width, page) = paper(report);
    let foot = page - MARGIN;
    let title = title(report, report.say("klantreis", "customer journey"));
    let column = column(report, width);
    let blank = |first: bool| {
        let mut scene = report.empty_scene(width, title.clone());
        scene.height = page;
        let top = if first { heading(report, &mut scene) } else { MARGIN };
        let y = phase_heads(report, &mut scene, top, column, first) + BETWEEN;
        (scene, y)
    };
    let (mut scene, mut y) = blank(true);
    let mut done = Vec::new();
    let mut turn = |scene: &mut Scene, y: &mut f64| {
        let (next, top) = blank(false);
        done.push(std::mem::replace(scene, next));
        *y = top;
    };
    for mut lane in lanes(report, EVERYTHING, column - 2.0 * PAD) {
        if lane.id == "kansen" {
            if y + CURVE > foot {
                turn(&mut scene, &mut y);
            }
            y = emotion(report, &mut scene, y, column);
        }
        // What fits on no page begins where there is room for more than a little of it.
        let fits_nowhere = lane.height() > foot - blank(false).1;
        if y + lane.height() > foot && !(fits_nowhere && foot - y > page / 3.0) {
            turn(&mut scene, &mut y);
        }
        while let Some(rest) = lane.split(foot - y, report.say("vervolg", "continued")) {
            draw_lane(&mut scene, &lane, y, column);
            turn(&mut scene, &mut y);
            lane = rest;
        }
        y = draw_lane(&mut scene, &lane, y, column);
    }
    let legend = flow(&[(NOTE, &legend(report, true))], width - 2.0 * MARGIN, 8);
    if y + 6.0 + height(&legend) > foot {
        turn(&mut scene, &mut y);
    }
    scene.part("legenda");
    scene.lines(MARGIN, y + 6.0, &legend);
    done.push(scene);
    let of = done.len();
    for (n, scene) in (1..).zip(&mut done) {
        scene.part("bladzijde");
        scene.lines(width - MARGIN - 60.0, page - MARGIN + 8.0, &flow(&[(NOTE, &format!("{n}/{of}"))], 60.0, 1));
    }
    done
}

/// How wide the map is, and how tall a page of that width.
fn paper(report: &Report<'_>) -> (f64, f64) {
    let width = A3.0.max(2.0 * MARGIN + NAMES + columns(report) * NARROWEST);
    (width, width * A3.1 / A3.0)
}

fn columns(report: &Report<'_>) -> f64 {
    report.journey.phases.len().max(1) as f64
}

/// Width of a phase.
fn column(report: &Report<'_>, width: f64) -> f64 {
    (width - 2.0 * MARGIN - NAMES) / columns(report)
}

/// The curve without lanes.
pub fn curve_alone(report: &Report<'_>) -> Scene {
    let width = 1100.0_f64.max(2.0 * MARGIN + NAMES + columns(report) * 150.0);
    let mut scene = report.empty_scene(width, title(report, report.say("emotiecurve", "emotion curve")));
    let column = column(report, width);
    let mut y = phase_heads(report, &mut scene, MARGIN, column, false) + BETWEEN;
    scene.part("emotie");
    let frame = Frame { left: MARGIN + NAMES, top: y, column, height: 300.0, names: NAMES - 16.0 };
    curve(report, &mut scene, &frame);
    y += 300.0 + 10.0;
    scene.part("legenda");
    let room = width - 2.0 * MARGIN - NAMES;
    y = scene.lines(MARGIN + NAMES, y, &flow(&[(NOTE, &legend(report, false))], room, 6));
    scene.height = (y + 16.0).ceil();
    scene
}

const NOTE: Style = Style { weight: Weight::Regular, size: 10.5, colour: QUIET };

fn title(report: &Report<'_>, kind: &str) -> String {
    format!("{} – {kind}", report.study.title)
}

fn drawn(report: &Report<'_>, width: f64, amount: Amount) -> Scene {
    let mut scene = report.empty_scene(width, title(report, report.say("klantreis", "customer journey")));
    let column = column(report, width);
    let mut y = heading(report, &mut scene);
    y = phase_heads(report, &mut scene, y, column, true) + BETWEEN;
    for lane in lanes(report, amount, column - 2.0 * PAD) {
        if lane.id == "kansen" {
            y = emotion(report, &mut scene, y, column);
        }
        y = draw_lane(&mut scene, &lane, y, column);
    }
    scene.part("legenda");
    y = scene.lines(MARGIN, y + 6.0, &flow(&[(NOTE, &legend(report, true))], width - 2.0 * MARGIN, 8));
    scene.height = (y + 20.0).ceil();
    scene
}

fn heading(report: &Report<'_>, scene: &mut Scene) -> f64 {
    let room = scene.width - 2.0 * MARGIN;
    let style = |weight, size, colour| Style { weight, size, colour };
    scene.part("titel");
    let big = style(Weight::Semibold, 26.0, BRAND.strong);
    let mut y = scene.lines(MARGIN, MARGIN - 8.0, &flow(&[(big, &report.study.title)], room, 2));
    if !report.study.goal.is_empty() {
        let goal = style(Weight::Regular, 14.0, INK);
        y = scene.lines(MARGIN, y + 1.0, &flow(&[(goal, &report.study.goal)], room, 2));
    }
    let personas: Vec<&str> = report.study.personas.iter().map(|p| p.name.as_str()).collect();
    let mut facts = format!("{}. {}", report.facts(), report.warning());
    if !personas.is_empty() {
        facts += &format!(" {}: {}.", report.say("Persona’s", "Personas"), personas.join(", "));
    }
    scene.lines(MARGIN, y + 3.0, &flow(&[(style(Weight::Regular, 11.5, QUIET), &facts)], room, 2)) + 12.0
}

/// The names of the phases, on the map with what they span; returns where they end.
fn phase_heads(report: &Report<'_>, scene: &mut Scene, y: f64, column: f64, about: bool) -> f64 {
    let left = MARGIN + NAMES;
    let name = Style { weight: Weight::Semibold, size: 14.5, colour: WHITE };
    let words = Style { weight: Weight::Regular, size: 10.5, colour: QUIET };
    let set = |phase: &PhaseJourney| {
        // Room for the arrow that points to the next phase.
        let label = flow(&[(name, &phase.phase.label)], column - 2.0 * PAD - 14.0, 3);
        let about = flow(&[(words, &phase.phase.description)], column - 2.0 * PAD, if about { 4 } else { 0 });
        (label, about)
    };
    let heads: Vec<(Vec<Line>, Vec<Line>)> = report.journey.phases.iter().map(set).collect();
    let tall = heads.iter().map(|(label, _)| height(label)).fold(0.0, f64::max) + 14.0;
    let more = heads.iter().map(|(_, about)| height(about)).fold(0.0, f64::max);
    scene.part("fasen");
    for (n, (label, _)) in heads.iter().enumerate() {
        let (x, tip) = (left + n as f64 * column, 12.0);
        let right = x + column - 3.0;
        let middle = y + tall / 2.0;
        let mut shape = vec![(x, y), (right - tip, y), (right, middle), (right - tip, y + tall), (x, y + tall)];
        if n > 0 {
            shape.push((x + tip - 2.0, middle));
        }
        scene.area(shape, BRAND.strong);
        let indent = if n > 0 { PAD + 8.0 } else { PAD };
        scene.lines(x + indent, y + (tall - height(label)) / 2.0, label);
    }
    for (n, (_, about)) in heads.iter().enumerate() {
        scene.part(format!("fase {n}"));
        scene.lines(left + n as f64 * column + PAD, y + tall + 5.0, about);
    }
    y + tall + if more > 0.0 { more + 9.0 } else { 0.0 }
}

fn lanes(report: &Report<'_>, amount: Amount, room: f64) -> Vec<Lane> {
    let phases = &report.journey.phases;
    let every = |cell: &dyn Fn(&PhaseJourney) -> Vec<Block>| phases.iter().map(cell).collect::<Vec<_>>();
    let own = |id: &str, name: &str, paint, cells| Lane { id: id.to_owned(), name: name.to_owned(), paint, cells };
    let mut lanes = Vec::new();
    for n in 0..phases.first().map_or(0, |p| p.cells.len()) {
        let category = phases[0].cells[n].category.as_str();
        let name = words::lane(report.study.language, category);
        let cells = every(&|p| items(report, &topics(report.journey, p, &p.cells[n]), amount, room));
        lanes.push(own(category, &name, lane(category), cells));
        if n == 0 {
            let cells = every(&|p| touchpoints(report, p, amount, room));
            lanes.push(own("contactmomenten", report.say("Contactmomenten", "Touchpoints"), PLAIN, cells));
        }
    }
    let cells = every(&|p| chances(report, p, amount, room));
    lanes.push(own("kansen", report.say("Kansen", "Opportunities"), CHANCE, cells));
    if amount.voice_lines > 0 {
        let cells = every(&|p| voice(report, p, amount, room));
        lanes.push(own("citaten", report.say("In hun woorden", "In their words"), PLAIN, cells));
    }
    let cells = every(&|p| figures(report, p, room));
    lanes.push(own("cijfers", report.say("Cijfers", "Figures"), PLAIN, cells));
    lanes
}

/// Draws a lane's name on its colour and its cells on the tint; returns where the next one starts.
fn draw_lane(scene: &mut Scene, lane: &Lane, y: f64, column: f64) -> f64 {
    let (left, tall) = (MARGIN + NAMES, lane.height());
    let right = left + lane.cells.len() as f64 * column - 3.0;
    scene.part(lane.id.as_str());
    scene.rect(left, y, right - left, tall, lane.paint.tint);
    for n in 1..lane.cells.len() {
        let x = left + n as f64 * column - 1.5;
        scene.path(vec![(x, y), (x, y + tall)], Stroke::new(WHITE, 3.0));
    }
    name_of(scene, &lane.name, lane.paint, y, tall);
    for (n, blocks) in lane.cells.iter().enumerate() {
        scene.part(format!("{} {n}", lane.id));
        let (x, mut at) = (left + n as f64 * column + PAD, y + PAD - 1.0);
        for block in blocks {
            let indent = match block.icon {
                Some(how) => {
                    scene.icon(&icon::channel(how), x, at + 1.5, QUIET);
                    ICON
                }
                None => 0.0,
            };
            at = scene.lines(x + indent, at, &block.lines) + GAP;
        }
    }
    y + tall + BETWEEN
}

fn name_of(scene: &mut Scene, name: &str, paint: Paint, y: f64, tall: f64) {
    scene.rect(MARGIN, y, 4.0, tall, paint.strong);
    let style = Style { weight: Weight::Semibold, size: 12.5, colour: paint.strong };
    scene.lines(MARGIN + 12.0, y + PAD - 2.0, &flow(&[(style, name)], NAMES - 18.0, 3));
}

fn emotion(report: &Report<'_>, scene: &mut Scene, y: f64, column: f64) -> f64 {
    scene.part("emotie");
    let frame = Frame { left: MARGIN + NAMES, top: y, column, height: CURVE, names: NAMES - 18.0 };
    curve(report, scene, &frame);
    scene.part("emotie naam");
    scene.rect(MARGIN, y, 4.0, CURVE, BRAND.strong);
    let style = Style { weight: Weight::Semibold, size: 12.5, colour: BRAND.strong };
    scene.lines(MARGIN + 12.0, y + 2.0, &flow(&[(style, report.say("Emotie", "Emotion"))], 60.0, 1));
    y + CURVE + BETWEEN
}

fn legend(report: &Report<'_>, map: bool) -> String {
    let mut words = String::new();
    if map {
        words += report.say(
            "Het getal achter een onderwerp is het aantal interviews waarin het ter sprake kwam; vet is \
             drie of meer. Schuin: een thema, met de woorden die zijn uitspraken gemeen hebben. ",
            "The number behind an item is the number of interviews in which it came up; bold is three or \
             more. In italics: a theme, by the words that its quotes have in common. ",
        );
    }
    words += report.say(
        "Emotie: gemiddelde over interviews van −2 (heel negatief) tot 2 (heel positief); de blauwe band is het \
         95%-interval. Open punt en stippellijn: minder dan drie interviews. \
         Ring: moment van de waarheid.",
        "Emotion: mean over interviews from −2 (very negative) to 2 (very positive); the blue band is the 95% \
         interval. Open point and dashed line: fewer than three interviews. Ring: \
         moment of truth.",
    );
    if report.journey.phases.iter().any(|p| p.phase.desired.is_some()) {
        words += report.say(" Ruit: de gewenste emotie.", " Diamond: the desired emotion.");
    }
    words
}
