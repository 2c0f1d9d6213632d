"""A project as CMake would have left it, without CMake, for the tests that run
the tool hundreds of times."""
import json
import os
import re
import stat
import subprocess

HEAD = "#include <schemagen/annotations.hpp>\n"
USER = HEAD + """struct SG_TABLE(.name = "users") User {
  long long id;
  char email[40];
};
"""
FIRST = "20260101000000_first"
EMBED = ("embed", "--stamp", "build/check.stamp", "--depfile", "build/check.d")


class World:
    """A project below `root` and the tool that works on it."""

    def __init__(self, tool, source, root):
        self.tool = os.path.abspath(tool)
        self.source = os.path.abspath(source)
        self.root = root

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        mode = "wb" if isinstance(text, bytes) else "w"
        options = {} if mode == "wb" else {"encoding": "utf-8", "errors": "surrogateescape"}
        with open(self.path(name), mode, **options) as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def change(self, name, old, new):
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}:\n{text}"
        self.write(name, text.replace(old, new, 1))

    def project(self, file="project.json", target="app", **more):
        keys = {
            "target": target, "kind": "entities", "namespace": "app",
            "headers": [self.path("user.hpp")], "dialects": ["sqlite"],
            "build_dir": self.path("build"), "source_dir": self.root,
            "schema_dir": self.path("migrations"), "output_dir": self.path("out"),
            "flags_file": self.path("build/flags"),
        }
        keys.update(more)
        self.write(f"build/schemagen/{target}/{file}", json.dumps(keys))

    def start(self, *arguments, **variables):
        return subprocess.Popen(
            [self.tool, *arguments], cwd=self.root, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C",
                 "SOURCE_DATE_EPOCH": "1780000000",
                 "SCHEMAGEN_POSTGRES_BIN": "/none",  # no server: faster
                 **variables})

    def run(self, *arguments, **variables):
        process = self.start(*arguments, **variables)
        text, _ = process.communicate()
        return subprocess.CompletedProcess(arguments, process.returncode, text)

    def must(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}"
        return done.stdout

    def begin(self, **project):
        self.write("user.hpp", USER)
        self.write("build/flags", f"-std=c++17\n-I{self.source}/runtime/include\n")
        self.project(**project)
        self.must("generate", "first", "--now", "20260101000000")
        self.must(*EMBED)

    def state(self):
        """What may not change, by name."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            for name in [".", *folders, *files]:
                path = os.path.join(folder, name)
                about = os.lstat(path)
                content = b""
                if stat.S_ISREG(about.st_mode):
                    with open(path, "rb") as file:
                        content = file.read()
                elif stat.S_ISLNK(about.st_mode):
                    content = os.readlink(path)
                # What was tried and taken back leaves its time on the folder.
                time = 0 if stat.S_ISDIR(about.st_mode) else about.st_mtime_ns
                found[os.path.relpath(path, self.root)] = (
                    stat.filemode(about.st_mode), time, content)
        return found


def content(world):
    """Names and bytes; the stamp counts by its time alone."""
    return {name: about[2] for name, about in world.state().items()
            if name != "build/check.stamp"}


def ids(text):
    return set(re.findall(r"\[([a-z0-9-]+)\]$", text, re.M))
