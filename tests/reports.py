"""reports.py DBXC - see reports.sh. Each bundle of golden/ is linted in every form; all must tell the same findings."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import jsonschema

DBXC = sys.argv[1]
ROOTS = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")
SEVERITY = {"error": "major", "warning": "minor", "note": "info"}
GITHUB = re.compile(r"^::(error|warning|notice) ((?:[A-Za-z]+=[^,:\r\n]*,)*title=[a-z0-9-]+)::(.+)$")
schemas = {name: json.load(open(f"tests/schema/{name}.json")) for name in ("sarif", "gitlab", "findings")}
for schema in schemas.values():
    jsonschema.Draft7Validator.check_schema(schema)
passed = failed = 0


def check(where, good, text):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"{where}: {text}")


def lint(folder, form, *more):
    run = subprocess.run([DBXC, "lint", "--exit-zero", "--format", form, *more, "."], cwd=folder, capture_output=True, timeout=60)
    return run.returncode, run.stdout.decode("utf-8")


def valid(where, document, schema):
    error = next(jsonschema.Draft7Validator(schemas[schema]).iter_errors(document), None)
    check(where, error is None, error and f"{schema}: {error.message} at {list(error.absolute_path)}")


def sarif_results(document, suppressed=False):
    for result in document["runs"][0]["results"]:
        if bool(result.get("suppressions")) == suppressed:
            yield result


def key(finding):
    return finding["rule"], finding["severity"], finding.get("file"), finding.get("start", {}).get("line")


def check_sarif(where, findings, text):
    document = json.loads(text)
    valid(where, document, "sarif")
    rules = [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]]
    told = []
    for result in document["runs"][0]["results"]:
        check(where, rules[result["ruleIndex"]] == result["ruleId"], f"ruleIndex of {result['ruleId']}")
    for result in sarif_results(document):
        place = result.get("locations", [{}])[0].get("physicalLocation")
        told.append((result["ruleId"], result["level"], bool(place), place and place["region"]["startLine"]))
    want = [(f["rule"], f["severity"], "file" in f, f.get("start", {}).get("line")) for f in findings]
    check(where, told == want, f"sarif tells {told}, json {want}")
    prints = [str(result["partialFingerprints"]) for result in document["runs"][0]["results"]]
    check(where, len(set(prints)) == len(prints), "two fingerprints are the same")


def check_gitlab(where, findings, text):
    document = json.loads(text)
    valid(where, document, "gitlab")
    told = [(item["check_name"], item["severity"]) for item in document]
    check(where, told == [(f["rule"], SEVERITY[f["severity"]]) for f in findings], "gitlab tells others than json")
    prints = [item["fingerprint"] for item in document]
    check(where, len(set(prints)) == len(prints), "two fingerprints are the same")


def check_github(where, findings, text):
    lines = text.splitlines()
    check(where, len(lines) == len(findings), f"github has {len(lines)} lines for {len(findings)} findings")
    for line in lines:
        check(where, GITHUB.match(line), f"no workflow command: {line}")


def check_junit(where, findings, text):
    suites = xml.fromstring(text)
    cases = suites.findall("testsuite/testcase")
    failures = [case for case in cases if case.find("failure") is not None]
    check(where, int(suites.get("tests")) == len(cases) > 0 or not findings, "junit counts its cases wrongly")
    check(where, int(suites.get("failures")) == len(failures), "junit counts its failures wrongly")
    check(where, len(failures) == sum(f["severity"] == "error" for f in findings), "junit fails others than json")


def check_bundle(folder):
    status, text = lint(folder, "json")
    if status not in (0, 2):
        return
    document = json.loads(text)
    findings = document["findings"]
    valid(folder, document, "findings")
    for level, count in document["count"].items():
        check(folder, count == sum(f["severity"] == level for f in findings), f"{level}s are counted wrongly")
    lines = [json.loads(line) for line in lint(folder, "jsonl")[1].splitlines()]
    check(folder, lines == findings, "jsonl and json differ")
    check(folder, len(lint(folder, "concise")[1].splitlines()) == len(findings), "concise has not a line for each finding")
    check_sarif(folder, findings, lint(folder, "sarif")[1])
    check_gitlab(folder, findings, lint(folder, "gitlab")[1])
    check_github(folder, findings, lint(folder, "github")[1])
    if status == 0:
        check_junit(folder, findings, lint(folder, "junit", "--fail-on", "error")[1])


def fingerprints(folder):
    document = json.loads(lint(folder, "sarif")[1])
    return [result["partialFingerprints"]["dbxcFinding/v1"] for result in document["runs"][0]["results"]]


def check_moved(source):
    """Lines that move keep their fingerprints; one that changes does not; a correction that is made is gone."""
    with tempfile.TemporaryDirectory() as work:
        folder = os.path.join(work, "bundle")
        shutil.copytree(source, folder)
        path = os.path.join(folder, "databricks.yml")
        text = open(path, encoding="utf-8").read()
        before = fingerprints(folder)
        open(path, "w", encoding="utf-8").write("# moved\n\n" + text)
        check("moved lines", fingerprints(folder) == before, "the fingerprints are others")
        open(path, "w", encoding="utf-8").write(text.replace("wriet", "wrtie"))
        check("a changed line", len(set(before) - set(fingerprints(folder))) == 1, "one fingerprint was to change")
        lines = text.splitlines(keepends=True)
        fixes = [f["fix"] for f in json.loads(lint(source, "json")[1])["findings"] if "fix" in f]
        check("corrections", len(fixes) == 3, f"there are {len(fixes)}")
        for fix in reversed(fixes):
            row, start, end = fix["start"]["line"] - 1, fix["start"]["column"] - 1, fix["end"]["column"] - 1
            lines[row] = lines[row][:start] + fix["text"] + lines[row][end:]
        open(path, "w", encoding="utf-8").write("".join(lines))
        left = json.loads(lint(folder, "json")[1])["findings"]
        check("corrections", not any("fix" in f for f in left), "they do not cure what they are for")


def main():
    folders = [here for here, _, names in sorted(os.walk("golden")) if any(root in names for root in ROOTS)]
    for folder in folders:
        check_bundle(folder)
    check_moved("golden/lint-human")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
