#!/usr/bin/env python3
"""Every refusal of every command leaves the tree as it was: project, SCHEMA_DIR
and outputs, by name, bytes, mode and time.

A row of ROWS brings a project into a state that is refused with one error id;
all commands run there, and whichever fails may not have changed anything. The
ids are read from the sources: one that has neither a row nor a place in
NO_REFUSAL or NOT_AN_ID fails the test.

Usage: every_refusal_test.py SCHEMAGEN SOURCE_DIR SCRATCH_DIR [ID...]
"""
import fcntl
import os
import re
import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

from world import EMBED, FIRST, HEAD, USER, World, ids

TOOL, SOURCE, SCRATCH = (os.path.abspath(path) for path in sys.argv[1:4])

# Words of the sources that look like an id and are none.
NOT_AN_ID = set("""
    no-transaction fill-in schemagen-lint allow-file cmake-build rebase-merge
    rebase-apply""".split())

NO_REFUSAL = {
    "check-skipped": "a warning",
    "default-not-constant": "a note",
    "duplicate-declaration": "Clang reads all headers together and refuses it",
    "flags-left-out": "a note, beside errors of Clang",
    "foreign-key-width": "a warning",
    "missing-file": "a note: what to do about a header that the build makes",
    "no-resource-dir": "an installation that has lost Clang's own headers",
    "no-scanner": "a tool built without Clang; see without_scanner_test.sh",
    "no-table": "a warning",
    "scanned-header": "a note: which header includes the faulty one",
    "name-too-long": "long-name comes first",
    "precision-too-great": "contradicting-options comes first",
    "script-too-long": "takes 4 GiB",
    "unknown-option": "Clang knows the options; a wrong one is its error",
    "unknown-standard": "a note",
    "unused-allow": "a warning",
    "without-rowid-key": "no-primary-key comes first",
}

COMMANDS = [
    ("scan",), ("diff",), ("check",), ("lint",), ("verify",),
    ("generate", "again"), ("generate", "--amend"), ("generate", "--dry-run"),
    ("generate", "--online"), ("new", "by_hand"), ("accept",), ("rebase",), EMBED,
]
LOOKS_ONLY = {"scan", "diff", "check", "lint", "verify"}
ROWS = []
HELD = []


def row(*ids, commands=(), only=(), **project):
    """The function below it brings a World into the state. The ids are told by
    one of `commands`, which run beside COMMANDS, or by `only` these."""
    def add(prepare):
        words = [tuple(line.split(" ")) for line in only or commands]
        ROWS.append((ids, prepare, words if only else words + COMMANDS, project))
        return prepare
    return add


def header(*ids, commands=(), text="", **project):
    """A state that is one header."""
    row(*ids, commands=commands, **project)(
        lambda world: world.write("user.hpp", HEAD + text))


def member(*ids, text="", commands=(), **project):
    """A state that is one more member of User."""
    row(*ids, commands=commands, **project)(
        lambda world: world.change("user.hpp", "};", "  " + text + "\n};"))


def snapshot(*ids, old, new):
    row(*ids)(lambda world: world.change("migrations/schema.snapshot.json", old, new))


def script(*ids, text, name=FIRST + ".up.sql", **project):
    """A state that is one script."""
    row(*ids, **project)(lambda world: world.write("migrations/" + name, text))


# What the headers say.
member("drift", text="char nick[20] = \"none\";")
member("clang", text="nonsense;")
member("annotation-string", text='SG_COLUMN(.comment = "open) char nick[20];')
header("ambiguous-entity", text="""
namespace a { struct SG_TABLE(.name = "a") Team { long long id; }; }
namespace b { struct SG_TABLE(.name = "b") Team { long long id; }; }
struct SG_TABLE() User { long long id; SG_COLUMN(.references = "Team") long long t; };
""")
member("unknown-entity", text='SG_COLUMN(.references = "Zebra") long long z;')
header("composite-target", text="""
struct SG_TABLE() SG_PRIMARY_KEY(.columns = {"a", "b"}) Team { long long a, b; };
struct SG_TABLE() User { long long id; SG_COLUMN(.references = "Team") long long t; };
""")
header("missing-option", text="struct SG_TABLE() SG_CHECK() User { long long id; };\n")
header("foreign-key-size", text="""
struct SG_TABLE() SG_PRIMARY_KEY(.columns = {"a", "b"}) Team { long long a, b; };
struct SG_TABLE() SG_FOREIGN_KEY(.columns = {"t"}, .references = "Team") User {
  long long id; long long t; };
""")
header("foreign-key-target", "foreign-key-type", text="""
struct SG_TABLE() Team { long long id; char code[20]; };
struct SG_TABLE() User { long long id; SG_COLUMN(.references = "Team::code") long long t; };
""")
header("foreign-key-action", text="""
struct SG_TABLE() Team { long long id; };
struct SG_TABLE() User {
  long long id;
  SG_COLUMN(.references = "Team", .on_delete = SG_SET_NULL) long long t;
};
""")
header("duplicate-member", text="""
struct SG_TABLE() SG_INDEX(.columns = {"id", "id"}) User { long long id; };
""")
header("unknown-member", text="""
struct SG_TABLE() SG_INDEX(.columns = {"emial"}) User { long long id; };
""")
member("option-value", text="SG_COLUMN(.max_length = -1) char nick[20];")
header("unusable-option", text="""
struct SG_TABLE() SG_INDEX(.columns = {"id"}, .method = "gin") User { long long id; };
""")
member("empty-option", text='SG_COLUMN(.sql_type = "") char nick[20];')
member("nul-byte", text='SG_COLUMN(.comment = "a\\0b") char nick[20];')
member("not-utf8", text='SG_COLUMN(.comment = "\\xff") char nick[20];')
member("empty-name", text='SG_COLUMN(.name = "") char nick[20];')
member("bad-name", text='SG_COLUMN(.name = "a\\tb") char nick[20];')
member("long-name", text='SG_COLUMN(.name = "' + "n" * 2000 + '") char nick[20];')
member("contradicting-options",
       text='SG_COLUMN(.default_sql = "1", .generated = "2") long long n;')
member("not-embeddable", text="SG_EMBED() long long n;")
member("no-mapping", text="int* pointer;")
header("no-primary-key", text="struct SG_TABLE() User { long long number; };\n")
header("nullable-key", text="""#include <optional>
struct SG_TABLE() User { SG_COLUMN(.primary_key = true) std::optional<long long> key; };
""")
header("no-columns", text="struct SG_TABLE() User {};\n")
member("unknown-annotation", text='SG_COLUM(.name = "n") char nick[20];')
member("misplaced-annotation", text="SG_TABLE() char nick[20];")
header("duplicate-table", text="""
struct SG_TABLE(.name = "users") User { long long id; };
struct SG_TABLE(.name = "users") People { long long id; };
""")
header("reserved-name", text="""
struct SG_TABLE(.name = "schemagen_migrations") User { long long id; };
""")
header("duplicate-enum", text="""
namespace a { enum class SG_ENUM(.storage = SG_NATIVE, .name = "e") E { x }; }
namespace b { enum class SG_ENUM(.storage = SG_NATIVE, .name = "e") E { y }; }
struct SG_TABLE() User { long long id; a::E one; b::E other; };
""", dialects=["postgres"])
member("duplicate-column", text='SG_COLUMN(.name = "email") char nick[20];')
header("duplicate-name", text="""
struct SG_TABLE() SG_INDEX(.name = "i", .columns = {"a"}) SG_INDEX(.name = "i", .columns = {"b"})
User { long long id, a, b; };
""")
header("duplicate-value", text="""
enum class SG_ENUM() E { x SG_VALUE(.name = "same"), y SG_VALUE(.name = "same") };
struct SG_TABLE() User { long long id; E e; };
""")
header("empty-enum", text="""
enum class E {};
struct SG_TABLE() User { long long id; E e; };
""")

# What Clang sees.
row("no-header")(lambda world: os.remove(world.path("user.hpp")))


@row("header-name")
def _(world):
    world.write('a"b.hpp', USER)
    world.project(headers=[world.path('a"b.hpp')])


@row("headers-clash")
def _(world):
    world.write("user.hpp", USER + "#define CLASH 1\nstruct Same { int a; };\n")
    world.write("other.hpp", HEAD + "struct Same { int a; };\n")
    world.project(headers=[world.path("user.hpp"), world.path("other.hpp")])


member("clang", text='\n#include "nowhere.hpp"\n')
row("missing-include")(lambda world: world.change("user.hpp", HEAD, ""))
header("annotation-not-constant", text="""
inline int size = 3;
struct SG_TABLE() User { long long id; SG_COLUMN(.max_length = size) char nick[20]; };
""")
member("annotation-parentheses", text="SG_COLUMN char nick[20];")
header("annotation-without-effect", text="""
inline void f() { struct SG_TABLE() User { long long id; }; }
""")
member("option-without-name", text='SG_COLUMN("nick") char nick[20];')
member("option-twice", text='SG_COLUMN(.name = "a", .name = "b") char nick[20];')
member("option-not-text", text="SG_COLUMN(.name = nullptr) char nick[20];")
header("table-template", text="template <class T> struct SG_TABLE() User { T id; };\n")
header("table-union", text="union SG_TABLE() User { long long id; };\n")
header("table-unnamed", text="struct SG_TABLE() { long long id; } user;\n")
member("member-without-name", text="union { int a; float b; };")
header("enumerator-range", text="""
enum class SG_ENUM(.storage = SG_INTEGER) E : unsigned long long { x = ~0ULL };
struct SG_TABLE() User { long long id; E e; };
""")

# What one engine cannot do.
header("strict-type", text="""
struct SG_TABLE(.strict = true) User { long long id; SG_COLUMN(.sql_type = "VARCHAR") char n[9]; };
""")
header("autoincrement-key", text="""
struct SG_TABLE() User {
  SG_COLUMN(.autoincrement = true, .sqlite_type = "BIGINT") long long id; };
""")
header("generated-key", text="""
struct SG_TABLE() User { SG_COLUMN(.generated = "a + 1") long long id; long long a; };
""")
POSTGRES = {"dialects": ["postgres"]}
member("unsorted-type", text='SG_COLUMN(.sql_type = "json", .unique = true) char doc[20];',
       **POSTGRES)
member("default-no-value", text='SG_COLUMN(.sql_type = "uuid") char token[37] = "";',
       **POSTGRES)
header("autoincrement-type", text="""
struct SG_TABLE() User {
  SG_COLUMN(.autoincrement = true, .postgres_type = "numeric") long long id; };
""", **POSTGRES)
header("index-method", text="""
struct SG_TABLE() SG_INDEX(.columns = {"a"}, .method = "hash", .unique = true)
User { long long id, a; };
""", **POSTGRES)
member("generated-of-generated",
       text='SG_COLUMN(.generated = "id + 1") long long one;\n'
            'SG_COLUMN(.generated = "one + 1") long long two;', **POSTGRES)
member("length-too-great", text="SG_COLUMN(.max_length = 20000000) char n[30000000];", **POSTGRES)
script("copy-from-stdin", text="COPY users FROM stdin;\n", **POSTGRES)
script("psql-command", text="\\d users\n", **POSTGRES)
script("transaction-control", text="BEGIN;\nCOMMIT;\n")
script("needs-no-transaction", text="VACUUM;\n")
script("unfilled-placeholder", text="DELETE FROM users WHERE id = ${id};\n")
script("invalid-sql", text="CREATE TABEL x (id INTEGER);\n")

# What the snapshot says.
snapshot("snapshot-unknown-key", old='"dialects"', new='"colour": 1, "dialects"')
snapshot("snapshot-newer-format", old='"format": ', new='"format": 99')
row("snapshot-duplicate")(lambda world: world.write(
    "migrations/schema.snapshot.json",
    re.sub(r'( *\{"id": "2026[^\n]*)', r"\1,\n\1", world.read("migrations/schema.snapshot.json"))))
row("snapshot-truncated")(lambda world: world.write(
    "migrations/schema.snapshot.json", world.read("migrations/schema.snapshot.json")[:200]))

snapshot("snapshot-missing-key", old='"name": "email", ', new="")
snapshot("snapshot-value", old='"text"', new='"colour"')
snapshot("snapshot-dangling", old='"primary_key": ["id"]', new='"primary_key": ["key"]')
snapshot("snapshot-syntax", old='"enums"', new='enums')
snapshot("snapshot-nul", old='"enums"', new='"en\0ums"')
snapshot("snapshot-utf8", old='"users"', new='"us\udcffers"')
snapshot("snapshot-conflict", "merge-unclear", old='  "enums"',
         new='<<<<<<< a\n  "enums"\n=======\n  "enums"\n>>>>>>> b\n  "enums"')
snapshot("snapshot-not-canonical", old='  "enums"', new='   "enums"')
row("no-snapshot")(lambda world: os.remove(world.path("migrations/schema.snapshot.json")))


@row("fresh-failed")
def _(world):
    world.write("user.hpp", HEAD + """
struct SG_TABLE() SG_CHECK(.name = "c", .sql = "id > 0") Other { long long id; };
struct SG_TABLE(.name = "users") User { long long id; char email[40]; };
""")
    world.must("generate", "second")
    world.change("migrations/schema.snapshot.json", "id > 0", "f(id)")


# What the scripts say.
CREATE = 'CREATE TABLE "extra" ("id" INTEGER NOT NULL PRIMARY KEY);\n'
script("edited-migration", "replay-failed",
       text='CREATE TABLE "users" ("id" INTEGER PRIMARY KEY, "email" TEXT NOT NULL);\n'
            'INSERT INTO "users" VALUES (1, NULL);\n')
row("replay-differs")(lambda world: world.write(
    f"migrations/{FIRST}.up.sql", world.read(f"migrations/{FIRST}.up.sql") + CREATE))
script("late-migration", text=CREATE, name="20250101000000_late.up.sql")
script("unrecorded-migration", "cannot-rebase", text=CREATE, name="20270101000000_mine.up.sql")
script("duplicate-id", text=CREATE, name="20260101000000_other.up.sql")
script("conflict-marker", text="<<<<<<< a\n=======\n>>>>>>> b\n")
script("down-section", text=CREATE + '-- migrate:down\nDROP TABLE "extra";\n')
script("not-text", text=b"SELECT '\xff';\n")
script("bad-file-name", text=CREATE, name="extra.sql")
script("unknown-dialect", text=CREATE, name=FIRST + ".oracle.up.sql")
script("unknown-directive", text="-- schemagen: no-transactoin\n" + CREATE)
script("unfilled-block", text="-- schemagen: fill-in the rows\n" + CREATE)
script("code-migration", text="int x;\n", name="20270101000000_code.cpp")
script("unknown-rule", text="-- schemagen-lint: allow drop-tabel, none\n" + CREATE)
script("lint-reason", text="-- schemagen-lint: allow drop-table\n" + CREATE)
script("lint-comment", text="-- schemagen-lint: forbid drop-table\n" + CREATE)
script("lint-conf", text="drop-table loudly\n", name="lint.conf")
row("missing-script")(lambda world: os.remove(world.path(f"migrations/{FIRST}.up.sql")))


@row("missing-migration")
def _(world):
    for way in ("up", "down"):
        os.remove(world.path(f"migrations/{FIRST}.{way}.sql"))


@row("cannot-read")
def _(world):
    os.remove(world.path(f"migrations/{FIRST}.up.sql"))
    os.symlink("nowhere", world.path(f"migrations/{FIRST}.up.sql"))


@row("cannot-write")
def _(world):
    world.write("file", "")
    world.project(output_dir=world.path("file/out"))


@row("cannot-write")
def _(world):
    os.remove(world.path("out/embedded_migrations.cpp"))
    world.write("out/embedded_migrations.cpp/in_the_way", "")


@row("cannot-open", commands=["new by_hand", "generate first"])
def _(world):
    shutil.rmtree(world.path("migrations"))
    world.write("migrations", "")


@row("cannot-open")
def _(world):
    world.write("file", "")
    world.project(schema_dir=world.path("file/migrations"))


@row("unfinished-write")
def _(world):
    world.write("migrations/.one.schemagen-new", "one")
    world.write("migrations/.schemagen-unfinished", ".one.schemagen-new\0target\0")
    world.write("migrations/target/in_the_way", "")


# A reader waits for 20 s, so there is but one.
@row("folder-busy", only=["check", "generate", "generate --amend", "new x", "accept", "rebase"])
def _(world):
    held = os.open(world.path("migrations"), os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    HELD.append(held)  # until the test ends


@row("nothing-to-amend")
def _(world):
    world.must("new", "by_hand")
    for file in os.listdir(world.path("migrations")):
        if "by_hand" in file:
            world.write("migrations/" + file, "-- schemagen: nothing to undo\n")
    world.must("accept")


# What the project says.
row("bad-project")(lambda world: world.write("build/schemagen/app/project.json", "{}"))
row("bad-namespace")(lambda world: world.project(namespace="class"))
row("which-build")(lambda world: shutil.copytree(world.path("build"), world.path("build2")))
row("which-target")(lambda world: world.project(target="other"))
row("unknown-config", commands=["generate --config Fast"])(
    lambda world: world.project(file="project.Debug.json"))
row("no-entities", "no-project", commands=["generate -p out", "scan -p out"])(
    lambda world: world.project(kind="migrations"))
row("dialects-changed")(lambda world: world.project(dialects=["postgres", "sqlite"]))


@row("configurations-differ")
def _(world):
    os.remove(world.path("build/schemagen/app/project.json"))
    world.project(file="project.Debug.json")
    world.write("build/more", world.read("build/flags") + "-DMORE\n")
    world.project(file="project.Release.json", flags_file=world.path("build/more"))
    world.change("user.hpp", "};", "\n#ifndef MORE\n  char nick[20] = \"none\";\n#endif\n};")


# What the command line says.
row("usage", "bad-name", "bad-time", "bad-url", "bad-dialect", "unknown-drop", "unknown-rename",
    "malformed-rename", "malformed-drop", "still-declared", "unknown-migration", "unknown-rule",
    "no-folder", "no-database", commands=[
        "generat", "generate --nonsense", "accept --drop x", "generate ???", "new ???",
        "generate --now 2026", "new x --now 20261301000000", "rebase --mine x", "lint nothing",
        "verify --url x", "verify --skip oracle", "generate --drop users.nick",
        "generate --rename users.nick=x", "generate --rename x", "generate --drop ",
        "generate --drop users.email", "lint --since 19990101000000", "lint --explain nothing",
        "migrate --dir nowhere up --url sqlite:a.db", "migrate up --url sqlite:no/such/a.db",
        "diff --database sqlite:nowhere.db", "diff --database x"])(
    lambda world: world.change("user.hpp", "};", "  char more[20] = \"none\";\n};"))


@row("rename-conflict", "unexplained-removal", commands=[
    "generate --rename users.email=a --rename users.email=b"])
def _(world):
    world.change("user.hpp", "char email[40]", 'char a[40] = ""; char b[40] = ""')


@row("ambiguous-swap")
def _(world):
    world.write("user.hpp", USER.replace("};", '  char post[40] = "";\n};'))
    world.must("generate", "post")
    world.write("user.hpp", USER.replace("char email[40];", """
  SG_COLUMN(.renamed_from = "post") char email[40] = "";
  SG_COLUMN(.renamed_from = "email") char post[40] = "";"""))


member("missing-value", text="char nick[20];")
member("not-proved", text='SG_COLUMN(.backfill = "nowhere(1)") char nick[20];')
member("no-online-form", text='char nick[20] = "none";')


@row("unknown-enum-value")
def _(world):
    world.change("user.hpp", "struct", "enum class Kind { a, b };\nstruct")
    world.change("user.hpp", "char email[40];\n};",
                 "char email[40];\n  SG_COLUMN(.default_sql = \"'c'\") Kind kind;\n};")


row("missing-conversion")(lambda world: world.change("user.hpp", "char email[40]", "int email"))


@row("other-history", commands=["diff --database sqlite:a.db"])
def _(world):
    world.must("migrate", "up", "--url", "sqlite:a.db")
    with sqlite3.connect(world.path("a.db")) as database:
        database.execute("UPDATE schemagen_migrations SET id = '20250101000000'")
    database.close()


row("not-verified", commands=["verify --url postgresql://nobody@127.0.0.1:1/none"], **POSTGRES)(
    lambda world: None)


def ids_of_sources():
    """Every word that stands where an id may stand."""
    found = {"drift", "usage", "clang"}
    for folder, _, files in os.walk(os.path.join(SOURCE, "generator")):
        for name in files:
            if not name.endswith((".cpp", ".hpp", ".ipp")):
                continue
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            words = r'"([a-z0-9]+(?:-[a-z0-9]+)+)"'
            if os.path.basename(folder) == "rules":
                continue  # lint looks only: LOOKS_ONLY holds for whatever it finds
            text = "\n".join(line for line in text.splitlines()
                             if not line.lstrip().startswith("//"))
            found.update(re.findall(words, text))
            found.update(re.findall(r'\.id = "([a-z-]+)"', text))
            if '"unknown-" +' in text:
                found.update({"unknown-drop", "unknown-rename"})
    return found


def changed(before, after):
    return [f"{name}: {before.get(name, ('none',))[:2]} -> {after.get(name, ('none',))[:2]}"
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)]


def try_row(index):
    wanted, prepare, commands, project = ROWS[index]
    faults = []
    told = set()
    world = World(TOOL, SOURCE, os.path.join(SCRATCH, f"{index}-{wanted[0]}", "work"))
    kept = os.path.join(SCRATCH, f"{index}-{wanted[0]}", "kept")
    os.makedirs(world.root)
    world.begin(**project)
    prepare(world)
    shutil.copytree(world.root, kept, symlinks=True)
    before = world.state()
    for command in commands:
        done = world.run(*command)
        told.update(ids(done.stdout))
        after = world.state()
        looks_only = command[0] in LOOKS_ONLY or "--dry-run" in command
        if done.returncode not in (0, 1, 2):
            faults.append(f"{wanted}: {command}: exit code {done.returncode}")
        if after == before:
            continue
        if done.returncode != 0 or looks_only:
            faults.append(f"{wanted}: {' '.join(command)} was refused and changed "
                          f"{changed(before, after)}\n{done.stdout}")
        shutil.rmtree(world.root)
        shutil.copytree(kept, world.root, symlinks=True)
        before = world.state()
    for one in wanted:
        if one not in told:
            faults.append(f"{one}: no command told it, but {sorted(told)}")
    return faults


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    only = sys.argv[4:]
    chosen = [i for i, one in enumerate(ROWS) if not only or set(only) & set(one[0])]
    with ThreadPoolExecutor(max_workers=2) as pool:
        faults = [fault for found in pool.map(try_row, chosen) for fault in found]
    known = {one for entry in ROWS for one in entry[0]}
    given = ids_of_sources() - NOT_AN_ID
    if not only:
        faults += [f"{one}: is told by no row; write one, or say in NO_REFUSAL why "
                   "there can be none" for one in sorted(given - known - NO_REFUSAL.keys())]
        faults += [f"{one}: is in no source any more; remove it"
                   for one in sorted((known | NO_REFUSAL.keys()) - given)]
        faults += [f"{one}: has a row and is in NO_REFUSAL"
                   for one in sorted(known & NO_REFUSAL.keys())]
    print("\n".join(faults) or f"{len(known)} refusals, {len(chosen)} states, "
          f"{len(COMMANDS)} commands: no file was touched")
    shutil.rmtree(SCRATCH, ignore_errors=True)
    return 1 if faults else 0


sys.exit(main())
