#!/usr/bin/env python3
"""The steps and the sampling of `goodhart bench`, done with PyTorch in eager mode and float32.

    python3 bench/peers/torch_peer.py [case ...]

Prints a JSON object a line: {"case": ..., "tokens_per_second": ..., "setting": ...}. Each case is timed under every thread
setting below, each in a process of its own, and the best is printed, so that the peer is never at a disadvantage.
"""
import json
import os
import statistics
import subprocess
import sys
import time

CORES = os.cpu_count() or 1
SETTINGS = {  # torch threads, BLAS threads, how OpenMP threads wait
    "one thread": (1, 1, "active"),
    "torch threads": (CORES, 1, "active"),
    "torch and BLAS threads": (CORES, CORES, "passive"),
}
# width, feed-forward width, layers, heads, key/value heads: student, teacher; then vocabulary, batch, length, timed steps
STEPS = {
    "lab": ((32, 88, 3, 4, 4), (48, 128, 4, 6, 6), 512, 32, 64, 12),
    "small": ((64, 172, 5, 8, 4), (128, 344, 6, 8, 4), 512, 32, 128, 7),
    "medium": ((256, 688, 6, 8, 8), (384, 1024, 8, 8, 8), 8192, 8, 128, 5),
    "large-vocabulary": ((288, 768, 6, 6, 6), (288, 768, 6, 6, 6), 32000, 4, 256, 3),
}
SAMPLING = {"generate-1": 1, "generate-32": 32, "generate-128": 128}
WARMUPS, NEW_TOKENS, CONTEXT = 2, 128, 512


def build(torch, shape, vocabulary):
    """A Llama-shaped model as a dictionary of weights and a function from ids to logits."""
    width, hidden, layers, heads, key_heads = shape
    size = width // heads

    def weight(*dims):
        return torch.nn.Parameter(torch.randn(*dims) * 0.02)

    embedding, last = weight(vocabulary, width), torch.nn.Parameter(torch.ones(width))
    blocks = [
        {
            "n1": torch.nn.Parameter(torch.ones(width)), "n2": torch.nn.Parameter(torch.ones(width)),
            "q": weight(width, width), "k": weight(key_heads * size, width), "v": weight(key_heads * size, width), "o": weight(width, width),
            "gate": weight(hidden, width), "up": weight(hidden, width), "down": weight(width, hidden),
        }
        for _ in range(layers)
    ]
    angles = torch.outer(torch.arange(CONTEXT).float(), 10000.0 ** (-torch.arange(0, size, 2).float() / size))
    cos, sin = angles.cos(), angles.sin()
    causal = torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1)
    linear, functional = torch.nn.functional.linear, torch.nn.functional

    def norm(x, gain):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * gain

    def turn(x, start):
        a, b = x.chunk(2, -1)
        c, s = cos[start:start + x.shape[2]], sin[start:start + x.shape[2]]
        return torch.cat((a * c - b * s, a * s + b * c), -1)

    def forward(ids, cache=None):
        batch, length = ids.shape
        start = cache[0][0].shape[2] if cache and cache[0] is not None else 0
        h = embedding[ids]
        for i, w in enumerate(blocks):
            x = norm(h, w["n1"])
            q = turn(linear(x, w["q"]).view(batch, length, heads, size).transpose(1, 2), start)
            k = turn(linear(x, w["k"]).view(batch, length, key_heads, size).transpose(1, 2), start)
            v = linear(x, w["v"]).view(batch, length, key_heads, size).transpose(1, 2)
            if cache is not None:
                if cache[i] is not None:
                    k, v = torch.cat((cache[i][0], k), 2), torch.cat((cache[i][1], v), 2)
                cache[i] = (k, v)
            if heads != key_heads:
                k, v = k.repeat_interleave(heads // key_heads, 1), v.repeat_interleave(heads // key_heads, 1)
            scores = q @ k.transpose(2, 3) * size ** -0.5
            if length > 1:
                scores = scores + causal[:length, :length]
            mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, width)
            h = h + linear(mixed, w["o"])
            x = norm(h, w["n2"])
            h = h + linear(functional.silu(linear(x, w["gate"])) * linear(x, w["up"]), w["down"])
        return linear(norm(h, last), embedding)

    return [embedding, last, *(p for block in blocks for p in block.values())], forward


def step_rate(torch, student_shape, teacher_shape, vocabulary, batch, length, repeats):
    parameters, student = build(torch, student_shape, vocabulary)
    _, teacher = build(torch, teacher_shape, vocabulary)
    optimizer = torch.optim.AdamW(parameters, lr=1e-4)
    ids, seconds = torch.randint(vocabulary, (batch, length)), []
    for _ in range(WARMUPS + repeats):
        begin = time.perf_counter()
        with torch.no_grad():
            expected = teacher(ids).log_softmax(-1)
        got = student(ids).log_softmax(-1)
        loss = torch.nn.functional.kl_div(got, expected, reduction="sum", log_target=True) / (batch * length)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        seconds.append(time.perf_counter() - begin)
    return batch * length / statistics.median(seconds[WARMUPS:])


def sampling_rate(torch, batch):
    _, model = build(torch, (64, 172, 5, 8, 4), 512)
    seconds = []
    with torch.no_grad():
        for _ in range(4):
            begin, cache, ids = time.perf_counter(), [None] * 5, torch.ones(batch, 1, dtype=torch.long)
            for _ in range(NEW_TOKENS):
                ids = torch.multinomial(model(ids, cache)[:, -1].softmax(-1), 1)
            seconds.append(time.perf_counter() - begin)
    return batch * NEW_TOKENS / statistics.median(seconds[1:])


def run_here(threads, cases):
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(threads)
    for case in cases:
        rate = step_rate(torch, *STEPS[case]) if case in STEPS else sampling_rate(torch, SAMPLING[case])
        print(json.dumps({"case": case, "tokens_per_second": round(rate, 1)}), flush=True)


def main():
    cases = sys.argv[1:] or [*STEPS, *SAMPLING]
    unknown = [case for case in cases if case not in STEPS and case not in SAMPLING]
    if unknown:
        sys.exit(f"torch_peer: there is no case {', '.join(unknown)}; there are {', '.join([*STEPS, *SAMPLING])}.")
    best = {}
    for name, (threads, blas, wait) in SETTINGS.items():
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(blas), OMP_WAIT_POLICY=wait)
        command = [sys.executable, __file__, "--here", str(threads), *cases]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        for row in map(json.loads, done.stdout.splitlines()):
            if row["tokens_per_second"] > best.get(row["case"], row | {"tokens_per_second": 0})["tokens_per_second"]:
                best[row["case"]] = row | {"setting": name}
    for case in cases:
        print(json.dumps(best[case]), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        run_here(int(sys.argv[2]), sys.argv[3:])
    else:
        main()
