#!/usr/bin/env python3
"""Prints what a scan costs, as ratios to what a compiler takes for the same.

usage: scan_bench.py SCAN_BENCH INCLUDE_DIR [CLANG] [GXX]
"""
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HEADER = """#pragma once
#include <schemagen/annotations.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>
enum class SG_ENUM() Status{n} {{ on, off }};
/// Entity {n}.
struct SG_TABLE(.name = "t{n}") SG_INDEX(.columns = {{"rank", "score"}}) E{n} {{
  SG_COLUMN(.primary_key = true) std::int64_t id;
  SG_COLUMN(.unique = true, .max_length = 320) std::string email;
  SG_COLUMN(.renamed_from = "nick") std::optional<std::string> nickname;
  SG_COLUMN(.index = true) std::int32_t rank;
  SG_COLUMN(.check = "score > 0") double score;
  SG_COLUMN() std::chrono::system_clock::time_point created;
  SG_COLUMN(.comment = "x") Status{n} status;
  SG_COLUMN() std::optional<std::chrono::system_clock::time_point> gone;
  SG_COLUMN() std::vector<unsigned char> picture;
  SG_COLUMN(.name = "k") bool flag;
  SG_COLUMN() std::string text;
  SG_COLUMN() std::optional<std::int32_t> level;
  SG_IGNORE std::map<int, std::string> extra;
}};
"""
ROUNDS = 7


def once(command):
    """CPU seconds: the wall clock of a busy machine says little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def medians(commands):
    """Interleaved, so that the machine's moods meet all alike."""
    times = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, (prepare, command) in commands.items():
            prepare()
            times[name].append(once(command))
    return {name: statistics.median(list_) for name, list_ in times.items()}


def touch(path):
    """A change that no clock hides: the cache looks at content."""
    with open(path, "a") as header:
        header.write("// changed\n")
    time.sleep(0.03)


def main():
    scan, include = (os.path.abspath(word) for word in sys.argv[1:3])
    clang = sys.argv[3] if len(sys.argv) > 3 else "clang++-19"
    gxx = sys.argv[4] if len(sys.argv) > 4 else "g++"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        names = [f"m{n}.hpp" for n in range(1000)]
        for n, name in enumerate(names):
            pathlib.Path(name).write_text(HEADER.format(n=n))
        pathlib.Path("one.cpp").write_text('#include "m0.hpp"\n')
        pathlib.Path("all.cpp").write_text(
            "".join(f'#include "{name}"\n' for name in names))
        parse = ["-fsyntax-only", "-std=c++20", "-I" + include]
        nothing, change = (lambda: None), (lambda: touch("m0.hpp"))
        for _ in range(3):
            change()
            once([scan, "one", names[0]])
            once([scan, "all"] + names)
        times = medians({
            "clang one": (nothing, [clang] + parse + ["one.cpp"]),
            "g++ one": (nothing, [gxx] + parse + ["one.cpp"]),
            "clang all": (nothing, [clang] + parse + ["all.cpp"]),
            "cold one": (nothing, [scan, "", names[0]]),
            "cold all": (nothing, [scan, ""] + names),
            "warm one": (change, [scan, "one", names[0]]),
            "warm all": (change, [scan, "all"] + names),
        })
        unchanged = medians({"none": (nothing, [scan, "all"] + names)})["none"]
    for label, a, b, goal in [
            ("1 header, cold, to clang++", "cold one", "clang one", 0.85),
            ("1000 headers, cold, to clang++", "cold all", "clang all", 1.0),
            ("1 header, warm prelude, to g++", "warm one", "g++ one", 0.12),
            ("1000 headers, warm prelude, to clang++", "warm all", "clang all", 0.6)]:
        print(f"{label:42} {times[a] / times[b]:5.2f}  (at most {goal})"
              f"  {times[a] * 1000:.0f} ms")
    print(f"{'1000 headers, unchanged':42} {unchanged * 1000:5.1f} ms (at most 10)")


main()
