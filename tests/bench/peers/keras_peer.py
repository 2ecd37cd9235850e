"""The models of the bench as a Keras 3 user writes them, on TensorFlow: functional models, AdamW, compile and fit."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from measuring import read_job, serve, synthetic_batch, timed
from sizes import OUTPUTS, PATCH, STRIDE, tokens


def mlp(job, x):
    x = layers.Flatten()(x)
    for units in job.size["units"]:
        x = layers.Dense(units, activation="relu")(x)
        x = layers.Dropout(job.dropout)(x)
    return layers.Dense(OUTPUTS)(x)


def tcn(job, x):
    channels, kernel = job.size["channels"], job.size["kernel"]
    for b in range(job.size["blocks"]):
        h = x
        for _ in range(2):
            h = layers.Conv1D(channels, kernel, padding="causal", dilation_rate=2**b, activation="relu")(h)
            h = layers.SpatialDropout1D(job.dropout)(h)
        skip = x if x.shape[-1] == channels else layers.Conv1D(channels, 1)(x)
        x = layers.ReLU()(layers.Add()([h, skip]))
    return layers.Dense(OUTPUTS)(x[:, -1])


def lstm(job, x):
    depth = job.size["layers"]
    for i in range(depth):
        x = layers.LSTM(job.size["units"], return_sequences=i < depth - 1)(x)
        x = layers.Dropout(job.dropout)(x)
    return layers.Dense(OUTPUTS)(x)


def tsmixer(job, x):
    mean = ops.mean(x, axis=1, keepdims=True)
    deviation = ops.sqrt(ops.var(x, axis=1, keepdims=True) + 1e-5)
    x = (x - mean) / deviation
    for _ in range(job.size["blocks"]):
        h = layers.Permute((2, 1))(layers.LayerNormalization(axis=(1, 2), epsilon=1e-5)(x))
        h = layers.Dense(job.lookback, activation="relu")(h)
        x = layers.Add()([x, layers.Dropout(job.dropout)(layers.Permute((2, 1))(h))])
        h = layers.LayerNormalization(axis=(1, 2), epsilon=1e-5)(x)
        h = layers.Dense(job.size["ff"], activation="relu")(h)
        h = layers.Dense(job.features)(layers.Dropout(job.dropout)(h))
        x = layers.Add()([x, layers.Dropout(job.dropout)(h)])
    x = x * deviation + mean
    return layers.Dense(OUTPUTS)(layers.Flatten()(x))


class Position(layers.Layer):
    """Adds a learned vector to each token."""

    def build(self, shape):
        self.position = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.02))

    def call(self, x):
        return x + self.position


def patchtst(job, x):
    """Channel-mixing: a token holds PATCH bars of all features."""
    d, count = job.size["d"], tokens(job.lookback)
    x = ops.concatenate([x, ops.repeat(x[:, -1:], STRIDE, axis=1)], axis=1)
    patches = ops.stack([x[:, STRIDE * n : STRIDE * n + PATCH] for n in range(count)], axis=1)
    x = Position()(layers.Dense(d)(ops.reshape(patches, (-1, count, PATCH * job.features))))
    for _ in range(job.size["layers"]):
        h = layers.MultiHeadAttention(job.size["heads"], key_dim=d // job.size["heads"])(x, x)
        x = layers.LayerNormalization(epsilon=1e-5)(layers.Add()([x, layers.Dropout(job.dropout)(h)]))
        h = layers.Dense(d)(layers.Dense(job.size["ff"], activation="gelu")(x))
        x = layers.LayerNormalization(epsilon=1e-5)(layers.Add()([x, layers.Dropout(job.dropout)(h)]))
    return layers.Dense(OUTPUTS)(layers.Flatten()(x))


def main():
    job = read_job()
    tf.config.threading.set_intra_op_parallelism_threads(job.threads)
    tf.config.threading.set_inter_op_parallelism_threads(job.threads)
    keras.utils.set_random_seed(1)
    build = {"mlp": mlp, "tcn": tcn, "lstm": lstm, "tsmixer": tsmixer, "patchtst": patchtst}[job.model]
    window = keras.Input((job.lookback, job.features), batch_size=job.batch)
    model = keras.Model(window, build(job, window))
    optimizer = keras.optimizers.AdamW(
        job.learning_rate, weight_decay=job.weight_decay, epsilon=job.epsilon, global_clipnorm=job.clip_norm
    )
    # Kernels decay; biases, norms and positions do not.
    optimizer.exclude_from_weight_decay([w for w in model.trainable_variables if not w.name.endswith("kernel")])
    huber = keras.losses.Huber(delta=job.huber_delta)
    bce = keras.losses.BinaryCrossentropy(from_logits=True)

    def losses_of(y, z):
        return huber(y[:, :1], z[:, :1]) + bce(y[:, 1:], z[:, 1:])

    model.compile(optimizer, losses_of)
    x, y = synthetic_batch(job)
    data = tf.data.Dataset.from_tensors((x, y)).repeat()
    rates = {}
    last = float("nan")

    def fit(seconds):
        """A whole call of fit, of about so long; its length comes from the speed of the last one."""
        nonlocal last
        rate = rates.get("fit", 1.0)
        steps = max(1, round(seconds * rate))

        def run():
            nonlocal last
            last = model.fit(data, steps_per_epoch=steps, epochs=1, verbose=0).history["loss"][-1]

        _, elapsed = timed(run, 0)
        rates["fit"] = steps / elapsed
        return steps, elapsed, last

    batch_x, batch_y = tf.constant(x), tf.constant(y)

    def train_on_batch(seconds):
        nonlocal last

        def step():
            nonlocal last
            last = float(model.train_on_batch(batch_x, batch_y))

        steps, elapsed = timed(step, seconds)
        rates["train_on_batch"] = steps / elapsed
        return steps, elapsed, last

    ways = {"fit": fit, "train_on_batch": train_on_batch}
    # The first call compiles; the later ones find how long a call must be and which way is the faster.
    for way in ways.values():
        way(0.01)
        way(0.2)
        way(1.0)
    best = max(rates, key=rates.get)
    serve(
        {
            "batch": job.batch,
            "parameters": int(sum(np.prod(w.shape) for w in model.trainable_variables)),
            "differences": {},
            "version": f"Keras {keras.__version__}, TensorFlow {tf.__version__}",
            "device": f"CPU, {tf.config.threading.get_intra_op_parallelism_threads()} threads",
            "how": f"{best}, jit_compile={model.jit_compile} ({', '.join(f'{k} {v * job.batch:.0f}/s' for k, v in rates.items())})",
        },
        ways[best],
    )


main()
