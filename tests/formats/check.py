"""Holds the reports of runs against the schemas that others publish for their formats.

Called by .ci/run as `check.py SCIMSNAP NODE_MODULES JUNIT_XSD`. It plays a sound endpoint, broken ones and none at all, and
checks JUnit by the XSD of Jenkins' xUnit plugin (as pytest ships it), SARIF by the schema of the standard (as
@microsoft/jest-sarif ships it), HAR by har-schema.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import jsonschema
import referencing
import referencing.jsonschema
import xmlschema

PROGRAM, NODE_MODULES, XSD = (pathlib.Path(word).resolve() for word in sys.argv[1:4])

REPORTS = {"--junit": "out.xml", "--sarif": "out.sarif", "--har": "out.har", "--json": "out.json"}

KNOWN = """
[[known]]
scenario = "groups/**"
cause = "one-removed-member/*"
reason = "a test"
owner = "nobody"
expires = 2999-12-31

[[known]]
scenario = "users/leaver-is-deactivated"
requirement = "id-stable"
reason = "passes by now"
owner = "nobody"
expires = 2999-12-31
"""

# The defects of the endpoint, the words of the run, and the settings.
RUNS = [
    ([], ["users", "conflicts"], ""),
    (["remove-one-removes-all", "created-always-active", "patch-unsupported"], ["users", "groups"], ""),
    (["remove-one-removes-all"], ["users/leaver-is-deactivated", "groups"], KNOWN),
    (["string-false-ignored", "json-as-text"], ["users", "--strict"], ""),
    (None, ["users", "--pack", "smoke"], ""),
]


def defects():
    said = subprocess.run([PROGRAM, "defects"], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in said.splitlines() if line.strip()}


def serve(switches):
    flags = [word for switch in switches for word in ("--defect", switch)]
    child = subprocess.Popen(
        [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--ready-json", "--quiet", *flags], stdout=subprocess.PIPE, text=True
    )
    return child, json.loads(child.stdout.readline())


def play(switches, words, settings, folder):
    (folder / "scimsnap.toml").write_text(settings)
    command = [PROGRAM, "run", *words, "--update", "no"]
    command += [word for pair in REPORTS.items() for word in pair]
    environment = {"PATH": os.environ["PATH"]}
    child = None
    if switches is not None:
        child, ready = serve(switches)
        command += ["--target", ready["scim"], "--token-env", "SCIM_TOKEN", "--read-lag", "0"]
        environment["SCIM_TOKEN"] = ready["token"]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    finally:
        if child is not None:
            child.kill()
            child.wait()
    if done.returncode not in (0, 1, 4):
        sys.exit(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def har_validator():
    schemas = {}
    for path in (NODE_MODULES / "har-schema" / "lib").glob("*.json"):
        schema = json.loads(path.read_text())
        if "$id" in schema:
            schemas[schema["$id"].rstrip("#")] = schema
    resources = [
        (name, referencing.Resource.from_contents(schema, default_specification=referencing.jsonschema.DRAFT6))
        for name, schema in schemas.items()
    ]
    registry = referencing.Registry().with_resources(resources)
    return jsonschema.Draft6Validator(schemas["har.json"], registry=registry)


def sarif_validator():
    (path,) = (NODE_MODULES / "@microsoft" / "jest-sarif").rglob("sarif-2.1.0*.json")
    schema = json.loads(path.read_text())
    return jsonschema.validators.validator_for(schema)(schema)


def check_json(name, validator, document):
    errors = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]
    if errors:
        sys.exit(f"{name} does not fit its schema:\n" + "\n".join(errors[:20]))


def check_junit(schema, text):
    root = ElementTree.fromstring(text)
    cases = root.findall(".//testcase")
    for case in cases:
        if not all(case.get(name) for name in ("name", "classname", "time")):
            sys.exit(f"a test case lacks an attribute: {case.attrib}")
    # Others read the file and the properties of a case, and how many were skipped, of which the schema knows nothing.
    plain = copy.deepcopy(root)
    plain.attrib.pop("skipped", None)
    for case in plain.findall(".//testcase"):
        case.attrib.pop("file", None)
        for properties in case.findall("properties"):
            case.remove(properties)
    errors = [f"{error.path}: {error.reason}" for error in schema.iter_errors(plain)]
    if errors:
        sys.exit("the JUnit report does not fit its schema:\n" + "\n".join(errors[:20]))
    return len(cases)


def main():
    there = defects()
    har, sarif, junit = har_validator(), sarif_validator(), xmlschema.XMLSchema(str(XSD))
    # A validator that lets everything pass proves nothing.
    assert list(har.iter_errors({"log": {"version": "1.2"}})) and list(sarif.iter_errors({"version": "2.1.0", "runs": 1}))
    assert list(junit.iter_errors(ElementTree.fromstring("<testsuites><case/></testsuites>")))
    for switches, words, settings in RUNS:
        missing = set(switches or []) - there
        if missing:
            sys.exit(f"there are no defects {missing}")
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            play(switches, words, settings, folder)
            document = {name: (folder / name).read_text() for name in REPORTS.values()}
        archive, log, report = (json.loads(document[name]) for name in ("out.har", "out.sarif", "out.json"))
        check_json("the HAR archive", har, archive)
        check_json("the SARIF log", sarif, log)
        cases = check_junit(junit, document["out.xml"])
        entries, sent = len(archive["log"]["entries"]), report["summary"]["requests"]
        if entries < sent:
            sys.exit(f"the archive has {entries} exchanges of {sent}")
        print(f"{words}: {cases} test cases, {len(log['runs'][0]['results'])} results, {entries} exchanges")


if __name__ == "__main__":
    main()
