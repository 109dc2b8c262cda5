#!/usr/bin/env bash
# Starts the server for the side-by-side benchmark, in the form that its bench.py wants: PASSAGES, LLM_BASE and PORT come from
# the environment, and the process that it starts is the server. At the first start the passages are taken in; a data folder
# that is there already is used as it is. AIZUCHI names the binary, COST_DIR where knowledge and data lie.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LAB=${LAB:-$HOME/.cache/support-lab}
PASSAGES=${PASSAGES:-$LAB/data/passages.jsonl}
COST_DIR=${COST_DIR:-$LAB/aizuchi}
AIZUCHI=${AIZUCHI:-${CARGO_TARGET_DIR:-$here/../../target}/release/aizuchi}
if [ ! -f "$COST_DIR/ready" ]; then
    mkdir -p "$COST_DIR"
    python3 "$here/ingest.py" "$PASSAGES" "$(dirname "$PASSAGES")/queries.jsonl" "$COST_DIR"
    "$AIZUCHI" --data "$COST_DIR/data" ingest --workspace bench --name ベンチ "$COST_DIR/bench" >&2
    touch "$COST_DIR/ready"
fi
[ -z "${LLM_BASE:-}" ] || export AIZUCHI_LLM_BASE_URL=$LLM_BASE
exec "$AIZUCHI" --data "$COST_DIR/data" --listen "127.0.0.1:${PORT:-9920}" serve
