"""Draws documents of a group from a bridge, as many as each line of standard input says, and prints their identifiers."""

import sys

from sluice.pool import DocumentPool

endpoint, group = sys.argv[1:]
occurrence = 0
with DocumentPool(endpoint, ahead=16, patience=None) as pool:
    source = pool.source(group)
    for line in sys.stdin:
        for _ in range(int(line)):
            print(source.at(occurrence).id, flush=True)
            occurrence += 1
