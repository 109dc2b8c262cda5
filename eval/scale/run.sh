#!/usr/bin/env bash
# How search and indexing grow with the number of passages, one line of JSON a size into run.jsonl, drawn into run.svg.
# usage: SHARED=... eval/scale/run.sh BINARY WORKDIR [SIZE...]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1") work=$2
shift 2
mkdir -p "$work"
for size in "${@:-1000 10000 100000 1000000}"; do
    for count in $size; do
        python3 "$here/passages.py" "$SHARED/retrieval" "$count" "$work/$count"
        "$binary" eval retrieval --collection "$work/$count" --run "$work/run.trec" 2>/dev/null | tail -n 1 > "$work/search.json"
        rm -rf "$work/data"
        "$binary" ingest --data "$work/data" --workspace big "$work/$count/knowledge" > /dev/null 2>&1
        python3 "$here/serve.py" "$binary" "$work/data" big "$work/$count/queries.tsv" > "$work/serve.json"
        python3 - "$count" "$work/search.json" "$work/serve.json" >> "$here/run.jsonl" <<'PY'
import json, sys
search, serve = (json.load(open(path)) for path in sys.argv[2:4])
figures = {name: search[name] for name in ("index_seconds", "query_cpu_us_p50", "query_cpu_us_p99", "query_us_p50", "query_us_p99")}
print(json.dumps({"passages": int(sys.argv[1]), **figures, **serve}))
PY
    done
done
python3 "$here/plot.py" "$here/run.jsonl" "$here/run.svg"
