#!/usr/bin/env bash
# The tone checker beside textlint with a lean configuration (ra-nuki, mixed styles, sentence length, a word list), on the same
# replies, one core each, in one run. Prints a line of figures for each and their ratio; textlint comes from npm.
#   eval/tone/bench.sh [TIMES]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
times=${1:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/textlint.mjs" "$work/"
cp "$here/textlintrc.json" "$work/.textlintrc.json"
printf 'version: 1\nrules:\n  - expected: ご意見\n    pattern: クレーム\n  - expected: 承知\n    pattern: 了解\n' > "$work/words.yml"
cd "$work"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund textlint@15 textlint-rule-no-mix-dearu-desumasu textlint-rule-no-dropping-the-ra \
  textlint-rule-sentence-length textlint-rule-prh > /dev/null
binary=${AIZUCHI_RELEASE:-$root/target/release/aizuchi}
ours=$(cd "$root" && taskset -c 0 "$binary" eval tone --bench "$times" | tail -1)
theirs=$(taskset -c 0 node textlint.mjs "$here/open.jsonl" "$(( times / 10 + 1 ))")
echo "$ours"
echo "$theirs"
node -e 'const [a, b] = process.argv.slice(1).map(JSON.parse); console.log("ratio " + (a.replies_per_cpu_second / b.replies_per_cpu_second).toFixed(1))' "$ours" "$theirs"
