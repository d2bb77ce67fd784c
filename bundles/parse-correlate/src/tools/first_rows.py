#!/usr/bin/env python3
"""First rows of the MMC mapping from the fact tables and the official schema. The committed rows are edited by hand since.

usage: first_rows.py <shared folder> <output folder>

Writes services.csv (Service Request -> response element), the mask tables of enumerations (alert settings), and
first-commands.map: one `use` line for every message code whose response element has no content of its own.
"""
import csv
import pathlib
import sys
import xml.etree.ElementTree as ET

shared, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
X = "{http://www.w3.org/2001/XMLSchema}"
root = ET.parse(shared / "rtds/schemas/MMC Schema V5.4.xsd").getroot()
types = {e.get("name"): e for e in root if e.tag == X + "complexType"}
responses = {e.get("name"): types[e.get("type").split(":")[1]]
             for e in types["ResponsePayload"].iter(X + "element") if (e.get("name") or "").endswith("Rsp")}
services = list(csv.DictReader(open(shared / "facts/catalogue/srv-duis54.csv")))
renamed = {"ReadDeviceConfigurationBillingCalendar": "ReadDeviceConfigurationDataBillingCalendar"}

with open(out / "services.csv", "w") as f:
    f.write("service,element\n")
    for s in services:
        element = renamed.get(s["body_element"], s["body_element"]) + "Rsp"
        if element in responses:
            f.write(f"{s['srv']},{element}\n")
        elif s["gbcs_use_cases"]:
            f.write(f"{s['srv']},-\n")
            print("no response element:", s["srv"], element)

element_of = {r["service"]: r["element"] for r in csv.DictReader(open(out / "services.csv"))}
plain = {n for n, t in responses.items() if not list(t.iter(X + "element")) and n != "CommissionDeviceSynchroniseClockRsp"}
codes = {r["code_hex"]: r for r in csv.DictReader(open(shared / "facts/catalogue/message_codes.csv"))}
with open(out / "first-commands.map", "w") as f:
    for code, r in codes.items():
        if code in ("00CC", "00CD", "00CA", "00CB", "0113", "0124"):
            continue
        srvs = [s for s in r["srvs"].split() if s in element_of]
        if srvs and all(element_of[s] in plain or element_of[s] == "-" for s in srvs):
            name = (r["use_cases_in_rtds"] or r["name"]).split()[0]
            f.write(f"use {code} {name} {' '.join(srvs)}\n")
        elif srvs:
            print("with content:", code, r["use_cases_in_rtds"], srvs, [element_of[s] for s in srvs])

with open(out / "masks.csv", "w") as f:
    for table, name in (("supplier-common", "SupplierESMECommon"), ("supplier-polyphase", "SupplierESMEPolyPhase"),
                        ("operator-common", "NetworkOperatorESMECommon"), ("operator-single", "NetworkOperatorESMESinglePhase"),
                        ("operator-polyphase", "NetworkOperatorESMEPolyPhase"), ("gas-supplier", "SupplierGSMEAlertsEvents")):
        for e in types[name].iter(X + "element"):
            f.write(f"{table},{e.get('name')[1:]},{e.get('name')}\n")
