//! What the heading of a room or folder says it may use.
//!
//! A room, a folder or file directly below `src`, names other rooms: `May use: `scim`, `wire`.` A folder within a room names
//! folders and files of its room: `May use, of `wire`: `message`, `policy/pace`.` Whoever may use a folder may use all that
//! is in it; `rules/mod` is its `mod.rs` alone. Where there is nothing to name, the lines are `May use: no other room.` and
//! `May use, of `wire`: nothing else.`

use super::source::{Module, Source, Sources};

/// The modules that a room or folder may use.
#[derive(Debug, Default)]
pub(super) struct Allowed(Vec<(Module, Reach)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The module and everything below it.
    Below,
    /// What its own file defines.
    File,
}

impl Allowed {
    pub(super) fn allows(&self, module: &[String]) -> bool {
        self.0.iter().any(|(allowed, reach)| match reach {
            Reach::Below => module.starts_with(allowed),
            Reach::File => module == allowed,
        })
    }

    pub(super) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.0.iter().map(|(module, _)| module)
    }
}

/// How a heading would name a module that its folder uses.
pub(super) fn name_of(module: &[String], folder: &[String]) -> String {
    if folder.len() == 1 {
        return module[0].clone();
    }
    let common = module.iter().zip(folder).take_while(|(one, other)| one == other).count();
    match module.get(1..=common) {
        Some(names) => names.join("/"),
        None => [&module[1..], &["mod".to_owned()]].concat().join("/"),
    }
}

/// What a room or folder may use, or what is wrong with its heading.
pub(super) fn may_use(folder: &Module, source: &Source, sources: &Sources) -> Result<Allowed, String> {
    let room = &folder[0];
    let is_room = folder.len() == 1;
    let (start, nothing) = if is_room {
        ("May use: ".to_owned(), "no other room.")
    } else {
        (format!("May use, of `{room}`: "), "nothing else.")
    };
    let mut paragraphs = source.heading.split(String::is_empty).map(|lines| lines.join(" "));
    let line = paragraphs.find_map(|paragraph| paragraph.strip_prefix(&start).map(str::to_owned));
    let line = line.ok_or_else(|| format!("its heading has no `{start}…`"))?;
    if line == nothing {
        return Ok(Allowed::default());
    }
    let names = line.strip_suffix('.').ok_or("its list ends without a full stop")?.split(", ");
    let allowed = names.map(|name| {
        let bare = name.strip_prefix('`').and_then(|name| name.strip_suffix('`'));
        let path = bare.ok_or_else(|| format!("{name} is not in backticks"))?.split('/').map(str::to_owned);
        let within = if is_room { None } else { Some(room.clone()) };
        let mut module: Module = within.into_iter().chain(path).collect();
        let reach = if module.last().is_some_and(|last| last == "mod") { Reach::File } else { Reach::Below };
        if reach == Reach::File {
            module.pop();
        }
        let is_elsewhere = reach == Reach::File || !folder.starts_with(&module);
        let exists = sources.contains_key(&module) && is_elsewhere;
        exists.then_some((module, reach)).ok_or_else(|| format!("there is no {name} beside it"))
    });
    allowed.collect::<Result<_, _>>().map(Allowed)
}
