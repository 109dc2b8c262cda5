#!/usr/bin/env python3
"""The passages of the side-by-side benchmark as a knowledge folder, and its questions as request bodies.

usage: ingest.py PASSAGES.jsonl QUERIES.jsonl OUT

OUT/bench is the folder for `aizuchi ingest` (keys keep the passages' ids), with the guide of officelink, so that
every check runs; OUT/bodies.jsonl holds one body of `POST /v1/inquiries` a line, in the order of the questions."""

import json
import re
import shutil
import sys
from pathlib import Path

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def write(path, values):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def main(passages, queries, out):
    out = Path(out)
    faq = ({"key": it["id"], "title": it["title"], "answer": it["text"], "url": it["url"]} for it in lines(passages))
    write(out / "bench" / "faq" / "passages.jsonl", faq)
    shutil.copy(KNOWLEDGE / "guide_common.yaml", out)
    guide = (KNOWLEDGE / "officelink" / "guide.yaml").read_text(encoding="utf-8")
    (out / "bench" / "guide.yaml").write_text(re.sub(r"(?m)^  id: officelink$", "  id: bench", guide), encoding="utf-8")
    write(out / "bodies.jsonl", ({"workspace": "bench", "channel": "email", "text": it["text"]} for it in lines(queries)))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
