"""The models of the bench as a PyTorch user writes them: eager torch.nn modules, fused AdamW, a plain training loop."""

import json

import torch
import torch.nn.functional as F
from torch import nn

from measuring import read_job, serve, synthetic_batch, timed
from sizes import OUTPUTS, PATCH, STRIDE, tokens


def mlp(job):
    widths = [job.lookback * job.features, *job.size["units"]]
    layers = [nn.Flatten()]
    for inner, outer in zip(widths, widths[1:]):
        layers += [nn.Linear(inner, outer), nn.ReLU(), nn.Dropout(job.dropout)]
    return nn.Sequential(*layers, nn.Linear(widths[-1], OUTPUTS))


class CausalConv(nn.Module):
    def __init__(self, inner, outer, kernel, dilation):
        super().__init__()
        self.padding = (kernel - 1) * dilation
        self.conv = nn.Conv1d(inner, outer, kernel, dilation=dilation)

    def forward(self, x):
        return self.conv(F.pad(x, (self.padding, 0)))


class TcnBlock(nn.Module):
    def __init__(self, inner, channels, kernel, dilation, dropout):
        super().__init__()
        self.layers = nn.Sequential(
            CausalConv(inner, channels, kernel, dilation), nn.ReLU(), nn.Dropout1d(dropout),
            CausalConv(channels, channels, kernel, dilation), nn.ReLU(), nn.Dropout1d(dropout),
        )
        self.skip = nn.Identity() if inner == channels else nn.Conv1d(inner, channels, 1)

    def forward(self, x):
        return F.relu(self.layers(x) + self.skip(x))


class Tcn(nn.Module):
    def __init__(self, job):
        super().__init__()
        channels, kernel = job.size["channels"], job.size["kernel"]
        self.blocks = nn.Sequential(*(
            TcnBlock(job.features if b == 0 else channels, channels, kernel, 2**b, job.dropout)
            for b in range(job.size["blocks"])
        ))
        self.head = nn.Linear(channels, OUTPUTS)

    def forward(self, x):
        return self.head(self.blocks(x.transpose(1, 2))[:, :, -1])


class Lstm(nn.Module):
    def __init__(self, job):
        super().__init__()
        units, layers = job.size["units"], job.size["layers"]
        between = job.dropout if layers > 1 else 0.0
        self.lstm = nn.LSTM(job.features, units, layers, batch_first=True, dropout=between)
        self.dropout = nn.Dropout(job.dropout)
        self.head = nn.Linear(units, OUTPUTS)

    def forward(self, x):
        states, _ = self.lstm(x)
        return self.head(self.dropout(states[:, -1]))


class MixerBlock(nn.Module):
    def __init__(self, job):
        super().__init__()
        features, ff = job.features, job.size["ff"]
        self.time_norm = nn.LayerNorm((job.lookback, features))
        self.time = nn.Linear(job.lookback, job.lookback)
        self.feature_norm = nn.LayerNorm((job.lookback, features))
        self.mix = nn.Sequential(
            nn.Linear(features, ff), nn.ReLU(), nn.Dropout(job.dropout),
            nn.Linear(ff, features), nn.Dropout(job.dropout),
        )
        self.dropout = nn.Dropout(job.dropout)

    def forward(self, x):
        mixed = F.relu(self.time(self.time_norm(x).transpose(1, 2)))
        x = x + self.dropout(mixed).transpose(1, 2)
        return x + self.mix(self.feature_norm(x))


class TsMixer(nn.Module):
    def __init__(self, job):
        super().__init__()
        self.blocks = nn.Sequential(*(MixerBlock(job) for _ in range(job.size["blocks"])))
        self.head = nn.Linear(job.lookback * job.features, OUTPUTS)

    def forward(self, x):
        variance, mean = torch.var_mean(x, dim=1, correction=0, keepdim=True)
        deviation = torch.sqrt(variance + 1e-5)
        x = self.blocks((x - mean) / deviation) * deviation + mean
        return self.head(x.flatten(1))


class EncoderLayer(nn.Module):
    def __init__(self, job):
        super().__init__()
        d, ff = job.size["d"], job.size["ff"]
        self.attention = nn.MultiheadAttention(d, job.size["heads"], batch_first=True)
        self.attention_norm = nn.LayerNorm(d)
        self.feed_forward = nn.Sequential(nn.Linear(d, ff), nn.GELU(), nn.Linear(ff, d))
        self.feed_forward_norm = nn.LayerNorm(d)
        self.dropout = nn.Dropout(job.dropout)

    def forward(self, x):
        attended, _ = self.attention(x, x, x, need_weights=False)
        x = self.attention_norm(x + self.dropout(attended))
        return self.feed_forward_norm(x + self.dropout(self.feed_forward(x)))


class PatchTst(nn.Module):
    """Channel-mixing: a token holds PATCH bars of all features."""

    def __init__(self, job):
        super().__init__()
        d, count = job.size["d"], tokens(job.lookback)
        self.pad = nn.ReplicationPad1d((0, STRIDE))
        self.embed = nn.Linear(PATCH * job.features, d)
        self.position = nn.Parameter(0.02 * torch.randn(count, d))
        self.layers = nn.Sequential(*(EncoderLayer(job) for _ in range(job.size["layers"])))
        self.head = nn.Linear(count * d, OUTPUTS)

    def forward(self, x):
        patches = self.pad(x.transpose(1, 2)).unfold(2, PATCH, STRIDE)  # [B, F, N, PATCH]
        h = self.embed(patches.permute(0, 2, 1, 3).flatten(2)) + self.position
        return self.head(self.layers(h).flatten(1))


def losses_of(z, y, delta):
    value = F.huber_loss(z[:, 0], y[:, 0], delta=delta)
    return value + F.binary_cross_entropy_with_logits(z[:, 1], y[:, 1])


def main():
    job = read_job()
    torch.set_num_threads(job.threads)
    torch.manual_seed(1)
    if job.device == "cuda" and not torch.cuda.is_available():
        print(json.dumps({"unavailable": f"PyTorch {torch.__version__} finds no CUDA device"}))
        return
    device = torch.device(job.device)
    build = {"mlp": mlp, "tcn": Tcn, "lstm": Lstm, "tsmixer": TsMixer, "patchtst": PatchTst}[job.model]
    model = build(job).to(device).train()
    # Kernels decay; biases, norms and positions do not.
    def decays(name, w):
        return w.ndim > 1 and name != "position" and "_norm." not in name

    kernels = [w for name, w in model.named_parameters() if decays(name, w)]
    others = [w for name, w in model.named_parameters() if not decays(name, w)]
    optimizer = torch.optim.AdamW(
        [{"params": kernels, "weight_decay": job.weight_decay}, {"params": others, "weight_decay": 0.0}],
        lr=job.learning_rate, eps=job.epsilon, fused=True,
    )
    x, y = (torch.from_numpy(values).to(device) for values in synthetic_batch(job))
    last = torch.zeros(())
    steps = 0

    def step():
        nonlocal last, steps
        optimizer.zero_grad(set_to_none=True)
        loss = losses_of(model(x), y, job.huber_delta)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), job.clip_norm)
        optimizer.step()
        last = loss.detach()
        steps += 1
        # As a loop that prints now and then; on a GPU it also bounds the queue.
        if steps % 10 == 0:
            last.item()

    def measure(seconds):
        def until_read():
            step()
            while steps % 10 != 0:
                step()
        before = steps
        _, elapsed = timed(until_read if device.type == "cuda" else step, seconds)
        return steps - before, elapsed, last.item()

    for _ in range(10):
        step()
    differences = {}
    if job.model == "lstm":
        differences["second bias of nn.LSTM"] = 4 * job.size["units"] * job.size["layers"]
    serve(
        {
            "batch": job.batch,
            "parameters": sum(w.numel() for w in model.parameters()),
            "differences": differences,
            "version": f"PyTorch {torch.__version__}",
            "device": torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads",
            "how": "eager, fused AdamW",
        },
        measure,
    )


main()
