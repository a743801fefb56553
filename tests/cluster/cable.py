"""A cable on which every packet spends some time: `python cable.py NEAR FAR SECONDS`.

Its two ends are network devices in the namespace in which it is started. It says "ready" when they
are there, and ends with its standard input. (Linux' own way, `tc … netem`, is not in every kernel.)
"""

import fcntl
import os
import select
import struct
import sys
import time
from collections import deque
from contextlib import suppress

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
LARGEST = 65_536


def end_named(name: str) -> int:
    """A new network device, as the file descriptor of the other side of it."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return device


def carry(near: int, far: int, seconds: float) -> None:
    """Move packets from end to end, until standard input is closed."""
    other = {near: far, far: near}
    on_the_way: deque[tuple[float, int, bytes]] = deque()
    while True:
        pause = max(0, on_the_way[0][0] - time.monotonic()) if on_the_way else None
        ready, _, _ = select.select([0, near, far], [], [], pause)
        if 0 in ready:
            return
        now = time.monotonic()
        for device in ready:
            with suppress(OSError):  # nobody has switched this end on
                on_the_way.append((now + seconds, other[device], os.read(device, LARGEST)))
        while on_the_way and on_the_way[0][0] <= now:
            _, device, packet = on_the_way.popleft()
            with suppress(OSError):
                os.write(device, packet)


if __name__ == "__main__":
    ends = [end_named(name) for name in sys.argv[1:3]]
    print("ready", flush=True)
    carry(*ends, float(sys.argv[3]))
