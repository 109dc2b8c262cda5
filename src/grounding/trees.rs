//! The verdict by boosted trees: `trees.tsv`, which `eval/grounding/learn.py` wrote from labelled drafts.
//!
//! Multinomial gradient boosting after Friedman, "Greedy function approximation: a gradient boosting machine" (2001): each
//! verdict has a base score, each tree adds the value of the leaf that the features lead to, and the verdict with the highest
//! score is taken.

use std::{collections::HashMap, sync::LazyLock};

use crate::domain::Verdict;

use super::features::{Features, VERDICTS};

/// One step down a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Node {
    /// On to the left where the feature is at most the threshold, else to the right.
    Split { feature: usize, threshold: f64, left: usize, right: usize },
    /// What it adds.
    Leaf(f64),
}

#[derive(Debug)]
struct Tree {
    verdict: usize,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Trees {
    base: [f64; 4],
    trees: Vec<Tree>,
}

static TREES: LazyLock<Trees> =
    LazyLock::new(|| Trees::read(include_str!("trees.tsv"), &Features::names()).expect("a constant table"));

/// What the trees make of a comparison.
pub fn verdict(features: &[f64]) -> Verdict {
    VERDICTS[TREES.highest(features)]
}

impl Trees {
    /// Reads a table: `base` with four scores, then a tree a line: which verdict, and its nodes, the root first, as
    /// `feature threshold left right` or as the leaf's value.
    fn read(table: &str, names: &[String]) -> Result<Self, String> {
        let places: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let mut read = Self { base: [0.0; 4], trees: Vec::new() };
        for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut cells = line.split('\t');
            let of = cells.next().unwrap_or_default();
            if of == "base" {
                for (base, cell) in read.base.iter_mut().zip(&mut cells) {
                    *base = number(cell)?;
                }
                continue;
            }
            let verdict = VERDICTS.iter().position(|verdict| verdict.as_str() == of);
            let verdict = verdict.ok_or_else(|| format!("{of:?} is no verdict"))?;
            let nodes = cells.map(|cell| node(cell, &places)).collect::<Result<Vec<_>, _>>()?;
            read.trees.push(sound(Tree { verdict, nodes })?);
        }
        Ok(read)
    }

    fn highest(&self, features: &[f64]) -> usize {
        let mut scores = self.base;
        for tree in &self.trees {
            scores[tree.verdict] += tree.leaf(features);
        }
        (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a))).unwrap_or_default()
    }
}

impl Tree {
    fn leaf(&self, features: &[f64]) -> f64 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Leaf(value) => return value,
                Node::Split { feature, threshold, left, right } => {
                    at = if features[feature] <= threshold { left } else { right };
                }
            }
        }
    }
}

/// A tree that ends: each step leads further down the line.
fn sound(tree: Tree) -> Result<Tree, String> {
    let leads_on = |(at, node): (usize, &Node)| match node {
        Node::Leaf(_) => true,
        Node::Split { left, right, .. } => [left, right].iter().all(|to| at < **to && **to < tree.nodes.len()),
    };
    match !tree.nodes.is_empty() && tree.nodes.iter().enumerate().all(leads_on) {
        true => Ok(tree),
        false => Err("a tree leads nowhere".to_owned()),
    }
}

fn node(cell: &str, places: &HashMap<&str, usize>) -> Result<Node, String> {
    let parts: Vec<&str> = cell.split(' ').collect();
    match parts[..] {
        [value] => Ok(Node::Leaf(number(value)?)),
        [name, threshold, left, right] => Ok(Node::Split {
            feature: *places.get(name).ok_or_else(|| format!("{name:?} is no feature"))?,
            threshold: number(threshold)?,
            left: place(left)?,
            right: place(right)?,
        }),
        _ => Err(format!("{cell:?} is no node")),
    }
}

fn number(cell: &str) -> Result<f64, String> {
    cell.parse().map_err(|_| format!("{cell:?} is no number"))
}

fn place(cell: &str) -> Result<usize, String> {
    cell.parse().map_err(|_| format!("{cell:?} is no place"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str) -> Result<Trees, String> {
        Trees::read(table, &["near".to_owned(), "silent".to_owned()])
    }

    #[test]
    fn a_tree_is_walked_down_and_its_leaf_added() {
        let table = "# notes\nbase\t0.5\t0\t0\t0\ncontradicted\tnear 0.5 1 2\t-1\tsilent 0 3 4\t2\t0.1\n";
        let trees = read(table).unwrap();
        assert_eq!(trees.highest(&[0.5, 0.0]), 0, "at most the threshold goes to the left");
        assert_eq!(trees.highest(&[0.6, 0.0]), 1);
        assert_eq!(trees.highest(&[0.6, 1.0]), 0, "the base is higher than the leaf");
    }

    #[test]
    fn a_table_that_leads_nowhere_is_refused() {
        for (table, why) in [
            ("contradicted\tnear 0.5 0 0\n", "a tree leads nowhere"),
            ("contradicted\tnear 0.5 1 9\t1\n", "a tree leads nowhere"),
            ("contradicted\n", "a tree leads nowhere"),
            ("contradicted\tfar 0.5 1 2\t1\t2\n", "\"far\" is no feature"),
            ("perhaps\t1\n", "\"perhaps\" is no verdict"),
            ("contradicted\tone\n", "\"one\" is no number"),
            ("contradicted\t1 2\n", "\"1 2\" is no node"),
        ] {
            assert_eq!(read(table).err().as_deref(), Some(why), "{table}");
        }
    }

    #[test]
    fn the_shipped_table_is_read_and_names_only_what_is_computed() {
        assert!(!TREES.trees.is_empty());
        let names = Features::names();
        assert!(names.iter().all(|name| !name.contains([' ', '\t'])), "a name is one cell");
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
