"""``make bench``: how fast nights, backtests and the queue are, how well the order is."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from benchmarks.backtest import bench_backtest
    from benchmarks.detection import bench_detection
    from benchmarks.nights import bench_nights
    from benchmarks.queue_pages import bench_queue

    chosen = sys.argv[1:] or ["detection", "nights", "backtest", "queue"]
    if "detection" in chosen:
        bench_detection()
    if "nights" in chosen:
        bench_nights()
    if "backtest" in chosen:
        bench_backtest()
    if "queue" in chosen:
        bench_queue()
