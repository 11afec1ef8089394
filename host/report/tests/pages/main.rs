//! Pages: read as XML, and seen in a browser.

mod backtest;
mod browser;
mod chromium;
mod read;
mod sample;
mod simulation;
