#!/usr/bin/env python3
"""What `verify --url` makes on a server of the user's goes again: at its end,
by Ctrl-C, and where it was killed, by the next run, which leaves alone what a
living one uses and what is not its own.

Usage: scratch_databases_test.py SCHEMAGEN SOURCE_DIR SCRATCH_DIR
"""
import glob
import os
import shutil
import signal
import subprocess
import sys
import time

from world import World

TOOL, SOURCE, SCRATCH = (os.path.abspath(path) for path in sys.argv[1:4])
NAME = "migrations/20260101000000_slow.up.sql"
PATIENCE = 60  # seconds
OWN = "schemagen_scratch_ours"  # like ours, and somebody's


class Server:
    """The private server of a `verify` that sleeps: it goes with it."""

    def __init__(self, world):
        self.mark = f"SCHEMAGEN_TEST_MARK=scratch.{os.getpid()}"
        name, value = self.mark.split("=")
        self.keeper = world.start("verify", SCHEMAGEN_POSTGRES_BIN=bin_dir(),
                                  **{name: value})
        self.url = f"postgresql://schemagen@/postgres?host={wait('a server', self.folder)}"
        wait("its database", self.databases)

    def folder(self):
        """Of the server that inherited the mark."""
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{process}/environ", "rb") as file:
                    is_ours = self.mark.encode() in file.read()
                with open(f"/proc/{process}/cmdline", "rb") as file:
                    words = file.read().decode(errors="replace").split("\0")
            except OSError:
                continue  # it has ended since
            if is_ours and words[0].endswith("bin/postgres") and "-D" in words:
                return words[words.index("-D") + 1]
        return None

    def sql(self, text):
        return subprocess.run(
            [os.path.join(bin_dir(), "psql"), self.url, "-XAtqc", text], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.split()

    def databases(self):
        return self.sql("SELECT datname FROM pg_database WHERE datname LIKE "
                        "'schemagen_scratch_%' ORDER BY 1")


def bin_dir():
    return sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]


def wait(what, look):
    end = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            sys.exit(f"{what}: not after {PATIENCE} s")
        time.sleep(0.02)


def others(server, known):
    return [one for one in server.databases() if one not in known]


def try_end(world, server, how, is_left):
    known = server.databases()
    run = world.start("verify", "--url", server.url)
    made = wait(how.name, lambda: others(server, known))
    # A second one neither harms the first nor is harmed by its end.
    second = world.start("verify", "--url", server.url)
    wait("a second", lambda: len(others(server, known)) == 2)
    run.send_signal(how)
    run.communicate()
    faults = []
    if run.returncode != -how:
        faults.append(f"{how.name}: exit code {run.returncode}")
    if (made[0] in server.databases()) != is_left:
        faults.append(f"{how.name}: {server.databases()}")
    text, _ = second.communicate()
    if second.returncode != 0:
        faults.append(f"{how.name}: the second says {text}")
    world.run("verify", "--url", server.url)
    if server.databases() != known:
        faults.append(f"{how.name}: the next run leaves {server.databases()}")
    return faults


def try_ignored(world, server):
    """As under nohup: who ignores a signal goes on."""
    known = server.databases()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run = world.start("verify", "--url", server.url)
    signal.signal(signal.SIGHUP, before)
    wait("one that ignores", lambda: others(server, known))
    run.send_signal(signal.SIGHUP)
    text, _ = run.communicate()
    return [] if run.returncode == 0 else [f"ignored: {run.returncode} {text}"]


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    os.makedirs(SCRATCH)
    world = World(TOOL, SOURCE, SCRATCH)
    world.project(kind="migrations", dialects=["postgres"], replay=True)
    world.write(NAME, "SELECT pg_sleep(600);\n")
    server = Server(world)
    world.write(NAME, "SELECT pg_sleep(3);\n")
    server.sql(f"CREATE DATABASE {OWN}")
    faults = []
    for how, is_left in [(signal.SIGKILL, True), (signal.SIGINT, False),
                         (signal.SIGTERM, False)]:
        faults += try_end(world, server, how, is_left)
    faults += try_ignored(world, server)
    if OWN not in server.databases():
        faults.append("what is somebody else's is gone")
    server.keeper.terminate()
    server.keeper.wait()
    print("\n".join(faults) or "nothing was left, nothing too much was removed")
    return 1 if faults else 0


sys.exit(main())
