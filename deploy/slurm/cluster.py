"""Workers from Slurm for `autograder grade --scheduler`: `python cluster.py JOBS`, on a login node.

The scheduler runs here, and ends with this program, by Ctrl-C; so do the jobs.
"""

import signal
import sys
from contextlib import suppress

from dask_jobqueue import SLURMCluster
from distributed import Security


def cluster(**options) -> SLURMCluster:
    """A scheduler and the jobs' script, by the settings in jobqueue.yaml; no job yet."""
    return SLURMCluster(security=Security(), protocol="tls://", **options)


def main(jobs: int) -> None:
    """Start so many jobs, a worker each, and say how to use them."""
    with cluster() as started:
        started.scale(jobs=jobs)
        print(f"autograder grade --scheduler {started.scheduler_address}", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main(int(sys.argv[1]))
