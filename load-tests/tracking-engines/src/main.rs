//! Embedded engines side by side, with the work of a tracking store: durable group commits of small records and
//! batched reads of exact keys. `README.md` beside this says how to run it and what each column means.

mod crash;
mod engines;
mod measure;

use std::env;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["measure", folder] => measure::all(Path::new(folder)),
        ["crash", folder, kills] => crash::all(Path::new(folder), kills.parse()?),
        ["write-until-killed", engine, path] => crash::write_until_killed(engine, Path::new(path)),
        _ => Err("usage: tracking-engines measure FOLDER | crash FOLDER KILLS".into()),
    }
}
