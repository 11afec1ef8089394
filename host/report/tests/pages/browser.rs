//! Pages as a browser shows them.
//!
//! `REGUA_TEST_PICTURES` names a folder for pictures of what was seen, to be looked at by people.

use std::path::Path;

use regua_rehearsal::backtest::{Costs, Report};
use regua_rehearsal::simulate::Sums;
use regua_report::{Labels, backtest, simulation};
use serde_json::{Value, json};

use crate::chromium::Chromium;
use crate::sample;

const PICTURES: &str = "REGUA_TEST_PICTURES";

/// Texts that are too faint against what is behind them (WCAG 2.2, 1.4.3).
const FAINT: &str = r"
(() => {
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim()) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const colour = element.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(colour), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (!(contrast >= 4.5)) faint.push([texts.currentNode.data.trim(), contrast]);
  }
  return { seen, faint };
})()";

/// Charts that are not seen, and texts in them that are cut off or lie over one another.
const SPOILT: &str = r"
(() => {
  const spoilt = [];
  for (const chart of document.querySelectorAll('svg.chart')) {
    const of = chart.getAttribute('aria-label');
    const box = chart.getBoundingClientRect();
    if (!(box.width > 200 && box.height > 60)) spoilt.push([of, 'size', box.width, box.height]);
    const texts = [...chart.querySelectorAll('text')].map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
    texts.forEach(([text, at], number) => {
      if (at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 || at.bottom > box.bottom + 1) spoilt.push([of, 'cut off', text]);
      for (const [other, there] of texts.slice(number + 1)) {
        const across = Math.min(at.right, there.right) - Math.max(at.left, there.left);
        const down = Math.min(at.bottom, there.bottom) - Math.max(at.top, there.top);
        if (across > 1 && down > 1) spoilt.push([of, text, 'over', other]);
        if (across > -3 && down > 5) spoilt.push([of, text, 'touches', other]);
      }
    });
  }
  return spoilt;
})()";

/// Where the page is wider than the screen: what sticks out.
const WIDER: &str = r"
[...document.querySelectorAll('body *')]
  .filter((element) => !element.closest('.scroll') && element.getBoundingClientRect().right > screenWide + 1)
  .map((element) => element.outerHTML.slice(0, 80))";

/// Names of what is assumed that are broken within.
const BROKEN: &str = r"
[...document.querySelectorAll('.said tbody th bdi')]
  .filter((name) => !name.textContent.includes(' ') && name.getClientRects().length > 1)
  .map((name) => name.textContent)";

const UNFOLD: &str = "document.querySelectorAll('details').forEach((it) => { it.open = true; })";
const FOLD: &str = "document.querySelectorAll('details').forEach((it) => { it.open = false; })";

fn labels(text: &str) -> Labels<'_> {
    Labels {
        tenant: text,
        draft: text,
    }
}

/// Every page that is looked at, with its name.
fn pages() -> Vec<(&'static str, String)> {
    let (setting, costs) = (sample::setting(), Costs::default());
    let (days, acme) = (Some(sample::days()), labels("Acme"));
    let simulated = |sums: &Sums| simulation(&setting, sums, acme).unwrap();
    let (spoilt, spoilt_sums) = sample::hostile_sums();
    let hostile = labels(sample::HOSTILE);
    vec![
        ("simulation", simulated(&sample::sums(true))),
        ("champion", simulated(&sample::sums(false))),
        ("nobody", simulated(&Sums::default())),
        (
            "backtest",
            backtest(&sample::report(), acme, days, &costs).unwrap(),
        ),
        (
            "unchanged",
            backtest(&Report::default(), acme, days, &costs).unwrap(),
        ),
        (
            "hostile-simulation",
            simulation(&spoilt, &spoilt_sums, hostile).unwrap(),
        ),
        (
            "hostile-backtest",
            backtest(&sample::hostile_report(), hostile, days, &costs).unwrap(),
        ),
    ]
}

#[test]
fn pages_are_read_on_any_screen_and_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let mut browser = Chromium::start();
    for (name, page) in pages() {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(&file, page).unwrap();
        browser.open(&file);
        let mut backgrounds = Vec::new();
        for scheme in ["light", "dark"] {
            browser.prefer("screen", scheme);
            for (width, height) in [(360, 740), (768, 1024), (1200, 900)] {
                browser.resize(width, height);
                let seen = format!("{name}-{scheme}-{width}");
                keep(&mut browser, &seen);
                fits(&mut browser, width, &seen);
                browser.look(UNFOLD);
                fits(&mut browser, width, &seen);
                if !name.starts_with("hostile") {
                    assert_eq!(browser.look(BROKEN), json!([]), "{seen}");
                }
                let faint = browser.look(FAINT);
                assert!(faint["seen"].as_u64().unwrap() > 20, "{seen}");
                assert_eq!(faint["faint"], json!([]), "{seen}");
                browser.look(FOLD);
            }
            backgrounds.push(browser.look("getComputedStyle(document.body).backgroundColor"));
        }
        assert_ne!(backgrounds[0], backgrounds[1], "{name}: light and dark");
        on_paper(&mut browser, name);
        loads_nothing(&browser, name);
    }
}

/// Nothing is wider than the screen, cut off, or over something else.
fn fits(browser: &mut Chromium, width: u32, seen: &str) {
    let wide = browser
        .look("document.documentElement.scrollWidth")
        .as_u64();
    let wider = browser.look(&WIDER.replace("screenWide", &width.to_string()));
    assert!(
        wide <= Some(u64::from(width)),
        "{seen} is {wide:?} wide: {wider}"
    );
    assert_eq!(browser.look(SPOILT), json!([]), "{seen}");
}

/// On paper it is light, and what is told of customers is unfolded.
fn on_paper(browser: &mut Chromium, name: &str) {
    browser.prefer("print", "dark");
    let paper = browser.look("getComputedStyle(document.body).backgroundColor");
    assert_eq!(paper, "rgb(255, 255, 255)", "{name}");
    let folded = "[...document.querySelectorAll('.story li')].filter((it) => it.getBoundingClientRect().height === 0).length";
    assert_eq!(browser.look(folded), 0, "{name}");
    assert_eq!(browser.look(FAINT)["faint"], json!([]), "{name} on paper");
    browser.resize(720, 1000);
    keep(browser, &format!("{name}-paper"));
    let printed = browser.print();
    assert!(
        printed.starts_with(b"%PDF-") && printed.len() > 5_000,
        "{name}"
    );
    if let Some(folder) = std::env::var_os(PICTURES) {
        std::fs::write(Path::new(&folder).join(format!("{name}.pdf")), printed).unwrap();
    }
}

/// The page is all that was loaded, and the browser found nothing to complain about.
fn loads_nothing(browser: &Chromium, name: &str) {
    let of = |method: &str| -> Vec<&Value> {
        let events = browser.events.iter();
        events.filter(|event| event["method"] == method).collect()
    };
    let asked = of("Network.requestWillBeSent");
    let asked: Vec<_> = asked
        .iter()
        .map(|it| &it["params"]["request"]["url"])
        .collect();
    assert_eq!(asked.len(), 1, "{name}: {asked:?}");
    for complaint in [
        "Log.entryAdded",
        "Runtime.consoleAPICalled",
        "Runtime.exceptionThrown",
        "Page.javascriptDialogOpening",
    ] {
        assert_eq!(of(complaint), Vec::<&Value>::new(), "{name}");
    }
}

/// Takes a picture, where somebody wants to look at it.
fn keep(browser: &mut Chromium, seen: &str) {
    if let Some(folder) = std::env::var_os(PICTURES) {
        let file = Path::new(&folder).join(format!("{seen}.png"));
        std::fs::write(file, browser.picture()).unwrap();
    }
}
