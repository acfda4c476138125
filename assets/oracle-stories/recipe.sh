#!/usr/bin/env bash
# Makes the oracle from nothing but text and goodhart itself: recipe.sh DATA OUTPUT
#   DATA    has text/tinystories/tinystories_{train_head,val}.txt (TinyStories) and models/tinyllamas-260k/{stories260K,tok512}.bin
#   OUTPUT  is a new folder; the oracle is OUTPUT/oracle-stories. About five minutes on two cores.
set -euo pipefail
data=$1 output=$2
goodhart=${GOODHART:-"dotnet run -c Release --project $(dirname "$0")/../../src/Goodhart.Cli --"}
mkdir -p "$output"

# Text one: stories sampled from stories260K, a published model of the same size with another tokenizer.
$goodhart convert --from llama2c --model "$data/models/tinyllamas-260k/stories260K.bin" \
    --tokenizer "$data/models/tinyllamas-260k/tok512.bin" --output "$output/stories260k"
$goodhart generate --model "$output/stories260k" --prompt "" --num-generations 8192 --max-new-tokens 400 \
    --sampling-temperature 0.8 --seed 0 --output "$output/samples.jsonl"

# Text two: TinyStories. In the first file a story begins on a line that follows a line that is not blank; the second has no sign
# of its own, so it is cut where a story surely begins. Its last tenth is held out.
awk 'prev != "" && $0 != "" { print "<|endoftext|>" } { print; prev = $0 }' "$data/text/tinystories/tinystories_train_head.txt" > "$output/train.txt"
awk '/^Once upon a time/ { print "<|endoftext|>" } { print }' "$data/text/tinystories/tinystories_val.txt" > "$output/val.txt"
kept=$(($(wc -l < "$output/val.txt") * 9 / 10))
head -n "$kept" "$output/val.txt" > "$output/val-train.txt"
tail -n +"$((kept + 1))" "$output/val.txt" > "$output/held-out.txt"

$goodhart train --text "$output/train.txt" "$output/val-train.txt" "$output/samples.jsonl" --held-out "$output/held-out.txt" \
    --output "$output/oracle-stories" vocab_size=512 hidden_size=64 intermediate_size=172 num_hidden_layers=5 num_attention_heads=8 \
    num_key_value_heads=4 max_position_embeddings=512 block_length=256 seed=0 training.max_steps=2500 \
    training.per_device_train_batch_size=16 training.learning_rate=4e-3 training.lr_scheduler_type=cosine training.warmup_steps=200 \
    training.weight_decay=0.01
