"""Reads a CSV of bars into a data frame, once, and prints what that took.

    python loading.py pandas bars.csv

prints one line of JSON: version, seconds, seconds of all cores, rows, the last close, and the highest resident memory of
the process in bytes.
"""

import json
import resource
import sys
import time


def read_pandas(path):
    import pandas

    start, cpu = time.perf_counter(), time.process_time()
    frame = pandas.read_csv(path)
    # Times as text become instants, as ours do; numbers stay numbers.
    if frame["time"].dtype.kind not in "if":
        frame["time"] = pandas.to_datetime(frame["time"])
    return pandas.__version__, time.perf_counter() - start, time.process_time() - cpu, len(frame), float(frame["close"].iloc[-1])


def read_polars(path):
    import polars

    start, cpu = time.perf_counter(), time.process_time()
    frame = polars.read_csv(path, try_parse_dates=True)
    return polars.__version__, time.perf_counter() - start, time.process_time() - cpu, frame.height, float(frame["close"][-1])


version, seconds, cpu, rows, close = {"pandas": read_pandas, "polars": read_polars}[sys.argv[1]](sys.argv[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
loaded = {"version": version, "seconds": seconds, "cpuSeconds": cpu, "rows": rows, "close": close, "peakBytes": peak}
print(json.dumps(loaded))
