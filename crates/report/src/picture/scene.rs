//! A picture as shapes and texts, which can be written in any format.

use super::{
    flow::{LEADING, Line, line_size, line_width},
    icon::Icon,
};

/// A point, in CSS pixels from the top left corner.
pub type Point = (f64, f64);

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub colour: u32,
    pub width: f64,
    /// Lengths of dash and gap; `None` for an unbroken line.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    pub fn new(colour: u32, width: f64) -> Self {
        Self { colour, width, dash: None }
    }

    pub fn dashed(self, dash: f64, gap: f64) -> Self {
        Self { dash: Some((dash, gap)), ..self }
    }
}

/// What a picture is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled area.
    Area { points: Vec<Point>, fill: u32 },
    /// A line through points.
    Path { points: Vec<Point>, stroke: Stroke },
    /// A circle, filled and with a line around it.
    Circle { centre: Point, radius: f64, fill: u32, stroke: Stroke },
    /// A line of text, its left end on the baseline.
    Text { at: Point, line: Line },
    /// What follows belongs to a part of the picture with this name, until the next one.
    Part(String),
}

/// A picture in the making. Lengths are CSS pixels, 96 to the inch.
pub struct Scene {
    pub width: f64,
    pub height: f64,
    pub title: String,
    pub description: String,
    pub language: &'static str,
    pub shapes: Vec<Shape>,
}

/// How far below the top of a line its letters stand, of the size.
const BASELINE: f64 = 1.02;

impl Scene {
    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, fill: u32) {
        let points = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.shapes.push(Shape::Area { points, fill });
    }

    /// A line through points.
    pub fn path(&mut self, points: Vec<Point>, stroke: Stroke) {
        self.shapes.push(Shape::Path { points, stroke });
    }

    /// A filled shape.
    pub fn area(&mut self, points: Vec<Point>, fill: u32) {
        self.shapes.push(Shape::Area { points, fill });
    }

    /// A circle with a line around it.
    pub fn circle(&mut self, centre: Point, radius: f64, fill: u32, stroke: Stroke) {
        self.shapes.push(Shape::Circle { centre, radius, fill, stroke });
    }

    /// An icon, its top left corner at a place.
    pub fn icon(&mut self, icon: &Icon, x: f64, y: f64, colour: u32) {
        let stroke = Stroke::new(colour, 1.1);
        for line in icon.lines {
            self.path(line.iter().map(|(dx, dy)| (x + dx, y + dy)).collect(), stroke);
        }
        for (dx, dy, radius) in icon.circles {
            self.circle((x + dx, y + dy), *radius, 0xFF_FF_FF, stroke);
        }
    }

    /// Lines of text under each other, from a top left corner; returns where they end.
    pub fn lines(&mut self, x: f64, mut y: f64, lines: &[Line]) -> f64 {
        for line in lines {
            let size = line_size(line);
            self.shapes.push(Shape::Text { at: (x, y + size * BASELINE), line: line.clone() });
            y += size * LEADING;
        }
        y
    }

    /// Lines of text under each other, around `x`.
    pub fn centred(&mut self, x: f64, mut y: f64, lines: &[Line]) -> f64 {
        for line in lines {
            y = self.lines(x - line_width(line) / 2.0, y, std::slice::from_ref(line));
        }
        y
    }

    /// Begins a part with a name.
    pub fn part(&mut self, name: impl Into<String>) {
        self.shapes.push(Shape::Part(name.into()));
    }
}
