#!/usr/bin/env -S python3 -B
"""What a program pays to carry its history: the file that `schemagen embed` makes
of 1000 migrations of 1 kB, compiled with -O2, and the initialisers that it brings
to the start. Processor time, the least of several runs; the limit is 0.5 s
and none. Usage: embed_bench.py SCHEMAGEN RUNTIME_INCLUDE CXX [MIGRATIONS]"""
import json
import pathlib
import sys
import tempfile

from processes import least, run

tool, include, cxx = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
LIMIT = 0.5


def script(number):
    """1 kB of SQL as it is found: lines, quotes, a comment."""
    text = f"-- Migration {number}.\nCREATE TABLE t{number} (\n  id INTEGER PRIMARY KEY"
    column = 0
    while len(text) < 1020:
        text += f",\n  column_{column} TEXT NOT NULL DEFAULT 'it''s {column}'"
        column += 1
    return text + "\n);\n"


def make_project(root):
    folder = root / "migrations"
    folder.mkdir()
    for i in range(count):
        at = folder / f"20260101{i // 3600:02}{i // 60 % 60:02}{i % 60:02}_t{i}"
        at.with_name(at.name + ".up.sql").write_text(script(i))
        at.with_name(at.name + ".down.sql").write_text(f"DROP TABLE t{i};\n")
    build = root / "build/schemagen/app"
    build.mkdir(parents=True)
    project = {"target": "app", "kind": "migrations", "namespace": "app",
               "dialects": ["sqlite"], "schema_dir": str(folder),
               "source_dir": str(root), "build_dir": str(root / "build"),
               "output_dir": str(root / "out")}
    (build / "project.json").write_text(json.dumps(project))
    return build / "project.json"


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name)
    project = make_project(root)
    run(tool, "embed", "--project", str(project))
    source = root / "out/embedded_migrations.cpp"
    made = root / "out/made.o"
    spent = least(cxx, "-std=c++17", "-O2", f"-I{include}", f"-I{root / 'out'}",
                  "-c", str(source), "-o", str(made))
    sections = run("readelf", "-S", "-W", str(made))
    initialisers = [word for word in (".init_array", ".ctors")
                    if word in sections]
    print(f"{count} migrations, {source.stat().st_size} bytes of source: "
          f"{spent:.3f} s, limit {LIMIT:.3f} s; static initialisers: "
          f"{', '.join(initialisers) or 'none'}")
    sys.exit(0 if spent <= LIMIT and not initialisers else 1)
