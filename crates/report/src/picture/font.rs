//! Open Sans, which comes with the program: how wide a text is.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, prelude::Size};

/// The faces, in the order of [`Weight`]: without hints and kerning, so that a text is as wide as its letters together.
pub const FILES: [&[u8]; 3] = [
    include_bytes!("../../fonts/OpenSans-Regular.ttf"),
    include_bytes!("../../fonts/OpenSans-Semibold.ttf"),
    include_bytes!("../../fonts/OpenSans-Italic.ttf"),
];

/// A face of the font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Semibold,
    Italic,
}

impl Weight {
    pub const ALL: [Self; 3] = [Self::Regular, Self::Semibold, Self::Italic];
}

/// Of each letter of a face: its place in the face, and its width at size 1.
type Letters = FxHashMap<char, (u16, f64)>;

static FACES: LazyLock<[Letters; 3]> = LazyLock::new(|| FILES.map(letters));

fn letters(file: &[u8]) -> Letters {
    let Ok(face) = FontRef::new(file) else { return Letters::default() };
    let metrics = face.glyph_metrics(Size::new(1.0), LocationRef::default());
    let letter = |(code, glyph): (u32, skrifa::GlyphId)| {
        let place = u16::try_from(glyph.to_u32()).ok()?;
        Some((char::from_u32(code)?, (place, f64::from(metrics.advance_width(glyph)?))))
    };
    face.charmap().mappings().filter_map(letter).collect()
}

/// A letter that the font lacks is drawn in another font, which may be as wide as this part of the size.
const UNKNOWN: f64 = 1.0;

/// The place of a letter in the face, and its width at size 1; `None` where the font lacks it.
pub fn glyph(letter: char, weight: Weight) -> Option<(u16, f64)> {
    FACES[weight as usize].get(&letter).copied()
}

/// The width of a text of one face and size.
pub fn width(text: &str, weight: Weight, size: f64) -> f64 {
    text.chars().map(|c| glyph(c, weight).map_or(UNKNOWN, |(_, width)| width)).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faces_hold_what_dutch_needs_and_differ_in_width() {
        for weight in Weight::ALL {
            for c in "aëïöüéèç€“”‘’–—…·−×.,;:?!%()/".chars() {
                assert!(glyph(c, weight).is_some(), "{weight:?} lacks {c}");
            }
            assert!(width("iii", weight, 10.0) < width("mmm", weight, 10.0));
        }
        assert!(width("Balie", Weight::Regular, 10.0) < width("Balie", Weight::Semibold, 10.0));
        let (once, twice) = (width("Balie", Weight::Regular, 10.0), width("BalieBalie", Weight::Regular, 10.0));
        assert!((2.0 * once - twice).abs() < 1e-6);
    }
}
