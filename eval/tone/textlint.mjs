// Replies a second that textlint checks in one process, warm: JSON Lines in, one line of figures out.
//   node textlint.mjs REPLIES.jsonl TIMES
import { readFileSync } from "node:fs";
import { createLinter, loadTextlintrc } from "textlint";

const [file, times] = process.argv.slice(2);
const replies = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line).reply);
const begun = performance.now();
const linter = createLinter({ descriptor: await loadTextlintrc({ configFilePath: ".textlintrc.json" }) });
await linter.lintText(replies[0], "reply.md");
const started = performance.now() - begun;
const each = [];
const from = process.cpuUsage();
for (let round = 0; round < Number(times); round++) {
  for (const reply of replies) {
    const at = performance.now();
    await linter.lintText(reply, "reply.md");
    each.push(performance.now() - at);
  }
}
const { user, system } = process.cpuUsage(from);
each.sort((a, b) => a - b);
const seconds = (user + system) / 1e6;
const at = (share) => Number(each[Math.floor(share * (each.length - 1))].toFixed(3));
console.log(JSON.stringify({
  tool: "textlint", replies: each.length, replies_per_cpu_second: Math.round(each.length / seconds),
  ms_p50: at(0.5), ms_p99: at(0.99), first_ms: Math.round(started),
  rss_mb: Math.round(process.memoryUsage().rss / 1e6),
}));
