//! The help of every subcommand, as people read it.

use std::fmt::Write as _;

use clap::CommandFactory as _;
use regua_cli::Cli;

#[test]
fn every_subcommand_explains_itself() {
    let mut text = String::new();
    let mut cli = Cli::command().term_width(100);
    cli.build();
    describe(&mut cli, &mut text);
    insta::assert_snapshot!(text);
}

/// Depth first. The settings' flags, which are the same everywhere, are shown once.
fn describe(command: &mut clap::Command, text: &mut String) {
    let help = command.render_long_help().to_string();
    let own = match help.split_once("\nSettings:\n") {
        Some((own, _)) if command.get_name() != "regua" => own,
        _ => &help,
    };
    let name = command.get_bin_name().unwrap_or("regua");
    let _ = write!(text, "$ {name} --help\n{}\n\n", own.trim_end());
    for below in command
        .get_subcommands_mut()
        .filter(|below| below.get_name() != "help")
    {
        describe(below, text);
    }
}
