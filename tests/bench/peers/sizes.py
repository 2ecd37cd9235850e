"""Widths and depths of the networks, the same for both peers. The bench refuses peers whose parameter count is not ours."""

SIZES = {
    "mlp": {
        "base": {"units": [256, 128]},
        "medium": {"units": [512, 256, 128]},
        "large": {"units": [1024, 512, 256]},
    },
    # Blocks of two causal convolutions; block b has dilation 2^b.
    "tcn": {
        "base": {"channels": 32, "blocks": 5, "kernel": 3},
        "medium": {"channels": 64, "blocks": 6, "kernel": 3},
        "large": {"channels": 128, "blocks": 7, "kernel": 3},
    },
    "lstm": {
        "base": {"units": 64, "layers": 1},
        "medium": {"units": 128, "layers": 2},
        "large": {"units": 256, "layers": 3},
    },
    "tsmixer": {
        "base": {"ff": 64, "blocks": 2},
        "medium": {"ff": 128, "blocks": 4},
        "large": {"ff": 256, "blocks": 8},
    },
    "patchtst": {
        "base": {"d": 32, "ff": 64, "layers": 2, "heads": 4},
        "medium": {"d": 128, "ff": 256, "layers": 3, "heads": 8},
        "large": {"d": 256, "ff": 512, "layers": 4, "heads": 8},
    },
}

OUTPUTS = 2  # a standardised return and the logit of a direction
PATCH = 16
STRIDE = 8


def tokens(lookback):
    """Patches of a window whose last bar is repeated STRIDE times."""
    return (lookback - PATCH) // STRIDE + 2
