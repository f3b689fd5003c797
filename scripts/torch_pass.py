"""Times the passes that scripts/gpu-check measures by PyTorch, eager and in true float32.

Usage: python3 torch_pass.py MODEL.json CONTEXT REPETITIONS
Prints the median of the seconds of a pass, or why there are none. The model is the one that Flopscope runs by the same file: RMSNorm,
rotary positions, attention under the causal mask, a gated feed-forward network and an untied head; weights are random.
"""
import json, statistics, sys

try:
    import torch
except ImportError:
    sys.exit("there is no PyTorch")
if not torch.cuda.is_available():
    sys.exit("PyTorch finds no GPU")
import torch.nn.functional as F

config = json.load(open(sys.argv[1]))
tokens, repetitions = int(sys.argv[2]), int(sys.argv[3])
D, H, L, FF, V = (config[key] for key in ("d_model", "num_heads", "num_layers", "d_ff", "vocab_size"))
d = D // H
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.set_grad_enabled(False)


def weight(rows, columns):
    return torch.randn(rows, columns, device="cuda") * 0.02


class Layer:
    def __init__(self):
        self.q, self.k, self.v, self.o = (weight(D, D) for _ in range(4))
        self.gate, self.up, self.down = weight(FF, D), weight(FF, D), weight(D, FF)
        self.norms = [torch.ones(D, device="cuda") for _ in range(2)]


layers = [Layer() for _ in range(L)]
embedding, head, last = weight(V, D), weight(V, D), torch.ones(D, device="cuda")
angles = torch.outer(torch.arange(tokens), 10000.0 ** (-torch.arange(0, d, 2) / d)).cuda()
cosine, sine = torch.cos(angles).repeat(1, 2), torch.sin(angles).repeat(1, 2)
mask = torch.full((tokens, tokens), float("-inf"), device="cuda").triu(1)
ids = torch.randint(V, (tokens,), device="cuda")


def norm(x, gain):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * gain


def heads(x):
    return x.view(tokens, H, d).transpose(0, 1)


def turned(x):
    x = heads(x)
    half = torch.cat((-x[..., d // 2:], x[..., : d // 2]), -1)
    return x * cosine + half * sine


def attention(q, k, v):
    # As many heads at once as keep their scores below 1 GiB, as Flopscope does.
    step = max(1, min(H, 2**30 // (4 * tokens * tokens)))
    parts = []
    for first in range(0, H, step):
        some = slice(first, first + step)
        scores = torch.baddbmm(mask, q[some], k[some].transpose(1, 2), alpha=d**-0.5)
        parts.append(torch.bmm(torch.softmax(scores, -1), v[some]))
    return torch.cat(parts).transpose(0, 1).reshape(tokens, D)


def forward():
    x = embedding[ids]
    for layer in layers:
        y = norm(x, layer.norms[0])
        x = x + F.linear(attention(turned(F.linear(y, layer.q)), turned(F.linear(y, layer.k)), heads(F.linear(y, layer.v))), layer.o)
        y = norm(x, layer.norms[1])
        x = x + F.linear(F.silu(F.linear(y, layer.gate)) * F.linear(y, layer.up), layer.down)
    return F.linear(norm(x, last), head)


def seconds():
    start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    start.record()
    forward()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / 1e3


for _ in range(2):
    seconds()
print(f"{statistics.median(seconds() for _ in range(repetitions)):.6f}")
