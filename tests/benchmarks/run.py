"""``make bench``: how fast a night and the queue are, how well the order agrees with the truth."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from benchmarks.detection import bench_detection
    from benchmarks.nights import bench_nights
    from benchmarks.queue_pages import bench_queue

    chosen = sys.argv[1:] or ["detection", "nights", "queue"]
    if "detection" in chosen:
        bench_detection()
    if "nights" in chosen:
        bench_nights()
    if "queue" in chosen:
        bench_queue()
