#!/usr/bin/env -S python3 -B
"""What a build pays: `schemagen check` of 1000 tables in 1000 migrations, replay
and a warm scan included, against sqlite3 that runs the same scripts in memory.
Processor time, the least of several runs. The limit is 1.5 times
sqlite3's and 100 ms. Usage: check_bench.py SCHEMAGEN RUNTIME_INCLUDE [TABLES]"""
import json
import pathlib
import re
import sys
import tempfile

from processes import least, run

tool, include = sys.argv[1], sys.argv[2]
tables = int(sys.argv[3]) if len(sys.argv) > 3 else 1000


def entities():
    yield "#pragma once\n#include <cstdint>\n#include <optional>\n"
    yield "#include <schemagen/annotations.hpp>\n#include <string>\n"
    for i in range(tables):
        parent = f'SG_COLUMN(.references = "T{i - 1}") ' if i else ""
        yield (f'struct SG_TABLE(.name = "t{i}") SG_INDEX(.columns = {{"c"}}) '
               f"T{i} {{\n  std::int64_t id;\n  std::string a;\n"
               f"  std::optional<double> b;\n  int c = {i};\n"
               f"  bool d = false;\n  {parent}std::int64_t e;\n}};\n")


def make_project(root):
    (root / "entities.hpp").write_text("".join(entities()))
    (root / "flags").write_text(f"-std=c++17\n-I{include}\n")
    folder = root / "build/schemagen/app"
    folder.mkdir(parents=True)
    project = {"target": "app", "kind": "entities", "namespace": "app",
               "headers": [str(root / "entities.hpp")], "dialects": ["sqlite"],
               "schema_dir": str(root / "migrations"),
               "flags_file": str(root / "flags"), "source_dir": str(root),
               "build_dir": str(root / "build"), "cache_dir": str(root / "cache"),
               "output_dir": str(root / "out")}
    (folder / "project.json").write_text(json.dumps(project))
    return folder / "project.json"


def split_into_migrations(root, project):
    """One table, one migration; `accept` records them."""
    run(tool, "generate", "all", "--project", project)
    script = next((root / "migrations").glob("*_all.up.sql")).read_text()
    statements = re.findall(r"^CREATE.*?;$", script, re.M | re.S)
    for file in (root / "migrations").iterdir():
        file.unlink()
    by_table = {}
    for statement in statements:
        table = re.search(r'(?:TABLE|ON) "(t\d+)"', statement).group(1)
        by_table.setdefault(table, []).append(statement)
    for i in range(tables):
        at = root / "migrations" / f"2026{i // 3600 + 10:02}01{i // 60 % 60:02}{i % 60:02}00_t{i}"
        at.with_name(at.name + ".up.sql").write_text("\n".join(by_table[f"t{i}"]) + "\n")
        at.with_name(at.name + ".down.sql").write_text(f'DROP TABLE "t{i}";\n')
    run(tool, "accept", "--project", project)


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name)
    project = make_project(root)
    split_into_migrations(root, project)
    scripts = sorted((root / "migrations").glob("*.up.sql"))
    everything = root / "all.sql"
    everything.write_text("".join(
        f"BEGIN;\n{script.read_text()}COMMIT;\n" for script in scripts))
    ours = least(tool, "check", "--project", project)
    raw = least("sqlite3", ":memory:", f".read {everything}")
    limit = 1.5 * raw + 0.1
    print(f"{tables} tables, {len(scripts)} migrations: check {ours:.3f} s, "
          f"sqlite3 {raw:.3f} s, limit {limit:.3f} s")
    sys.exit(0 if ours <= limit else 1)
