#!/usr/bin/env python3
"""Asks a running Aizuchi for drafts and tells what its model did: drafts.py BASE COUNT [FILE.jsonl].

Takes the labelled inquiries of eval/inquiries in turn, as a stream and not. Exit 1 when anything was not as promised:
a status other than 201/200, an inquiry without outcome, a draft without text, a stream without its last event, or a
fallback that no attempt explains. With FILE, every attempt goes there as one JSON line.
"""
import collections, json, pathlib, sys, time, urllib.request

BASE, COUNT = sys.argv[1].rstrip("/"), int(sys.argv[2])
OUT = open(sys.argv[3], "w") if len(sys.argv) > 3 else None
HERE = pathlib.Path(__file__).resolve().parent.parent / "inquiries"


def inquiries():
    shops = {shop: [json.loads(line) for line in open(HERE / f"{shop}.jsonl")] for shop in ("officelink", "hanauta")}
    for place in range(max(map(len, shops.values()))):
        for shop, lines in shops.items():
            if place < len(lines) and lines[place]["outcome"] == "answer":
                yield shop, lines[place]


def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.status, answer.read().decode()


def last_event(text):
    blocks = [block for block in text.split("\n\n") if "event: " in block]
    names = [line[7:] for block in blocks for line in block.splitlines() if line.startswith("event: ")]
    data = [line[6:] for line in blocks[-1].splitlines() if line.startswith("data: ")]
    return names, json.loads("".join(data))


seen, wrong, began = collections.Counter(), [], time.time()
for number, (shop, labelled) in enumerate(inquiries()):
    if number == COUNT:
        break
    stream = number % 2 == 1
    body = {"workspace": shop, "channel": labelled.get("channel", "email"), "text": labelled["text"], "stream": stream}
    try:
        status, text = call("/v1/inquiries", body)
        if stream:
            names, suggestion = last_event(text)
            seen["streams"] += 1
            seen["deltas"] += names.count("draft.delta")
            seen["restarts"] += names.count("draft.restarted")
            if names[-1] != "draft.completed":
                wrong.append(f"{labelled['id']}: the stream ends with {names[-1]}")
                continue
        else:
            suggestion = json.loads(text)
        draft = suggestion["draft"]
        seen[f"outcome {suggestion['outcome']['kind']}"] += 1
        asked = json.loads(call(f"/v1/suggestions/{suggestion['id']}/attempts")[1])
    except Exception as error:  # an HTTP status, a body that is no JSON: what this is here to find
        wrong.append(f"{labelled['id']}: {type(error).__name__} {error}")
        continue
    if draft:
        seen[f"drafter {draft['drafter']}"] += 1
        if not draft["text"].strip():
            wrong.append(f"{labelled['id']}: an empty draft")
        if draft["fallback"] and not any(one["failure"] == draft["fallback"] for one in asked["attempts"]):
            wrong.append(f"{labelled['id']}: {draft['fallback']} in no attempt")
    for one in asked["attempts"]:
        seen[f"attempt {one['failure'] or 'answered'}"] += 1
        for kind, count in (one["usage"] or {}).items():
            seen[kind] += count
        if OUT:
            OUT.write(json.dumps({"inquiry": labelled["id"], "stream": stream, **one}, ensure_ascii=False) + "\n")
print(json.dumps({"asked": COUNT, "seconds": round(time.time() - began, 1), "wrong": len(wrong), **dict(sorted(seen.items()))}))
for line in wrong[:20]:
    print(line, file=sys.stderr)
sys.exit(1 if wrong else 0)
