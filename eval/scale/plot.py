"""Draws how a search grows: plot.py RUN.jsonl OUT.svg. Both axes are logarithmic; the last line of a size counts."""

import json
import math
import sys

WIDTH, HEIGHT, LEFT, TOP = 520, 260, 70, 40
LINES = [
    ("query_cpu_us_p50", "CPU, half of the searches below", "#2563a8"),
    ("query_cpu_us_p99", "CPU, 99 of 100 below", "#7aa6d8"),
    ("query_us_p99", "wall time, 99 of 100 below", "#c2703d"),
]

rows = {row["passages"]: row for row in map(json.loads, open(sys.argv[1], encoding="utf-8"))}
sizes = sorted(rows)
low, high = 1, 5  # powers of ten of microseconds: 10 µs to 100 ms


def x(size):
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])
    return LEFT + WIDTH * (math.log10(size) - first) / max(last - first, 1e-9)


def y(micros):
    return TOP + HEIGHT * (high - math.log10(micros)) / (high - low)


out = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 120} {TOP + HEIGHT + 110}">',
    "<style>text{font-family:sans-serif;font-size:12px;fill:#222}</style>",
    f'<rect width="100%" height="100%" fill="#fff"/><text x="{LEFT}" y="20">A search by number of passages</text>',
]
for power in range(low, high + 1):
    name = {1: "10 µs", 2: "100 µs", 3: "1 ms", 4: "10 ms", 5: "100 ms"}[power]
    out.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y(10**power)}" y2="{y(10**power)}" stroke="#ddd"/>')
    out.append(f'<text x="{LEFT - 8}" y="{y(10**power) + 4}" text-anchor="end">{name}</text>')
for size in sizes:
    out.append(f'<text x="{x(size)}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{size:,}</text>')
for place, (field, name, colour) in enumerate(LINES):
    points = " ".join(f"{x(size):.1f},{y(rows[size][field]):.1f}" for size in sizes)
    out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    for size in sizes:
        out.append(f'<circle cx="{x(size):.1f}" cy="{y(rows[size][field]):.1f}" r="3" fill="{colour}"/>')
    line = TOP + HEIGHT + 42 + 18 * place
    out.append(f'<rect x="{LEFT}" y="{line - 10}" width="12" height="12" fill="{colour}"/>')
    out.append(f'<text x="{LEFT + 18}" y="{line}">{name}</text>')
open(sys.argv[2], "w", encoding="utf-8").write("\n".join([*out, "</svg>"]) + "\n")
