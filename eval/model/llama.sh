#!/usr/bin/env bash
# 100 drafts by llama.cpp's own server: half by markers as a stream, half by JSON schema, of which every other one is
# watched and streams too. Its model has random weights: the words mean nothing, the wire is real. LLAMA is the start script of a server that was built before (it reads PORT);
# AIZUCHI the binary. Both servers listen on loopback and end with this script.
#
#     LLAMA=../shared/llama/run_llama_server.sh AIZUCHI=target/release/aizuchi eval/model/llama.sh [OUT]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LLAMA=${LLAMA:?the start script of a llama-server} AIZUCHI=${AIZUCHI:?the binary} OUT=${1:-}
COUNT=${COUNT:-50} LLAMA_PORT=${LLAMA_PORT:-9932} PORT=${PORT:-9931}
folder=$(mktemp -d)
pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$folder"; }
trap finish EXIT
until_up() { for _ in $(seq 200); do curl -sf -o /dev/null "$1" && return; sleep 0.1; done; echo "nobody answers at $1" >&2; exit 2; }

PORT=$LLAMA_PORT "$LLAMA" >"$folder/llama.log" 2>&1 &
pids+=($!)
until_up "http://127.0.0.1:$LLAMA_PORT/health"
for citing in ${KINDS:-marker schema}; do
    [ $citing = marker ] && stream='stream = true' || stream='# a stream where somebody watches'
    cat >"$folder/models.toml" <<TOML
[default]
base_url = "http://127.0.0.1:$LLAMA_PORT/v1"
model = "tiny"
citing = "$citing"
$stream
max_tokens = 200
prompt_tokens = 6000
seed = 7
TOML
    "$AIZUCHI" --data "$folder/data" --listen "127.0.0.1:$PORT" --models "$folder/models.toml" >"$folder/out" 2>"$folder/err" &
    server=$!
    pids+=("$server")
    until_up "http://127.0.0.1:$PORT/readyz"
    printf '%s\t' "$citing"
    python3 "$here/drafts.py" "http://127.0.0.1:$PORT" "$COUNT" ${OUT:+"$OUT.$citing.jsonl"}
    kill "$server"
    wait "$server" || true
done
