//! `klantreis completions SHELL`.

use std::io;

use clap::CommandFactory;

use crate::{Cli, Outcome};

#[derive(clap::Args)]
pub struct Args {
    /// bash, zsh, fish, powershell or elvish
    shell: clap_complete::Shell,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    clap_complete::generate(args.shell, &mut Cli::command(), "klantreis", &mut io::stdout());
    Ok(Outcome::Well)
}
