#!/usr/bin/env python3
"""Every command that writes is killed before each of its calls that change a
file. Whoever looks then sees the state before or the state after, or is told
that somebody was killed; the next writer leaves the one or the other, whole.

Usage: killed_commands_test.py SCHEMAGEN SOURCE_DIR SCRATCH_DIR KILLER
"""
import os
import shutil
import signal
import sys

from states import amended, drift, edited, first, merged, nothing
from world import EMBED, World, content, ids

TOOL, SOURCE, SCRATCH, KILLER = (os.path.abspath(path) for path in sys.argv[1:5])
# What is before, the command, and the writer that comes after it: one that adds
# nothing where the command had done its work.
ROWS = [
    (first, ("generate", "first"), ("generate", "first")),
    (drift, ("generate", "more"), ("generate", "more")),
    (amended, ("generate", "--amend"), ("generate", "--amend")),
    (nothing, ("new", "by_hand"), ("generate",)),
    (edited, ("accept",), ("accept",)),
    (merged, ("rebase",), ("rebase",)),
    (drift, ("embed",), ("embed",)),
    (drift, EMBED, EMBED),
]


def try_row(index):
    prepare, command, next_writer = ROWS[index]
    faults = []
    folder = os.path.join(SCRATCH, str(index))
    kept = os.path.join(folder, "kept")
    world = World(TOOL, SOURCE, os.path.join(folder, "work"))
    os.makedirs(world.root)
    generates = {"on_drift": "GENERATE"} if command[0] == "embed" else {}
    world.begin()
    world.project(**generates)
    prepare(world)
    shutil.copytree(world.root, kept, symlinks=True)
    before, looked = content(world), ids(world.run("check").stdout)
    world.must(*command)
    after = content(world)
    known = looked | ids(world.run("check").stdout) | {"unfinished-write"}
    number = 0
    while True:
        number += 1
        shutil.rmtree(world.root)
        shutil.copytree(kept, world.root, symlinks=True)
        killed = world.run(*command, LD_PRELOAD=KILLER, KILLED_AT=str(number),
                           ASAN_OPTIONS="verify_asan_link_order=0")
        if killed.returncode != -signal.SIGKILL:
            break
        where = f"{' '.join(command)}, killed before call {number}: "
        seen = world.run("check").stdout
        if not ids(seen) <= known:
            faults.append(where + "check says " + seen)
        done = world.run(*next_writer)
        now = content(world)
        if now not in (before, after):
            names = [n for n in sorted(now.keys() | after.keys()) if now.get(n) != after.get(n)]
            faults.append(where + f"{names} are neither as before nor as after\n" + done.stdout)
        hidden = [n for n in now if "schemagen-" in os.path.basename(n)]
        if hidden:
            faults.append(where + f"{hidden} was left")
    if killed.returncode != 0 or number < 4:
        faults.append(f"{command}: {number} calls, then {killed.returncode}: {killed.stdout}")
    return faults, number


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    faults, calls = [], 0
    for index in range(len(ROWS)):
        found, number = try_row(index)
        faults += found
        calls += number
    print("\n".join(faults) or f"{len(ROWS)} commands killed at {calls} calls: whole")
    shutil.rmtree(SCRATCH, ignore_errors=True)
    return 1 if faults else 0


sys.exit(main())
