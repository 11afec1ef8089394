//! Text of others in tables that spreadsheets open.

use std::borrow::Cow;

/// What spreadsheets take for the beginning of a formula.
const BEGINS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text of others for a cell of CSV: what a spreadsheet would take for a formula begins with an
/// apostrophe, so that it is shown instead of worked out
/// (OWASP, [CSV injection](https://owasp.org/www-community/attacks/CSV_Injection)).
///
/// ```
/// assert_eq!(regua_report::plain("C-1"), "C-1");
/// assert_eq!(regua_report::plain("=1+1"), "'=1+1");
/// ```
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.starts_with(BEGINS) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
