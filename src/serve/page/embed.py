#!/usr/bin/env python3
"""Writes the files of the page into a C table (serve/page/static.h): as they are,
compressed, with their tags.

    embed.py OUTPUT DEPFILE LIST

LIST (web/dist/files.txt) names each file and its SHA-256; a file that is not what its list
says was changed by hand, and does not become part of the program. The compressed form says
nothing of when or where it was made, so that one tree gives the same bytes twice.
"""
import hashlib
import pathlib
import re
import sys
import zlib

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
# The name holds a hash of the content: what it names never changes.
LASTING = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z]+$")


def gzip(content):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def array(name, content):
    rows = (content[at:at + 24] for at in range(0, len(content), 24))
    lines = ",\n".join(",".join(map(str, row)) for row in rows)
    return f"static const unsigned char {name}[] = {{\n{lines}}};\n"


def listed(path):
    """(name, content) of each file of the list."""
    for line in path.read_text().splitlines():
        digest, name = line.split("  ", 1)
        if name == "(sources)":
            continue
        content = (path.parent / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            sys.exit(f"web/dist/{name} is not what files.txt says: run ./dev web")
        yield name, content


def main(output, depfile, list_name):
    path = pathlib.Path(list_name)
    arrays, table, inputs = [], [], []
    for number, (name, content) in enumerate(listed(path)):
        packed = gzip(content)
        tag = hashlib.sha256(content).hexdigest()[:32]
        lasting = "true" if LASTING.search(name) else "false"
        inputs.append(str(path.parent / name))
        arrays.append(array(f"plain_{number}", content) + array(f"packed_{number}", packed))
        table.append(
            f'    {{"{name}", "{TYPES[pathlib.Path(name).suffix]}", "\\"{tag}\\"", '
            f'"\\"{tag}-gz\\"", {lasting},\n     {{(const char *)plain_{number}, '
            f'sizeof plain_{number}}},\n'
            f'     {{(const char *)packed_{number}, sizeof packed_{number}}}}},\n')
    pathlib.Path(output).write_text(
        '#include "serve/page/static.h"\n\n' + "\n".join(arrays)
        + "\nconst wf_static_file wf_static_files[] = {\n" + "".join(table) + "};\n"
        + f"const size_t wf_static_files_count = {len(table)};\n")
    pathlib.Path(depfile).write_text(f"{output}: {' '.join(inputs)}\n")


main(*sys.argv[1:])
