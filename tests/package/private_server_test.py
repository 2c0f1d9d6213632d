#!/usr/bin/env python3
"""However `verify` ends, its private PostgreSQL server ends with it and leaves
no folder: by itself, killed at any moment, alone or with its whole group.

Usage: private_server_test.py SCHEMAGEN SOURCE_DIR SCRATCH_DIR
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from world import World

TOOL, SOURCE, SCRATCH = (os.path.abspath(path) for path in sys.argv[1:4])
NAME = "migrations/20260101000000_slow.up.sql"
PATIENCE = 60  # seconds

# What is killed, by what, once a process with such a command is seen.
ROWS = [
    (os.kill, signal.SIGKILL, "initdb"),
    (os.kill, signal.SIGKILL, "bin/postgres -D"),
    (os.kill, signal.SIGKILL, "SELECT"),
    (os.kill, signal.SIGTERM, "SELECT"),
    (os.killpg, signal.SIGINT, "SELECT"),
    (os.killpg, signal.SIGKILL, "SELECT"),
]


def read(process, name):
    try:
        with open(f"/proc/{process}/{name}", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""  # it has ended since


def started_by(pid):
    """The commands of all who inherited its mark, by process id. A session of
    PostgreSQL writes over its environment, and shows the database instead."""
    mark, database = f"SCHEMAGEN_TEST_MARK={os.getpid()}.{pid} ", f"_{pid}_"
    found = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        command = read(process, "cmdline")
        if "schemagen_scratch_" in command and database in command or mark in read(process, "environ"):
            found[process] = command
    return found


def wait(what, pid, is_reached):
    """Until `is_reached` says so of the commands; the folders that they name."""
    folders = set()
    end = time.monotonic() + PATIENCE
    while True:
        commands = started_by(pid)
        for command in commands.values():
            folders |= set(re.findall(r"/tmp/schemagen-\w{6}", command))
        if is_reached(commands.values()):
            return folders
        if time.monotonic() > end:
            sys.exit(f"{what}: after {PATIENCE} s there is {commands}")
        time.sleep(0.02)


def start(world):
    """`verify` in a group of its own; `exec` keeps the id that its mark bears."""
    script = f'SCHEMAGEN_TEST_MARK={os.getpid()}.$$ exec "$0" verify'
    # What the user's own servers want is no business of this one.
    variables = dict(os.environ, PGHOSTADDR="192.0.2.1",
                     PGOPTIONS="-c default_transaction_read_only=on")
    return subprocess.Popen(
        ["sh", "-c", script, TOOL], cwd=world.root, start_new_session=True,
        env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def try_end(world, kill, how, at):
    where = f"{kill.__name__} {how.name} at {at}"
    verify = start(world)
    folders = wait(where, verify.pid, lambda all: any(at in one for one in all))
    kill(verify.pid, how)
    verify.wait()
    folders |= wait(where, verify.pid, lambda all: not all)
    left = [folder for folder in folders if os.path.exists(folder)]
    return [f"{where}: {left} was left"] if left or not folders else []


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    os.makedirs(SCRATCH)
    world = World(TOOL, SOURCE, SCRATCH)
    world.project(kind="migrations", dialects=["postgres"], replay=True)
    world.write(NAME, "SELECT pg_sleep(100);\n")
    faults = []
    for row in ROWS:
        faults += try_end(world, *row)
    world.write(NAME, "SELECT 1;\n")  # and by itself
    faults += try_end(world, os.kill, signal.SIGCONT, "initdb")
    print("\n".join(faults) or f"{len(ROWS) + 1} ends: nothing was left")
    return 1 if faults else 0


sys.exit(main())
