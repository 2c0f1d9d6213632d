"""States of a world.World in which a command that writes has something to do."""
import os
import shutil

from world import FIRST, USER

MORE = USER.replace("};", '  char nick[20] = "none";\n};')
MOST = MORE.replace("};", "  int age = 0;\n};")


def nothing(world):
    del world


def first(world):
    shutil.rmtree(world.path("migrations"))


def drift(world):
    world.write("user.hpp", MORE)


def amended(world):
    drift(world)
    world.must("generate", "more", "--now", "20260201000000")
    world.write("user.hpp", MOST)


def edited(world):
    world.write(f"migrations/{FIRST}.up.sql",
                "-- mine\n" + world.read(f"migrations/{FIRST}.up.sql"))


def merged(world):
    """Mine is 2026-02, theirs 2026-03: mine has to move on top."""
    name = "migrations/schema.snapshot.json"
    base = world.read(name)
    world.write("user.hpp", MORE)
    world.must("generate", "mine", "--now", "20260201000000")
    mine = {way: world.read(f"migrations/20260201000000_mine.{way}.sql")
            for way in ("up", "down")}
    for way in mine:
        os.remove(world.path(f"migrations/20260201000000_mine.{way}.sql"))
    world.write(name, base)
    world.write("user.hpp", USER.replace("};", "  int age = 0;\n};"))
    world.must("generate", "theirs", "--now", "20260301000000")
    for way, text in mine.items():
        world.write(f"migrations/20260201000000_mine.{way}.sql", text)
    world.write("user.hpp", MOST)
