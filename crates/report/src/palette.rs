//! Colours of workbook, report and picture: each lane has one that people who are colour-blind tell from the others.

/// A colour for lines and heads, and a tint of it for what stands behind text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paint {
    /// Dark enough for white text on it, and for text in it on white.
    pub strong: u32,
    /// Light enough for black text on it.
    pub tint: u32,
}

/// Heads, the emotion curve.
pub const BRAND: Paint = Paint { strong: 0x15_42_73, tint: 0xE4_EC_F5 };
/// What is neither: activities, touchpoints, figures.
pub const PLAIN: Paint = Paint { strong: 0x55_5F_6E, tint: 0xF3_F5_F8 };
/// Opportunities.
pub const CHANCE: Paint = Paint { strong: 0x75_5A_00, tint: 0xFA_F5_E1 };
const NEED: Paint = Paint { strong: 0x44_45_A3, tint: 0xEE_EE_F8 };
const GAIN: Paint = Paint { strong: 0x00_73_68, tint: 0xE5_F3_F1 };
const PAIN: Paint = Paint { strong: 0xAD_45_0A, tint: 0xFB_EE_E5 };

/// Text.
pub const INK: u32 = 0x1B_1B_1B;
/// Text that steps back.
pub const QUIET: u32 = 0x55_5C_69;
/// Lines between cells.
pub const RULE: u32 = 0xCC_D4_DF;

/// The colours of a category's lane.
pub fn lane(category: &str) -> Paint {
    match category {
        "behoefte" => NEED,
        "winst" => GAIN,
        "pijnpunt" => PAIN,
        _ => PLAIN,
    }
}

/// `#rrggbb`.
pub fn hex(colour: u32) -> String {
    format!("#{colour:06x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(colour: u32) -> [f64; 3] {
        [16, 8, 0].map(|shift| {
            let c = f64::from(colour >> shift & 0xff) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn contrast(a: u32, b: u32) -> f64 {
        let light = |c: u32| {
            let [r, g, b] = linear(c);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_keeps_the_contrast_of_wcag_aa() {
        for paint in [BRAND, PLAIN, CHANCE, NEED, GAIN, PAIN] {
            for (front, back) in
                [(paint.strong, 0xFF_FF_FF), (paint.strong, paint.tint), (INK, paint.tint), (QUIET, paint.tint)]
            {
                assert!(contrast(front, back) >= 4.5, "{} on {}: {}", hex(front), hex(back), contrast(front, back));
            }
        }
    }

    /// CIE 1976 L*a*b* of linear RGB.
    fn lab(rgb: [f64; 3]) -> [f64; 3] {
        let rows = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
        let white = [0.9505, 1.0, 1.089];
        let [x, y, z] = [0, 1, 2].map(|n| {
            let t = rows[n].iter().zip(rgb).map(|(m, c)| m * c).sum::<f64>() / white[n];
            if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn needs_gains_and_pains_are_told_apart_by_people_who_are_colour_blind() {
        // Machado, Oliveira & Fernandes 2009, severity 1: protanopia, deuteranopia, tritanopia; then plain sight.
        let eyes = [
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        ];
        for eye in eyes {
            let seen = |c: u32| {
                let rgb = linear(c);
                lab([0, 1, 2].map(|n| eye[n].iter().zip(rgb).map(|(m, c)| m * c).sum::<f64>().clamp(0.0, 1.0)))
            };
            for (a, b) in [(NEED, GAIN), (NEED, PAIN), (GAIN, PAIN)] {
                let (p, q) = (seen(a.strong), seen(b.strong));
                let distance = p.iter().zip(q).map(|(p, q)| (p - q).powi(2)).sum::<f64>().sqrt();
                // A just noticeable difference is about 2.3.
                assert!(distance > 20.0, "{} and {}: {distance:.1}", hex(a.strong), hex(b.strong));
            }
        }
    }
}
