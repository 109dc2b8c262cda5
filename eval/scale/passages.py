"""Writes many short passages of real text with changed numbers, as a collection for `aizuchi eval retrieval` and as
knowledge files. usage: passages.py RETRIEVAL_DIR COUNT OUT [SEED]"""

import json
import os
import random
import re
import sys

MOST = 120  # characters of a passage, its title included
IN_A_FILE = 20_000

source, count, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
chance = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 7)


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t", 1) for line in file]


def pieces(text):
    """A paragraph in pieces of whole sentences, none longer than a passage."""
    title, _, rest = text.partition(" ")
    room = MOST - min(len(title), 30) - 12
    piece = ""
    for sentence in re.findall(r"[^。]*。|[^。]+$", rest):
        if piece and len(piece) + len(sentence) > room:
            yield title[:30], piece
            piece = ""
        piece = (piece + sentence)[:room]
    if piece:
        yield title[:30], piece


def changed(piece):
    """Every number another one of as many digits; a number of its own where there is none."""
    def other(match):
        digits = len(match.group())
        return str(chance.randrange(10 ** (digits - 1), 10**digits))
    text, numbers = re.subn(r"[0-9]{1,9}", other, piece)
    return text if numbers else f"{text}（{chance.randrange(1, 10**7)}）"


texts = [row[1] for name in ("jaquad-tune", "jsquad-tune") for row in rows(f"{source}/{name}/corpus.tsv")]
known = [piece for text in texts for piece in pieces(text)]
os.makedirs(f"{out}/knowledge/faq", exist_ok=True)
with open(f"{out}/corpus.tsv", "w", encoding="utf-8") as corpus:
    file = None
    for number in range(count):
        title, piece = known[number % len(known)]
        answer = changed(piece).replace("\t", " ")
        corpus.write(f"p{number}\t{title.replace(' ', '')} {answer}\n")
        if number % IN_A_FILE == 0:
            file and file.close()
            file = open(f"{out}/knowledge/faq/{number // IN_A_FILE:04}.jsonl", "w", encoding="utf-8")
        file.write(json.dumps({"key": f"p{number}", "title": title, "answer": answer}, ensure_ascii=False) + "\n")
    file.close()
questions = [row[1] for row in rows(f"{source}/jaquad-tune/queries.tsv")][:1000]
with open(f"{out}/queries.tsv", "w", encoding="utf-8") as queries, open(f"{out}/qrels.tsv", "w") as qrels:
    for number, question in enumerate(questions):
        queries.write(f"q{number}\t{question}\n")
        qrels.write(f"q{number}\tp0\t1\n")  # only time is measured here
