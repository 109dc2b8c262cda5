#!/usr/bin/env python3
"""Draws a run of the side-by-side benchmark: plot.py RUN.jsonl OUT.svg

Four panels, CPU milliseconds a request above and requests a second below, without and with 200 ms in the model; a bar a
server at each number of requests at once."""

import json
import sys

COLOURS = {"ours": "#2563a8", "pystrong": "#c2703d"}
NAMES = {"ours": "Aizuchi", "pystrong": "pystrong (Python)"}
WIDTH, HEIGHT, LEFT, TOP, GAP_X, GAP_Y = 320, 150, 60, 50, 80, 70


def panel(x, y, title, bars):
    """One panel: bars are (requests at once, server, value)."""
    most = max(value for _, _, value in bars) * 1.15
    groups = sorted({at_once for at_once, _, _ in bars})
    servers = [server for server in COLOURS if any(server == bar[1] for bar in bars)]
    step = WIDTH / len(groups)
    wide = step * 0.7 / len(servers)
    out = [f'<text x="{x}" y="{y - 10}" class="title">{title}</text>',
           f'<line x1="{x}" y1="{y + HEIGHT}" x2="{x + WIDTH}" y2="{y + HEIGHT}" stroke="#888"/>']
    for at_once, server, value in bars:
        left = x + groups.index(at_once) * step + step * 0.15 + servers.index(server) * wide
        tall = HEIGHT * value / most
        out.append(f'<rect x="{left:.1f}" y="{y + HEIGHT - tall:.1f}" width="{wide - 3:.1f}" height="{tall:.1f}" fill="{COLOURS[server]}"/>')
        shown = f"{value:.1f}" if value < 100 else f"{value:.0f}"
        out.append(f'<text x="{left + wide / 2 - 1:.1f}" y="{y + HEIGHT - tall - 4:.1f}" class="value">{shown}</text>')
    for place, at_once in enumerate(groups):
        out.append(f'<text x="{x + (place + 0.5) * step:.1f}" y="{y + HEIGHT + 16}" class="value">c = {at_once}</text>')
    return out


def main(run, out):
    rows = [json.loads(line) for line in open(run, encoding="utf-8")]
    rows = [row for row in rows if row["target"] in COLOURS]
    parts = []
    for column, millis in enumerate(sorted({row["llm_ms"] for row in rows})):
        here = [row for row in rows if row["llm_ms"] == millis]
        for line, (field, title) in enumerate((("cpu_ms_per_req", "CPU ms a request"), ("rps", "requests a second"))):
            bars = [(row["c"], row["target"], row[field]) for row in here]
            x, y = LEFT + column * (WIDTH + GAP_X), TOP + line * (HEIGHT + GAP_Y)
            parts += panel(x, y, f"{title}, model takes {millis} ms", bars)
    for place, (server, colour) in enumerate(COLOURS.items()):
        y = TOP + 2 * (HEIGHT + GAP_Y) - 20
        parts.append(f'<rect x="{LEFT + place * 180}" y="{y}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + place * 180 + 18}" y="{y + 11}" class="title">{NAMES[server]}</text>')
    wide, tall = LEFT + 2 * (WIDTH + GAP_X), TOP + 2 * (HEIGHT + GAP_Y) + 10
    style = "<style>text{font-family:sans-serif;fill:#222}.title{font-size:13px}.value{font-size:10px;text-anchor:middle}</style>"
    with open(out, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}">'
                   f'<rect width="100%" height="100%" fill="white"/>{style}\n' + "\n".join(parts) + "\n</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
