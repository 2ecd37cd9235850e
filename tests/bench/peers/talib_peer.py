"""The 23 columns of npm run bench -- indicators, by TA-Lib's C functions, each as TA-Lib gives it.

    python talib_peer.py BARS

BARS holds open, high, low, close and volume, one behind the other, float64. It prints a line of JSON that says what it is.
Then, for each line of standard input: "measure" computes the columns once and prints the time, wall and processor, in ms;
"columns PATH" writes them to PATH, in the units of ours, and prints their number.
"""

import json
import sys
import time

import numpy as np
import talib


def deviations(x, period):
    mean = talib.SMA(x, period)
    return talib.DIV(talib.SUB(x, mean), talib.STDDEV(x, period))


def compute(high, low, close, volume):
    """Held until all are there, as the features of a file are."""
    change = talib.LN(talib.ROCR(close, 1))
    return {
        "log_return": [change],
        "sma": [talib.SMA(close, 50), talib.SMA(close, 200)],
        "ema": [talib.EMA(close, 50), talib.EMA(close, 200)],
        "rsi": [talib.RSI(close, 14)],
        "macd": talib.MACD(close, 12, 26, 9),
        "atr": [talib.ATR(high, low, close, 14)],
        "bands": talib.BBANDS(close, 20, 2, 2),
        "realised_vol": [talib.SQRT(talib.SUM(talib.MULT(change, change), 20))],
        "volume_z": [deviations(talib.LN(volume + 1), 50)],
        "roc": [talib.ROC(close, 10)],
        "stochastic": talib.STOCH(high, low, close, 14, 3, 0, 3, 0),
        "adx": [
            talib.ADX(high, low, close, 14),
            talib.PLUS_DI(high, low, close, 14),
            talib.MINUS_DI(high, low, close, 14),
        ],
        "cci": [talib.CCI(high, low, close, 20)],
        "mfi": [talib.MFI(high, low, close, volume, 14)],
        "obv_z": [deviations(talib.OBV(close, volume), 50)],
    }


def as_ours(columns, close):
    """Prices become shares of the close, as ours are; not part of what is measured."""
    upper, middle, lower = columns["bands"]
    return {
        **columns,
        "sma": [close / mean - 1 for mean in columns["sma"]],
        "ema": [close / mean - 1 for mean in columns["ema"]],
        "macd": [line / close for line in columns["macd"]],
        "atr": [columns["atr"][0] / close],
        "bands": [(close - lower) / (upper - lower), (upper - lower) / middle],
    }


def main():
    _, high, low, close, volume = np.fromfile(sys.argv[1]).reshape(5, -1)
    print(json.dumps({"version": f"TA-Lib {talib.__ta_version__.decode()}, Python package {talib.__version__}"}), flush=True)
    for line in sys.stdin:
        command, _, path = line.strip().partition(" ")
        wall, cpu = time.perf_counter(), time.process_time()
        columns = compute(high, low, close, volume)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if command == "columns":
            ours = np.stack([column for group in as_ours(columns, close).values() for column in group])
            ours.tofile(path)
            print(json.dumps({"columns": len(ours)}), flush=True)
        else:
            print(json.dumps({"wall": 1000 * wall, "cpu": 1000 * cpu}), flush=True)
        del columns


main()
