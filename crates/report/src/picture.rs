//! The journey as a picture: shapes and texts, written as SVG, PNG or PDF.

mod cells;
mod curve;
mod flow;
mod font;
mod icon;
mod map;
mod pdf;
mod png;
mod scene;
mod svg;

use klantreis_study::Language;

use self::scene::Scene;
use crate::{RenderError, Report};

/// How much a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// What fits on one A3 page and is read from a wall.
    #[default]
    Basic,
    /// Up to twelve items a cell, each with its most typical quote.
    Extended,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The journey: lanes with the emotion curve among them.
    Map(Level),
    /// The emotion curve alone.
    Curve,
}

/// How many lines a text takes in a column of `room` pixels, set in letters of `size` pixels; at least one.
pub(crate) fn count_lines(text: &str, room: f64, size: f64) -> usize {
    let style = flow::Style { weight: font::Weight::Regular, size, colour: 0 };
    text.split('\n').map(|line| flow::flow(&[(style, line)], room, usize::MAX).len().max(1)).sum()
}

impl Report<'_> {
    /// One SVG file, with its fonts in it and without a request to anywhere.
    pub fn svg(&self, view: View) -> String {
        svg::svg(&self.scene(view))
    }

    /// A PNG file, 192 pixels to the inch.
    pub fn png(&self, view: View) -> Result<Vec<u8>, RenderError> {
        png::png(&self.scene(view))
    }

    /// A PDF file in A3 with text that can be searched: one page, or for [`Level::Extended`] as many as it takes.
    pub fn pdf(&self, view: View) -> Vec<u8> {
        match view {
            View::Map(Level::Extended) => pdf::pdf(&map::pages(self)),
            view => pdf::pdf(&[self.scene(view)]),
        }
    }

    fn scene(&self, view: View) -> Scene {
        match view {
            View::Map(level) => map::map(self, level),
            View::Curve => map::curve_alone(self),
        }
    }

    fn empty_scene(&self, width: f64, title: String) -> Scene {
        let language = match self.study.language {
            Language::Dutch => "nl",
            Language::English => "en",
        };
        let description = format!("{}. {}", self.facts(), self.warning());
        Scene { width, height: 0.0, title, description, language, shapes: Vec::new() }
    }
}
