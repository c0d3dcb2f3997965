//! A picture as pixels: the SVG drawn by resvg with the fonts that come with the program.

use std::sync::Arc;

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

use super::{font::FILES, scene::Scene, svg::svg};
use crate::RenderError;

/// Pixels to a CSS pixel: 192 to the inch, which prints well.
const SCALE: f64 = 2.0;

/// No side is longer: larger ones can't be opened everywhere.
const LONGEST: f64 = 12_000.0;

/// The file. The same for the same picture.
pub fn png(scene: &Scene) -> Result<Vec<u8>, RenderError> {
    let mut fonts = Database::new();
    for file in FILES {
        fonts.load_font_data(file.to_vec());
    }
    let options = Options { font_family: "Open Sans".to_owned(), fontdb: Arc::new(fonts), ..Options::default() };
    let tree = Tree::from_str(&svg(scene), &options).map_err(|e| RenderError::Picture(e.to_string()))?;
    let scale = SCALE.min(LONGEST / scene.width.max(scene.height));
    let side = |length: f64| (length * scale).round() as u32;
    let mut pixels = Pixmap::new(side(scene.width), side(scene.height))
        .ok_or_else(|| RenderError::Picture("it is too large".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| RenderError::Picture(e.to_string()))
}
