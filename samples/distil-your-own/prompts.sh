#!/bin/sh
# Prompts from a text: the first eight words of each line that has twelve or more, as JSON lines.
# usage: prompts.sh TEXT > prompts.jsonl
LC_ALL=C awk 'NF >= 12 { s = $1; for (i = 2; i <= 8; i++) s = s " " $i
    gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/[\001-\037]/, "", s); print "{\"prompt\":\"" s "\"}" }' "$1"
