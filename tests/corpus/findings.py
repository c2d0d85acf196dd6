#!/usr/bin/env python3
"""What `dbxc lint` finds in bundles that other people wrote, held against the list of what is truly wrong with them.

    findings.py DBXC FINDINGS.tsv FOLDER     compares
    findings.py DBXC - FOLDER                prints what is found, to be read and, where true, listed

Each line of the list: BUNDLE <tab> FILE:LINE <tab> LEVEL RULE <tab> why it is true. A bundle is linted for every target that
FOLDER knows of (expected/TARGET.json), with the arguments given there; what several targets find counts once.
"""
import glob
import json
import os
import re
import subprocess
import sys

FINDING = re.compile(r"^(\S[^:\n]*):(\d+):\d+: (error|warning|note): (.*) \[([a-z0-9-]+)\]$", re.M)


def found(dbxc, folder):
    """{(bundle, file:line, level rule): message}"""
    all_of_it = {}
    for path in sorted(glob.glob(os.path.join(folder, "**", "expected", "*.json"), recursive=True)):
        here = os.path.dirname(os.path.dirname(path))
        want = json.load(open(path))
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DBXC_", "BUNDLE_", "DATABRICKS_"))}
        environment.update(want.get("environment") or {})
        done = subprocess.run([dbxc, "lint", "--color", "never", *want["arguments"]], cwd=here, env=environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        if done.returncode not in (0, 1):
            sys.exit(f"{path}: exit status {done.returncode}: {done.stderr}")
        for m in FINDING.finditer(done.stdout):
            all_of_it.setdefault((os.path.relpath(here, folder), f"{os.path.normpath(m[1])}:{m[2]}", f"{m[3]} {m[5]}"), m[4])
    return all_of_it


def main():
    dbxc, list_file, folder = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
    said = found(dbxc, folder)
    if list_file == "-":
        for key, message in said.items():
            print("\t".join((*key, message)))
        return
    known = {}
    for line in open(list_file, encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            bundle, place, what, reason = line.rstrip("\n").split("\t")
            known[bundle, place, what] = reason
    bad = 0
    for key, message in said.items():
        if key not in known:
            bad += 1
            print("found, and not listed: " + " ".join(key) + ": " + message)
    for key, reason in known.items():
        if key not in said:
            bad += 1
            print("listed, and not found: " + " ".join(key) + ": " + reason)
    print(f"{len(known.keys() & said.keys())} passed, {bad} failed")
    sys.exit(1 if bad else 0)


main()
