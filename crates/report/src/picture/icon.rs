//! Icons of channels, drawn with lines in a square of 12.

use klantreis_study::Channel;

/// An icon: lines, and circles with their radius.
pub struct Icon {
    pub lines: &'static [&'static [(f64, f64)]],
    pub circles: &'static [(f64, f64, f64)],
}

/// The icon's width and height.
pub const SIDE: f64 = 12.0;

/// The icon of a channel.
pub fn channel(channel: Channel) -> Icon {
    match channel {
        // A person.
        Channel::Physical => Icon {
            lines: &[&[(1.5, 11.5), (1.5, 9.5), (3.2, 7.2), (8.8, 7.2), (10.5, 9.5), (10.5, 11.5), (1.5, 11.5)]],
            circles: &[(6.0, 3.4, 2.4)],
        },
        // A screen on its foot.
        Channel::Digital => Icon {
            lines: &[
                &[(0.8, 1.5), (11.2, 1.5), (11.2, 8.5), (0.8, 8.5), (0.8, 1.5)],
                &[(6.0, 8.5), (6.0, 11.0)],
                &[(3.2, 11.2), (8.8, 11.2)],
            ],
            circles: &[],
        },
        // A telephone with its screen and button.
        Channel::Phone => Icon {
            lines: &[&[(3.0, 0.6), (9.0, 0.6), (9.0, 11.4), (3.0, 11.4), (3.0, 0.6)], &[(3.0, 8.8), (9.0, 8.8)]],
            circles: &[(6.0, 10.1, 0.3)],
        },
        // A sheet with lines.
        Channel::Paper => Icon {
            lines: &[
                &[(2.0, 0.6), (7.6, 0.6), (10.0, 3.0), (10.0, 11.4), (2.0, 11.4), (2.0, 0.6)],
                &[(4.0, 5.0), (8.0, 5.0)],
                &[(4.0, 7.2), (8.0, 7.2)],
                &[(4.0, 9.4), (6.6, 9.4)],
            ],
            circles: &[],
        },
        // Two people who hand on.
        Channel::Others => Icon { lines: &[&[(4.8, 6.0), (7.2, 6.0)]], circles: &[(2.8, 6.0, 2.0), (9.2, 6.0, 2.0)] },
    }
}
