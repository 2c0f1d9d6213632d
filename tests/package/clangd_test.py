#!/usr/bin/env python3
"""Talks to clangd as an editor does: with SCHEMAGEN_IDE, completion inside an
annotation offers its options and hover explains them; without it, neither.

usage: clangd_test.py CLANGD INCLUDE_DIR DOT_CLANGD
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HEADER = """#include <schemagen/annotations.hpp>
struct SG_TABLE(.name = "users") User {
  SG_COLUMN(.max_length = 3) int a;
  SG_COLUMN(.) int b;
};
"""


class Clangd:
    def __init__(self, program, folder):
        self.server = subprocess.Popen(
            [program, "--log=error", "--background-index=false"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=folder)
        self.last = 0

    def send(self, method, params, is_request=True):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if is_request:
            self.last += 1
            message["id"] = self.last
        body = json.dumps(message).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body))
        self.server.stdin.write(body)
        self.server.stdin.flush()
        return self.answer() if is_request else None

    def answer(self):
        while True:
            length = 0
            while (line := self.server.stdout.readline().strip()):
                name, value = line.split(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length == 0:
                sys.exit("clangd ended without an answer")
            message = json.loads(self.server.stdout.read(length))
            if message.get("id") == self.last and "method" not in message:
                return message.get("result")


def ask(clangd, include, settings):
    """Returns the completions after `SG_COLUMN(.` and the hover of an option."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "user.cpp"
        path.write_text(HEADER)
        (pathlib.Path(folder) / "compile_flags.txt").write_text(
            f"-std=c++20\n-I{include}\n")
        (pathlib.Path(folder) / ".clangd").write_text(settings)
        server = Clangd(clangd, folder)
        server.send("initialize", {"processId": None, "rootUri": path.parent.as_uri(),
                                   "capabilities": {}})
        server.send("initialized", {}, False)
        server.send("textDocument/didOpen", {"textDocument": {
            "uri": path.as_uri(), "languageId": "cpp", "version": 1,
            "text": HEADER}}, False)
        document = {"uri": path.as_uri()}
        hover = server.send("textDocument/hover", {
            "textDocument": document, "position": {"line": 2, "character": 15}})
        found = server.send("textDocument/completion", {
            "textDocument": document, "position": {"line": 3, "character": 13}})
        server.send("shutdown", None)
        server.send("exit", None, False)
        server.server.wait(timeout=30)
    items = found["items"] if found else []
    labels = sorted(item.get("insertText", item["label"]).strip()
                    for item in items)
    return labels, json.dumps(hover)


def main():
    clangd, include, settings = sys.argv[1:4]
    labels, hover = ask(clangd, include, pathlib.Path(settings).read_text())
    wanted = {"name", "max_length", "primary_key", "default_sql", "references"}
    text = " ".join(labels)
    missing = [word for word in sorted(wanted) if word not in text]
    if missing:
        sys.exit(f"completion lacks {missing}; it has {labels}")
    if "max_length" not in hover or "characters of text" not in hover:
        sys.exit(f"hover does not explain max_length: {hover}")
    labels, hover = ask(clangd, include, "")
    if "max_length" in " ".join(labels) or "characters of text" in hover:
        sys.exit("the annotations are visible without SCHEMAGEN_IDE")
    print("clangd completes and explains annotations")


main()
