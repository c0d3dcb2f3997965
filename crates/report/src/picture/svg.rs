//! A picture as one SVG file: no request to anywhere, the fonts within.

use std::fmt::Write as _;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    flow::Run,
    font::{FILES, Weight},
    scene::{Point, Scene, Shape, Stroke},
};
use crate::{palette::hex, xml::escape};

/// The file. The same for the same picture.
pub fn svg(scene: &Scene) -> String {
    let (width, height) = (scene.width, scene.height);
    let faces: String = FILES
        .iter()
        .zip(["400;font-style:normal", "600;font-style:normal", "400;font-style:italic"])
        .map(|(file, weight)| {
            let data = BASE64_STANDARD.encode(file);
            format!(
                "@font-face{{font-family:'Open Sans';font-weight:{weight};src:url(data:font/ttf;base64,{data}) format('truetype')}}\n"
            )
        })
        .collect();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"title description\" xml:lang=\"{}\" \
         font-family=\"'Open Sans', 'Segoe UI', Arial, sans-serif\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n<style>\n{faces}</style>\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#ffffff\"/>\n",
        scene.language,
        escape(&scene.title),
        escape(&scene.description),
    );
    let mut within = false;
    for shape in &scene.shapes {
        if let Shape::Part(name) = shape {
            if within {
                out.push_str("</g>\n");
            }
            within = true;
            let _ = writeln!(out, "<g data-part=\"{}\">", escape(name));
        } else {
            out.push_str(&element(shape));
            out.push('\n');
        }
    }
    if within {
        out.push_str("</g>\n");
    }
    out + "</svg>\n"
}

fn element(shape: &Shape) -> String {
    match shape {
        Shape::Area { points, fill } => format!("<polygon points=\"{}\" fill=\"{}\"/>", list(points), hex(*fill)),
        Shape::Path { points, stroke } => {
            format!("<polyline points=\"{}\" fill=\"none\"{}/>", list(points), stroked(stroke))
        }
        Shape::Circle { centre: (x, y), radius, fill, stroke } => {
            format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{}\"{}/>", hex(*fill), stroked(stroke))
        }
        Shape::Text { at: (x, y), line } => {
            let pieces: String = line.iter().map(piece).collect();
            format!("<text x=\"{x:.1}\" y=\"{y:.1}\">{pieces}</text>")
        }
        Shape::Part(_) => String::new(),
    }
}

fn stroked(stroke: &Stroke) -> String {
    let dash = stroke.dash.map(|(dash, gap)| format!(" stroke-dasharray=\"{dash} {gap}\"")).unwrap_or_default();
    format!(" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{dash}", hex(stroke.colour), stroke.width)
}

fn piece(run: &Run) -> String {
    let face = match run.style.weight {
        Weight::Regular => "",
        Weight::Semibold => " font-weight=\"600\"",
        Weight::Italic => " font-style=\"italic\"",
    };
    let (size, colour) = (run.style.size, hex(run.style.colour));
    format!("<tspan font-size=\"{size}\" fill=\"{colour}\"{face}>{}</tspan>", escape(&run.text))
}

fn list(points: &[Point]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}
