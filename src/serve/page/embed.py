#!/usr/bin/env python3
"""Writes files into a C table (serve/page/static.h): as they are, compressed, with their tags.

    embed.py OUTPUT FOLDER FILE…

The compressed form says nothing of when or where it was made, so that one tree gives the
same bytes twice.
"""
import hashlib
import pathlib
import sys
import zlib

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def gzip(content):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def array(name, content):
    rows = (content[at:at + 24] for at in range(0, len(content), 24))
    lines = ",\n".join(",".join(map(str, row)) for row in rows)
    return f"static const unsigned char {name}[] = {{\n{lines}}};\n"


def main(output, folder, *names):
    arrays, table = [], []
    for number, name in enumerate(names):
        content = pathlib.Path(folder, name).read_bytes()
        packed = gzip(content)
        tag = hashlib.sha256(content).hexdigest()[:32]
        arrays.append(array(f"plain_{number}", content) + array(f"packed_{number}", packed))
        table.append(
            f'    {{"{name}", "{TYPES[pathlib.Path(name).suffix]}", "\\"{tag}\\"", '
            f'"\\"{tag}-gz\\"",\n     {{(const char *)plain_{number}, sizeof plain_{number}}},\n'
            f'     {{(const char *)packed_{number}, sizeof packed_{number}}}}},\n')
    pathlib.Path(output).write_text(
        '#include "serve/page/static.h"\n\n' + "\n".join(arrays)
        + "\nconst wf_static_file wf_static_files[] = {\n" + "".join(table) + "};\n"
        + f"const size_t wf_static_files_count = {len(names)};\n")


main(*sys.argv[1:])
