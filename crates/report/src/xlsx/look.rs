//! How cells look.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

use crate::palette::{BRAND, CHANCE, INK, PLAIN, Paint, QUIET, RULE, lane};

/// The formats of the workbook.
pub struct Look {
    pub title: Format,
    pub note: Format,
    pub head: Format,
    /// The phases over the map.
    pub phase: Format,
    /// What a phase spans, under its name.
    pub about: Format,
    pub text: Format,
    /// Text in one line, for ids and short words.
    pub word: Format,
    pub link: Format,
    pub count: Format,
    pub decimal: Format,
    pub percent: Format,
    pub heading: Format,
    pub bold: Format,
    pub plain: Format,
    pub quiet: Format,
}

fn font() -> Format {
    Format::new().set_font_name("Calibri").set_font_size(10).set_font_color(INK)
}

fn cell() -> Format {
    font().set_align(FormatAlign::Top).set_border_bottom(FormatBorder::Hair).set_border_bottom_color(RULE)
}

impl Look {
    pub fn new() -> Self {
        let head = font()
            .set_bold()
            .set_font_color(0xFF_FF_FF)
            .set_background_color(BRAND.strong)
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        Self {
            title: font().set_bold().set_font_size(18).set_font_color(BRAND.strong),
            note: font().set_font_color(QUIET),
            phase: head.clone().set_font_size(12).set_border_left(FormatBorder::Thin).set_border_left_color(0xFF_FF_FF),
            head,
            about: font()
                .set_font_color(QUIET)
                .set_italic()
                .set_background_color(BRAND.tint)
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            text: cell().set_text_wrap(),
            word: cell(),
            link: cell().set_font_color(BRAND.strong).set_text_wrap(),
            count: cell().set_num_format("0"),
            decimal: cell().set_num_format("0.00"),
            percent: cell().set_num_format("0%"),
            heading: font().set_bold().set_font_size(13).set_font_color(BRAND.strong),
            bold: font().set_bold(),
            plain: font(),
            quiet: font().set_font_color(QUIET),
        }
    }

    /// The head of a lane of the map.
    pub fn lane_head(&self, paint: Paint) -> Format {
        font()
            .set_bold()
            .set_font_size(11)
            .set_font_color(0xFF_FF_FF)
            .set_background_color(paint.strong)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
    }

    /// A cell of a lane; the first one of a lane has a line above it.
    pub fn lane_cell(&self, paint: Paint, first: bool) -> Format {
        let format = font()
            .set_background_color(paint.tint)
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border_left(FormatBorder::Thin)
            .set_border_left_color(0xFF_FF_FF);
        if first { format.set_border_top(FormatBorder::Thin).set_border_top_color(paint.strong) } else { format }
    }

    /// A word in the colour of its category.
    pub fn category(&self, category: &str) -> Format {
        cell().set_bold().set_font_color(lane(category).strong)
    }

    /// The colours of the lane of opportunities.
    pub fn chance(&self) -> Paint {
        CHANCE
    }

    /// The colours of lanes that are no category.
    pub fn neutral(&self) -> Paint {
        PLAIN
    }
}
