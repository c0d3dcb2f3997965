//! Pictures as the pages of a PDF, with text that can be searched and copied.

use std::collections::BTreeMap;

use pdf_writer::{
    Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, LineCapStyle, LineJoinStyle, SystemInfo, UnicodeCmap},
};

use super::{
    font::{FILES, Weight, glyph},
    scene::{Point, Scene, Shape, Stroke},
};

/// A3 on its side, in points.
const A3: (f64, f64) = (1190.55, 841.89);

/// Control points of a quarter circle stand this far along, of its radius.
const ROUND: f64 = 0.552_285;

/// Drawn for letters that the font lacks.
const REPLACEMENT: char = '\u{fffd}';

const NAMES: [&[u8]; 3] = [b"OpenSans-Regular", b"OpenSans-Semibold", b"OpenSans-Italic"];
const ALIASES: [Name<'_>; 3] = [Name(b"F0"), Name(b"F1"), Name(b"F2")];
const IDENTITY: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A picture longer than A3 is made smaller down to this part; one that is longer still gets a longer page.
const SMALLEST: f64 = 0.9;

/// The page of a picture, and how much smaller the picture is there.
fn page_of(scene: &Scene) -> ((f64, f64), f64) {
    let (across, down) = (A3.0 / scene.width, A3.1 / scene.height);
    if down >= across * SMALLEST { (A3, across.min(down)) } else { ((A3.0, scene.height * across), across) }
}

/// A page a picture, A3 wide. The same for the same pictures: no date, no random id.
pub fn pdf(scenes: &[Scene]) -> Vec<u8> {
    let mut refs = (1..).map(Ref::new);
    // An endless range always has a next one.
    let mut next = || refs.next().unwrap_or(Ref::new(1));
    let (catalog, pages, info) = (next(), next(), next());
    let leaves: Vec<(Ref, Ref)> = scenes.iter().map(|_| (next(), next())).collect();
    let fonts = [(); 3].map(|()| [(); 5].map(|()| next()));
    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(pages);
    if let Some(scene) = scenes.first() {
        root.lang(TextStr(scene.language)).viewer_preferences().display_doc_title(true);
    }
    root.finish();
    if let Some(scene) = scenes.first() {
        pdf.document_info(info).title(TextStr(&scene.title)).subject(TextStr(&scene.description));
    }
    pdf.pages(pages).kids(leaves.iter().map(|(page, _)| *page)).count(leaves.len() as i32);
    for (scene, (page, content)) in scenes.iter().zip(leaves) {
        let (paper, scale) = page_of(scene);
        let mut leaf = pdf.page(page);
        leaf.media_box(Rect::new(0.0, 0.0, paper.0 as f32, paper.1 as f32)).parent(pages).contents(content);
        let mut resources = leaf.resources();
        let mut named = resources.fonts();
        for (alias, ids) in ALIASES.iter().zip(&fonts) {
            named.pair(*alias, ids[0]);
        }
        named.finish();
        resources.finish();
        leaf.finish();
        pdf.stream(content, &drawn(scene, paper, scale));
    }
    for (weight, ids) in Weight::ALL.into_iter().zip(fonts) {
        embed(&mut pdf, weight, ids, &letters(scenes, weight));
    }
    pdf.finish()
}

/// The letters of a face that the pictures have, by their place in the face, with their widths at size 1.
fn letters(scenes: &[Scene], weight: Weight) -> BTreeMap<u16, (char, f64)> {
    let mut letters = BTreeMap::new();
    for shape in scenes.iter().flat_map(|scene| &scene.shapes) {
        let Shape::Text { line, .. } = shape else { continue };
        for c in line.iter().filter(|run| run.style.weight == weight).flat_map(|run| run.text.chars()) {
            let (id, c, width) = place(c, weight);
            letters.entry(id).or_insert((c, width));
        }
    }
    letters
}

/// Where a letter is in its face, or the sign that stands for it.
fn place(c: char, weight: Weight) -> (u16, char, f64) {
    let found = glyph(c, weight).map(|(id, width)| (id, c, width));
    let (id, c, width) =
        found.or_else(|| glyph(REPLACEMENT, weight).map(|(id, width)| (id, REPLACEMENT, width))).unwrap_or_default();
    (id, c, width)
}

fn embed(pdf: &mut Pdf, weight: Weight, ids: [Ref; 5], letters: &BTreeMap<u16, (char, f64)>) {
    let [font, descendant, descriptor, file, unicode] = ids;
    let name = Name(NAMES[weight as usize]);
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(unicode);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor);
    cid.cid_to_gid_map_predefined(Name(b"Identity")).default_width(0.0);
    let mut widths = cid.widths();
    for (id, (_, width)) in letters {
        widths.consecutive(*id, [(width * 1000.0) as f32]);
    }
    widths.finish();
    cid.finish();
    let italic = weight == Weight::Italic;
    let flags = FontFlags::NON_SYMBOLIC | if italic { FontFlags::ITALIC } else { FontFlags::empty() };
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(flags)
        .bbox(Rect::new(-600.0, -300.0, 1500.0, 1100.0))
        .italic_angle(if italic { -12.0 } else { 0.0 })
        .ascent(1069.0)
        .descent(-293.0)
        .cap_height(714.0)
        .stem_v(80.0)
        .font_file2(file);
    let bytes = FILES[weight as usize];
    pdf.stream(file, bytes).pair(Name(b"Length1"), bytes.len() as i32);
    let mut map = UnicodeCmap::<u16>::new(Name(b"Custom"), IDENTITY);
    for (id, (c, _)) in letters {
        map.pair(*id, *c);
    }
    pdf.cmap(unicode, &map.finish());
}

/// The drawing, from the top of the page.
fn drawn(scene: &Scene, paper: (f64, f64), scale: f64) -> Vec<u8> {
    let left = (paper.0 - scene.width * scale) / 2.0;
    let mut content = Content::new();
    // PDF counts from the foot of the page upwards.
    content.transform([scale, 0.0, 0.0, -scale, left, paper.1].map(|n| n as f32));
    content.set_line_join(LineJoinStyle::RoundJoin).set_line_cap(LineCapStyle::ButtCap);
    for shape in &scene.shapes {
        match shape {
            Shape::Area { points, fill } => {
                fill_with(&mut content, *fill);
                trace(&mut content, points);
                content.close_path().fill_nonzero();
            }
            Shape::Path { points, stroke } => {
                stroke_with(&mut content, stroke);
                trace(&mut content, points);
                content.stroke();
            }
            Shape::Circle { centre, radius, fill, stroke } => {
                fill_with(&mut content, *fill);
                stroke_with(&mut content, stroke);
                circle(&mut content, *centre, *radius);
                content.close_path().fill_nonzero_and_stroke();
            }
            Shape::Text { at, line } => {
                content.begin_text();
                // Upright again, within the turned page.
                content.set_text_matrix([1.0, 0.0, 0.0, -1.0, at.0 as f32, at.1 as f32]);
                for run in line {
                    let weight = run.style.weight;
                    fill_with(&mut content, run.style.colour);
                    content.set_font(ALIASES[weight as usize], run.style.size as f32);
                    let bytes: Vec<u8> = run.text.chars().flat_map(|c| place(c, weight).0.to_be_bytes()).collect();
                    content.show(Str(&bytes));
                }
                content.end_text();
            }
            Shape::Part(_) => {}
        }
    }
    content.finish().to_vec()
}

fn trace(content: &mut Content, points: &[Point]) {
    for (n, (x, y)) in points.iter().enumerate() {
        let (x, y) = (*x as f32, *y as f32);
        if n == 0 {
            content.move_to(x, y)
        } else {
            content.line_to(x, y)
        };
    }
}

fn circle(content: &mut Content, (x, y): Point, radius: f64) {
    let at = |dx: f64, dy: f64| ((x + radius * dx) as f32, (y + radius * dy) as f32);
    let (right, top) = at(1.0, 0.0);
    content.move_to(right, top);
    for [(a, b), (c, d), (e, f)] in [
        [(1.0, ROUND), (ROUND, 1.0), (0.0, 1.0)],
        [(-ROUND, 1.0), (-1.0, ROUND), (-1.0, 0.0)],
        [(-1.0, -ROUND), (-ROUND, -1.0), (0.0, -1.0)],
        [(ROUND, -1.0), (1.0, -ROUND), (1.0, 0.0)],
    ] {
        let ((a, b), (c, d), (e, f)) = (at(a, b), at(c, d), at(e, f));
        content.cubic_to(a, b, c, d, e, f);
    }
}

fn rgb(colour: u32) -> [f32; 3] {
    [16, 8, 0].map(|shift| (colour >> shift & 0xff) as f32 / 255.0)
}

fn fill_with(content: &mut Content, colour: u32) {
    let [r, g, b] = rgb(colour);
    content.set_fill_rgb(r, g, b);
}

fn stroke_with(content: &mut Content, stroke: &Stroke) {
    let [r, g, b] = rgb(stroke.colour);
    content.set_stroke_rgb(r, g, b).set_line_width(stroke.width as f32);
    let dash = stroke.dash.map(|(dash, gap)| [dash as f32, gap as f32]);
    content.set_dash_pattern(dash.into_iter().flatten(), 0.0);
}
