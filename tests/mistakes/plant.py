#!/usr/bin/env python3
"""Plants mistakes, one at a time, in bundles that are fine, and asks dbxc about each.

    plant.py DBXC [--kind TEXT] [--only TEXT] [--each N] [--excused FILE] [-v] FOLDER...

Every bundle below the FOLDERs that compiles is copied; then, for each kind of mistake in
kinds.py, up to N places that can hold it get it (chosen by a hash: the same each time),
`dbxc lint` reads the bundle, and the mistake counts as
    told    when there is a finding that the untouched bundle does not have,
    exact   when one of those is on a line that is to be changed,
    named   when that one says the guilty word.
What is not exact and named is listed, unless FILE excuses it: KIND <tab> BUNDLE <tab> reason.
The last line says how many are in order. Needs PyYAML.
"""
import argparse
import collections
import glob
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import yaml

import kinds

FINDING = re.compile(r"^(\S[^:\n]*):(\d+):\d+: (error|warning|note): (.*) \[([a-z0-9-]+)\]$")


class Bundle:
    """A bundle that dbxc finds nothing wrong with, its files as text and as YAML nodes."""

    def __init__(self, name, folder, arguments, environment):
        self.name, self.folder, self.arguments, self.environment = name, folder, arguments, environment
        self.texts, self.roots = {}, {}

    def read(self):
        for path in sorted(glob.glob(os.path.join(self.folder, "**", "*.y*ml"), recursive=True)):
            name = os.path.relpath(path, self.folder)
            if ".databricks" in name or "/expected/" in path:
                continue
            try:
                text = open(path, encoding="utf-8", newline="").read()
                root = yaml.compose(text, Loader=yaml.SafeLoader)
            except (UnicodeDecodeError, yaml.YAMLError):
                continue
            if isinstance(root, yaml.MappingNode):
                self.texts[name], self.roots[name] = text, root


def ask(dbxc, bundle):
    """(exit status, [(file, line, words)]) of one call; words: message, label and help of the finding."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DBXC_", "BUNDLE_", "DATABRICKS_"))}
    environment.update(bundle.environment)
    done = subprocess.run([dbxc, "lint", "--color", "never", *bundle.arguments], cwd=bundle.folder, env=environment,
                          capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=60)
    findings, open_one = [], False
    for line in (done.stdout + "\n" + done.stderr).split("\n"):
        found = FINDING.match(line)
        if found:
            findings.append([os.path.normpath(found[1]), int(found[2]), found[4] + " [" + found[5] + "]", ""])
            open_one = True
        elif re.match(r"^\S.*:\d+:\d+: note: ", line):
            open_one = True
            if findings:
                findings[-1][3] += "\n" + line
        elif open_one and findings and line.startswith(" "):
            findings[-1][3] += "\n" + line
    return done.returncode, findings, done.stderr


def live_files(dbxc, bundle):
    """The files that the call reads: those where nonsense is noticed."""
    live = []
    for name, text in bundle.texts.items():
        path = os.path.join(bundle.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text + "\n]: [\n")
        if ask(dbxc, bundle)[0] == 1:
            live.append(name)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)
    return live


def apply(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def try_one(dbxc, bundle, plant, before):
    """None, or what is wrong with the answer."""
    text = bundle.texts[plant.file]
    path = os.path.join(bundle.folder, plant.file)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(apply(text, plant.edits))
    try:
        status, findings, stderr = ask(dbxc, bundle)
    finally:
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)
    if status not in (0, 1, 3):
        return "crash", f"exit status {status}: {stderr[-300:]}"
    left = before.copy()
    fresh = []
    for f in findings:
        if left[f[2]] > 0 and not (f[0] == plant.file and f[1] in plant.lines):
            left[f[2]] -= 1
        else:
            fresh.append(f)
    if not fresh:
        return "silent", "nothing is told"
    here = [f for f in fresh if f[0] == plant.file and f[1] in plant.lines]
    if not here:
        return "elsewhere", "; ".join(f"{f[0]}:{f[1]}: {f[2]}" for f in fresh[:3])
    if plant.words and not any(w in f[2] + f[3] for f in here for w in plant.words):
        return "unnamed", "; ".join(f"{f[0]}:{f[1]}: {f[2]}" for f in here[:3])
    return None


def chosen(plants, bundle, kind, each):
    """At most `each`, the same ones every time, spread over the bundle."""
    key = lambda p: hashlib.sha256(f"{bundle.name} {kind} {p.file} {p.edits}".encode()).digest()
    return sorted(plants, key=key)[:each]


def bundles_in(folder):
    """(name, folder of the bundle, folder to copy, arguments, environment) of each bundle that is to compile."""
    seen = set()
    for path in sorted(glob.glob(os.path.join(folder, "**", "expected", "*.json"), recursive=True)):
        here = os.path.dirname(os.path.dirname(path))
        want = json.load(open(path))
        if here in seen or "refused" in want:
            continue
        seen.add(here)
        yield os.path.relpath(here, folder), here, want["arguments"], want.get("environment") or {}
    for path in sorted(glob.glob(os.path.join(folder, "*", "args"))):
        here = os.path.dirname(path)
        words = shlex.split(open(path).read())
        if not os.path.exists(os.path.join(here, "want.json")) or words[:1] != ["compile"]:
            continue
        if os.path.exists(os.path.join(here, "want.txt")) or os.path.exists(os.path.join(here, "env")):
            continue
        if any(w.startswith(("--after", "--job", "-o", "--o", "--all", "--check", "-")) and w not in ("-t", "--target", "--var", "--user",
               "--host", "--run-mode") for w in words[1:]) or any(".." in w for w in words):
            continue
        roots = [w for w in words[1:] if os.path.isdir(os.path.join(here, w))]
        if len(roots) > 1:
            continue
        yield os.path.basename(here), here, words[1:], {}


def main():
    a = argparse.ArgumentParser()
    a.add_argument("dbxc")
    a.add_argument("folders", nargs="+")
    a.add_argument("--kind", default="")
    a.add_argument("--only", default="")
    a.add_argument("--each", type=int, default=1)
    a.add_argument("--excused")
    a.add_argument("-v", action="store_true")
    o = a.parse_args()
    dbxc = os.path.abspath(o.dbxc)
    excused = [l.rstrip("\n").split("\t") for l in open(o.excused) if l.strip() and l[0] != "#"] if o.excused else []
    count = collections.defaultdict(collections.Counter)
    good = bad = 0
    for folder in o.folders:
        for name, here, arguments, environment in bundles_in(folder):
            if o.only not in name:
                continue
            with tempfile.TemporaryDirectory() as scratch:
                inner = os.path.join(scratch, "bundle")
                shutil.copytree(here, inner, symlinks=True, ignore=shutil.ignore_patterns("expected", "want.*"))
                subprocess.run(["chmod", "-R", "u+w", inner])
                bundle = Bundle(name, inner, arguments, environment)
                bundle.read()
                status, findings, stderr = ask(dbxc, bundle)
                if status != 0:
                    if o.v:
                        print(f"left out: {name}: it has errors of its own")
                    continue
                before = collections.Counter(f[2] for f in findings)
                site = kinds.Site(bundle, live_files(dbxc, bundle))
                for kind, find in kinds.ALL.items():
                    if o.kind not in kind:
                        continue
                    for plant in chosen(list(find(site)), bundle, kind, o.each):
                        wrong = try_one(dbxc, bundle, plant, before)
                        verdict, what = wrong or ("exact", "")
                        count[kind][verdict] += 1
                        if wrong and any(kind == e[0] and name == e[1] for e in excused):
                            count[kind]["excused"] += 1
                            good += 1
                        elif wrong:
                            bad += 1
                            line = min(plant.lines)
                            print(f"{kind}: {name}/{plant.file}:{line}: {verdict}: {plant.what}: {what}")
                        else:
                            good += 1
    if o.v:
        columns = ("exact", "unnamed", "elsewhere", "silent", "crash", "excused")
        print(f"{'kind':28}" + "".join(f"{c:>11}" for c in columns))
        for kind in kinds.ALL:
            if count[kind]:
                print(f"{kind:28}" + "".join(f"{count[kind][c] or '':>11}" for c in columns))
        total = sum(sum(v for k, v in c.items() if k != "excused") for c in count.values())
        print(f"{sum(c['exact'] for c in count.values())} of {total} told at the exact line, in words that name it")
    print(f"{good} passed, {bad} failed")
    sys.exit(1 if bad or not good else 0)


if __name__ == "__main__":
    main()
