"""What both peers share: the job, and the lines by which the bench asks for a measurement.

    python pytorch.py '{"model": "mlp", "variant": "base", "batch": 256, ...}'

prints one line of JSON that says what was built, then, for each line of standard input (a number of seconds), one line
with what was measured in that time. It ends when its input does.
"""

import json
import os
import sys
import time
from dataclasses import dataclass

import numpy as np

from sizes import SIZES


@dataclass(frozen=True)
class Job:
    model: str
    variant: str
    batch: int
    lookback: int
    features: int
    dropout: float
    threads: int
    device: str
    learning_rate: float
    weight_decay: float
    epsilon: float
    clip_norm: float
    huber_delta: float

    @property
    def size(self):
        return SIZES[self.model][self.variant]


def read_job():
    if len(sys.argv) != 2:
        sys.exit("expected one argument, the job as JSON, as the bench gives it")
    return Job(**json.loads(sys.argv[1]))


def synthetic_batch(job):
    """Windows [batch, lookback, features] and labels [batch, 2]: a return, and whether it is above 0. float32."""
    random = np.random.default_rng(7)
    x = random.standard_normal((job.batch, job.lookback, job.features), dtype=np.float32)
    returns = random.standard_normal(job.batch, dtype=np.float32)
    return x, np.stack([returns, (returns > 0).astype(np.float32)], axis=1)


def serve(about, measure):
    """`measure(seconds)` trains that long and returns (steps, elapsed seconds, loss of the last step)."""
    # A library that prints must not break the lines that the bench reads.
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps(about), file=lines)
    for line in sys.stdin:
        steps, elapsed, loss = measure(float(line))
        rate = steps * about["batch"] / elapsed
        print(json.dumps({"samplesPerSecond": rate, "steps": steps, "loss": loss}), file=lines)


def timed(step, seconds):
    """Repeats `step` for so long, once at least; returns (steps, elapsed seconds)."""
    start = time.perf_counter()
    steps = 0
    while steps == 0 or time.perf_counter() - start < seconds:
        step()
        steps += 1
    return steps, time.perf_counter() - start
