"""Learns src/grounding/trees.tsv from labelled drafts.

    for set in SETS; do target/release/aizuchi eval grounding --set $set --features /tmp/$(basename $set).tsv; done
    python3 eval/grounding/learn.py --out src/grounding/trees.tsv /tmp/*.tsv

Needs numpy and scikit-learn. With --judge it learns nothing but leaves one writer out after the other (the letter that an id
begins with) and prints how well the trees of the other writers judge that writer's sentences; of the sentences that are compared
at all, not of those that the rules settle by themselves.
"""

import argparse
import math

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import LeaveOneGroupOut

VERDICTS = ["supported", "contradicted", "unsupported", "not_a_claim"]
# A wrong sentence that goes out costs more than a right one that is looked at again: its score is raised by this factor. At
# least so many sentences agree on a leaf: less would learn drafts by heart.
CONTRADICTED = 1.3
SHAPE = dict(
    max_iter=150, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=25, l2_regularization=3.0, max_features=0.2,
    early_stopping=False, random_state=0,
)


def read(paths):
    names, ids, labels, numbers = None, [], [], []
    for path in paths:
        with open(path, encoding="utf8") as lines:
            head = next(lines).rstrip("\n").split("\t")[2:]
            if names not in (None, head):
                raise SystemExit(f"{path}: other features than in the file before")
            names = head
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                ids.append(cells[0])
                labels.append(VERDICTS.index(cells[1]))
                numbers.append([float(cell) for cell in cells[2:]])
    return names, np.array(ids), np.array(labels), np.array(numbers)


def scores(model, numbers):
    found = np.full((len(numbers), len(VERDICTS)), -np.inf)
    found[:, model.classes_] = np.log(model.predict_proba(numbers))
    found[:, 1] += math.log(CONTRADICTED)
    return found


def figures(labels, said):
    f1 = []
    for verdict in range(3):
        both = np.sum((labels == verdict) & (said == verdict))
        f1.append(2 * both / (np.sum(labels == verdict) + np.sum(said == verdict)))
    of = lambda is_, of_: np.mean(np.isin(said[labels == is_], of_))
    return f"macro-F1 {np.mean(f1):.3f}, found {of(1, [1]):.3f}, passed {of(1, [0]):.3f}, alarmed {of(0, [1, 2]):.3f}"


def judge(names, ids, labels, numbers):
    writers = np.array([name[0] for name in ids])
    said = np.zeros(len(labels), int)
    for others, writer in LeaveOneGroupOut().split(numbers, labels, writers):
        model = HistGradientBoostingClassifier(**SHAPE).fit(numbers[others], labels[others])
        said[writer] = scores(model, numbers[writer]).argmax(1)
    rules = numbers[:, [names.index(f"rules.{verdict}") for verdict in VERDICTS]].argmax(1)
    print("rules", figures(labels, rules))
    print("trees", figures(labels, said))


def cell(names, node):
    if node["is_leaf"]:
        return f"{node['value']:.5g}"
    return f"{names[node['feature_idx']]} {float(node['num_threshold'])!r} {node['left']} {node['right']}"


def write(out, names, model, count):
    base = model._baseline_prediction.ravel().copy()
    base[1] += math.log(CONTRADICTED)
    with open(out, "w", encoding="utf8") as table:
        table.write(f"# Written by eval/grounding/learn.py from {count} labelled sentences; not by hand.\n")
        table.write("base\t" + "\t".join(f"{score:.6g}" for score in base) + "\n")
        for trees in model._predictors:
            for verdict, tree in zip(VERDICTS, trees):
                table.write(verdict + "\t" + "\t".join(cell(names, node) for node in tree.nodes) + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("features", nargs="+", help="what `aizuchi eval grounding --features` wrote")
    arguments.add_argument("--out", help="where the trees go")
    arguments.add_argument("--judge", action="store_true", help="leave one writer out after the other")
    asked = arguments.parse_args()
    names, ids, labels, numbers = read(asked.features)
    if asked.judge:
        judge(names, ids, labels, numbers)
    if asked.out:
        model = HistGradientBoostingClassifier(**SHAPE).fit(numbers, labels)
        write(asked.out, names, model, len(labels))


main()
