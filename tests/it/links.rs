//! Links in the documents lead to files and headings that are there. Links to other places are not
//! followed: no test needs the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where this checkout is.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// README.md and every document below `docs`.
pub(crate) fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of documents") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }
    found
}

/// The lines that are no code, with what stands in backticks taken out.
fn prose(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            let words = line.split('`').enumerate().filter(|(nth, _)| nth % 2 == 0);
            lines.push(words.map(|(_, words)| words).collect());
        }
    }
    lines
}

/// The targets of `[...](...)` and of `src="..."` and `href="..."`.
fn targets(text: &str) -> Vec<String> {
    let text = prose(text).join("\n");
    let ends = [("](", ')'), ("src=\"", '"'), ("href=\"", '"')];
    let each = ends.into_iter().flat_map(|(begin, end)| {
        let pieces: Vec<&str> = text.split(begin).skip(1).collect();
        pieces.into_iter().filter_map(move |piece| piece.split_once(end).map(|(target, _)| target))
    });
    each.map(str::to_owned).collect()
}

/// The names of a document's headings, as GitHub makes them: small letters, blanks as dashes, other
/// signs left out, a number behind what is there twice.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = BTreeSet::new();
    let mut code = false;
    for line in text.lines() {
        code ^= line.starts_with("```");
        let title = line.trim_start_matches('#');
        if code || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let name: String = title.trim().to_lowercase().chars().filter(kept).collect();
        let name = name.replace(' ', "-");
        let before = seen.entry(name.clone()).or_default();
        all.insert(if *before == 0 { name } else { format!("{name}-{before}") });
        *before += 1;
    }
    all
}

/// What is wrong with a link in `document`, where it leads somewhere in this checkout.
fn fault(document: &Path, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(f, a)| (f, Some(a)));
    let folder = document.parent().expect("a folder");
    let path = if file.is_empty() { document.to_owned() } else { folder.join(file) };
    let Ok(path) = path.canonicalize() else {
        return Some(format!("expected a file, found none at {file}"));
    };
    if !path.starts_with(root().canonicalize().expect("the checkout")) {
        return Some(format!("expected a file of this project, found {file}"));
    }
    let anchor = anchor?;
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    (!anchors(&text).contains(anchor)).then(|| format!("expected a heading #{anchor}, found none"))
}

#[test]
fn every_link_of_the_documents_leads_to_a_file_and_a_heading_that_are_there() {
    let mut faults = Vec::new();
    let mut count = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).expect("a document");
        for target in targets(&text) {
            count += 1;
            if let Some(fault) = fault(&document, &target) {
                faults.push(format!("{}: {target}: {fault}", document.display()));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new(), "{}", faults.join("\n"));
    assert!(count > 100, "{count} links were looked at");
}

#[test]
fn every_document_can_be_reached_from_the_readme() {
    let mut known = BTreeSet::new();
    let mut left = vec![root().join("README.md").canonicalize().expect("the README")];
    while let Some(document) = left.pop() {
        if !known.insert(document.clone()) || document.extension().is_none_or(|end| end != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&document).expect("a document");
        let folder = document.parent().expect("a folder");
        for target in targets(&text).iter().filter(|target| !target.contains("://")) {
            let file = target.split('#').next().unwrap_or_default();
            left.extend(folder.join(file).canonicalize().ok().filter(|path| path.is_file()));
        }
    }
    let documents = documents().into_iter().map(|path| path.canonicalize().expect("a document"));
    let alone: Vec<PathBuf> = documents
        .filter(|path| !path.components().any(|part| part.as_os_str() == "decisions"))
        .filter(|path| !known.contains(path))
        .collect();
    assert_eq!(alone, Vec::<PathBuf>::new(), "no link leads to them");
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let readme = root().join("README.md");
    assert_eq!(fault(&readme, "https://example.com/nowhere"), None);
    assert_eq!(fault(&readme, "docs/SOURCES.md"), None);
    let lost =
        ["docs/NOWHERE.md", "docs/SOURCES.md#nowhere", "#nowhere", "../../../../../../etc/passwd"];
    for target in lost {
        assert!(fault(&readme, target).is_some(), "{target}");
    }
    assert_eq!(targets("[a](b.md#c) `[d](e)`\n```\n[f](g)\n```\n"), ["b.md#c"]);
    let made = anchors("# A `b`: c?\n## A b c\n```sh\n# no\n```\n### 中文 x_y\n");
    assert_eq!(made, ["a-b-c", "a-b-c-1", "中文-x_y"].map(str::to_owned).into());
}
