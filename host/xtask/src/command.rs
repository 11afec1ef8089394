use std::{
    io::ErrorKind,
    path::Path,
    process::{Command, ExitCode, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// Runs a command whose failure ends the task; the advice says what to do about it.
pub fn run(command: &mut Command, advice: &str) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}`: {status}\n{advice}", shown(command));
    }
    Ok(())
}

/// Runs a command whose failure only means that another way has to be tried, and kills
/// it when it takes longer than `limit`. Tells whether it succeeded.
pub fn attempt(command: &mut Command, limit: Duration) -> Result<bool> {
    let text = shown(command);
    eprintln!("   {text}");
    // Its standard output is nothing the task was asked for.
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = match command.spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        spawned => spawned.with_context(|| format!("`{text}` did not start"))?,
    };
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                eprintln!("   {status}; trying another way");
            }
            return Ok(status.success());
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            eprintln!("   no end after {} s; trying another way", limit.as_secs());
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// The standard output of a command, or `None` when it is absent or fails.
pub fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then_some(text)
}

pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command
        .status()
        .with_context(|| format!("`{}` did not start", shown(command)))
}

/// The exit code of a last step, handed on as the task's own.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(1))
}

/// The command as a person would have typed it, without its environment.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
