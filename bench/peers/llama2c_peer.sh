#!/bin/sh
# Greedy decoding of one sequence with llama2.c's run.c on one core: the peer of `goodhart bench --only greedy-1 --model MODEL`.
#
#     bench/peers/llama2c_peer.sh CLONE MODEL TOKENIZER
#
# CLONE is your clone of github.com/karpathy/llama2.c, MODEL a checkpoint such as stories260K.bin, TOKENIZER its tok512.bin.
# Prints {"case": "greedy-1", "tokens_per_second": ...}. run.c tells its time to a millisecond, of which a run takes a few; so a
# rate is that of the runs of a batch together, and the best batch counts. CC names another compiler than gcc.
set -eu
batches=5 runs=20 tokens=256

fail() { echo "llama2c_peer: $1" >&2; exit 1; }
[ $# -eq 3 ] || fail "should be given CLONE MODEL TOKENIZER, got $# arguments."
for file in "$1/run.c" "$2" "$3"; do
    [ -f "$file" ] || fail "$file: no such file."
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${CC:-gcc}" -Ofast -march=native -o "$folder/run" "$1/run.c" -lm >&2 || fail "$1/run.c does not build."

i=0
while [ $i -lt $((batches * runs)) ]; do
    OMP_NUM_THREADS=1 "$folder/run" "$2" -z "$3" -t 0 -n $tokens >/dev/null 2>"$folder/said" || fail "run.c fails: $(tail -n 1 "$folder/said")"
    cat "$folder/said" >>"$folder/all"
    i=$((i + 1))
done

awk -v runs=$runs '
    /^achieved tok\/s:/ && $3 + 0 > 0 { time += 1 / $3; if (++n % runs == 0) { if (runs / time > best) best = runs / time; time = 0 } }
    END { if (!best) exit 1; printf "{\"case\": \"greedy-1\", \"tokens_per_second\": %.1f}\n", best }' "$folder/all" ||
    fail "run.c does not say 'achieved tok/s: ...' on stderr; is it llama2.c's?"
