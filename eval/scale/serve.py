"""Opens a data folder that `aizuchi ingest` filled, asks it the questions of a collection one after another, and prints a JSON
line: seconds until it is ready, times of a search over HTTP in milliseconds, resident megabytes before and after.
usage: serve.py AIZUCHI DATA WORKSPACE QUERIES.tsv [COUNT]"""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

binary, data, workspace, queries = sys.argv[1:5]
count = int(sys.argv[5]) if len(sys.argv) > 5 else 500


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) // 1024


started = time.perf_counter()
server = subprocess.Popen(
    [binary, "serve", "--data", data, "--listen", "127.0.0.1:0"],
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
)
try:
    base = next(line for line in server.stdout if "http://" in line).split()[-1]
    while True:
        try:
            urllib.request.urlopen(f"{base}/readyz").read()
            break
        except urllib.error.HTTPError:
            time.sleep(0.02)
    ready, fresh = time.perf_counter() - started, resident(server.pid)
    with open(queries, encoding="utf-8") as file:
        questions = [line.rstrip("\n").split("\t", 1)[1] for line in file][:count]

    def ask(question):
        query = urllib.parse.urlencode({"workspace": workspace, "q": question})
        begun = time.perf_counter()
        urllib.request.urlopen(f"{base}/v1/search?{query}").read()
        return (time.perf_counter() - begun) * 1e3

    first = ask(questions[0])
    times = sorted(ask(question) for question in questions)
    print(json.dumps({
        "ready_s": round(ready, 3), "first_ms": round(first, 2), "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(times[int(len(times) * 0.99)], 2), "mb_ready": fresh, "mb_after": resident(server.pid),
    }))
finally:
    server.terminate()
    server.wait()
