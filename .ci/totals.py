#!/usr/bin/env python3
"""Counts the tests in the surefire and failsafe reports below this repository, and names those that were skipped.

With --no-skips it ends with 1 if any was skipped. It always ends with 1 if any failed or none ran.
"""
import pathlib
import sys
import xml.etree.ElementTree as tree

root = pathlib.Path(__file__).resolve().parent.parent
passed, failed, skipped = 0, [], []
for report in sorted(root.glob("**/target/*-reports/TEST-*.xml")):
    for case in tree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(name)
        elif case.find("skipped") is not None:
            skipped.append(f"{name}: {case.find('skipped').get('message') or 'no reason given'}")
        else:
            passed += 1

for name in failed:
    print("failed:", name)
for name in skipped:
    print("skipped:", name)
print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
strict = "--no-skips" in sys.argv[1:]
sys.exit(1 if failed or not passed or (strict and skipped) else 0)
