//! Check digits: what makes a row of digits a citizen's number or an account.

/// The digits of a text.
fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The eleven test of the Dutch citizen service number: 9·a + 8·b + … + 2·h − i is a multiple of eleven.
pub fn is_bsn(text: &str) -> bool {
    let d = digits(text);
    if d.len() != 9 || d.iter().all(|n| *n == 0) {
        return false;
    }
    let sum: i64 = d[..8].iter().zip((2..=9).rev()).map(|(n, weight)| i64::from(*n) * weight).sum();
    (sum - i64::from(d[8])) % 11 == 0
}

/// The Belgian national number: the last two digits are 97 minus the rest modulo 97, with a 2 before it for those
/// born since 2000; month and day must be possible (a month may be raised by 20 or 40 for a bis number).
pub fn is_national_number(text: &str) -> bool {
    let d = digits(text);
    if d.len() != 11 {
        return false;
    }
    let number = |d: &[u32]| d.iter().fold(0u64, |sum, n| sum * 10 + u64::from(*n));
    let (month, day) = (number(&d[2..4]) % 20, number(&d[4..6]));
    let (base, check) = (number(&d[..9]), number(&d[9..]));
    month <= 12 && day <= 31 && [base, 2_000_000_000 + base].iter().any(|b| 97 - b % 97 == check)
}

/// An IBAN: with the first four signs behind the others and letters as 10 to 35, it is 1 modulo 97 (ISO 13616).
pub fn is_iban(text: &str) -> bool {
    let signs: Vec<char> = text.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    if !(15..=34).contains(&signs.len()) {
        return false;
    }
    let rest = signs[4..].iter().chain(&signs[..4]).filter_map(|c| c.to_digit(36));
    rest.fold(0, |sum, n| (if n > 9 { sum * 100 } else { sum * 10 } + n) % 97) == 1
}

/// The test of Luhn for bank cards.
pub fn is_card(text: &str) -> bool {
    let d = digits(text);
    let doubled = |(n, digit): (usize, &u32)| match (n % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) => twice / 10 + twice % 10,
    };
    d.len() == 16 && d[0] != 0 && d.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_tell_right_from_wrong() {
        assert!(is_bsn("111222333") && is_bsn("123456782") && !is_bsn("123456789") && !is_bsn("000000000"));
        assert!(is_iban("NL91 ABNA 0417 1643 00") && is_iban("BE68539007547034") && !is_iban("NL92 ABNA 0417 1643 00"));
        assert!(is_national_number("85.07.30-033.28") && !is_national_number("85.07.30-033.29"));
        assert!(is_national_number("17.07.30-033.84"), "born since 2000");
        assert!(is_card("4111 1111 1111 1111") && !is_card("4111 1111 1111 1112"));
    }
}
