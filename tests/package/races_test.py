#!/usr/bin/env python3
"""Two commands at once on one SCHEMA_DIR do what they would do one after the
other, in one order or the other, or one of them says that the other is at work.

Usage: races_test.py SCHEMAGEN SOURCE_DIR SCRATCH_DIR FILE_CALLS
"""
import os
import shutil
import sys
import time

from states import amended, drift, edited, first, merged
from world import EMBED, World, content

TOOL, SOURCE, SCRATCH, SLOWER = (os.path.abspath(path) for path in sys.argv[1:5])

WRITERS = [
    (first, ("generate", "first")),
    (drift, ("generate", "more")),
    (amended, ("generate", "--amend")),
    (drift, ("new", "by_hand")),
    (edited, ("accept",)),
    (merged, ("rebase",)),
]
OTHERS = [
    ("generate", "more"), ("generate", "--amend"), ("new", "by_hand"), ("accept",),
    ("rebase",), ("check",), ("verify",), ("diff",), ("lint",), ("embed",),
    ("migrate", "pending", "--url", "sqlite:none.db"), EMBED,
]
BUSY = (2, "{folder}: error: another schemagen command is at work on this folder; run "
           "this one again when that is done [folder-busy]\n")
# When the second begins, in parts of the time that the first takes.
STEPS = 6


class Pair:
    """One state and two commands that meet in it."""

    def __init__(self, index, prepare, one, other):
        self.prepare, self.commands = prepare, (one, other)
        self.folder = os.path.join(SCRATCH, str(index))
        self.world = World(TOOL, SOURCE, os.path.join(self.folder, "work"))
        self.kept = os.path.join(self.folder, "kept")
        self.busy = (BUSY[0], BUSY[1].format(folder=self.world.path("migrations")))

    def begin(self):
        os.makedirs(self.world.root)
        self.world.begin()
        self.prepare(self.world)
        shutil.copytree(self.world.root, self.kept, symlinks=True)

    def restore(self):
        shutil.rmtree(self.world.root)
        shutil.copytree(self.kept, self.world.root, symlinks=True)

    def in_turn(self, *order):
        """What the commands say, by their index, and what there is then."""
        self.restore()
        said = {0: self.busy, 1: self.busy}
        for one in order:
            done = self.world.run(*self.commands[one])
            said[one] = (done.returncode, done.stdout)
        return said, content(self.world)

    def at_once(self, delay):
        self.restore()
        slow = {"LD_PRELOAD": SLOWER, "SLOWED_BY": "3000",
                "ASAN_OPTIONS": "verify_asan_link_order=0"}
        began = time.monotonic()
        first_one = self.world.start(*self.commands[0], **slow)
        time.sleep(delay)
        second = self.world.start(*self.commands[1])
        texts = [process.communicate()[0] for process in (first_one, second)]
        took = time.monotonic() - began
        codes = (first_one.returncode, second.returncode)
        return ({i: (codes[i], texts[i]) for i in (0, 1)}, content(self.world)), took

    def judge(self):
        self.begin()
        fair = [self.in_turn(*order) for order in ((0, 1), (1, 0), (0,), (1,))]
        _, took = self.at_once(0)
        for step in range(STEPS):
            result, _ = self.at_once(took * step / STEPS)
            if result not in fair:
                said, now = result
                odd = [name for name in now if "schemagen-" in os.path.basename(name)]
                return [f"{self.prepare.__name__}: {self.commands} at step {step}: "
                        f"{said}, files left {odd}, alone they say {[f[0] for f in fair]}"]
        shutil.rmtree(self.folder)
        return []


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    faults = []
    pairs = [(prepare, one, other) for prepare, one in WRITERS for other in OTHERS]
    for index, pair in enumerate(pairs):
        faults += Pair(index, *pair).judge()
    print("\n".join(faults) or f"{len(pairs)} pairs at once: one after the other, or one says so")
    shutil.rmtree(SCRATCH, ignore_errors=True)
    return 1 if faults else 0


sys.exit(main())
