#!/usr/bin/env python3
"""First rows of this bundle's tables, from the fact sheets under ../shared (see the README there).

Run from the project's root: python3 bundles/gbcs/src/tools/generate_tables.py
The rows in src/main/resources are the project's own from then on: look at the difference before you commit it.
"""
import collections
import csv
import os
import re

SHARED = os.environ.get('POSTERN_SHARED', '../shared') + '/facts/'
OUT = 'bundles/gbcs/src/main/resources/org/postern/gbcs/'

# Names of codes that the tables give no short name of their own, or one per variant.
NAMES = {
    '0004': 'CCS05', '0008': 'CS02a', '000F': 'CS04AC', '0055': 'ECS47', '005F': 'ECS62', '0062': 'ECS70', '007F': 'GCS28',
    '00AB': 'CS03A2', '00AF': 'CS03C', '00CA': 'CS06', '00CB': 'CS02b', '00CC': 'FDEI-DLMS', '00CD': 'FDEI-ZigBee',
    '00CE': 'FDRA-DLMS', '00CF': 'FDRA-ZigBee', '00D5': 'FTDRP', '00F0': 'MIIWA-DLMS', '00F2': 'MIIWA-ZigBee', '0113': 'DBCH09',
    '011B': 'CS02f', '0124': 'CS02g', '0125': 'CS02g', '0126': 'CS02g', '1000': 'GCA', '1001': 'GNCA', '00EF': 'ECS25r2',
}
for c in range(0x100, 0x10A):
    NAMES['%04X' % c] = 'CS02b'
# Facts 1.4 where no message was seen: recovery and contingency are signed only, root replacement as its siblings.
PROTECTION = {'0100': ('MAC+SIG', 'SIG', ''), '0101': ('MAC+SIG', 'SIG', ''), '0109': ('SIG', 'SIG', '')}
FAMILY = {'1000': 'DLMS,GBZ', '1001': 'DLMS,GBZ', '0100': 'ASN1', '0101': 'ASN1'}
DEVICE_TO_DEVICE = {'0090', '009B', '0116', '0117', '0118', '0119'}
ASN1 = {
    '0008': ('CredentialsQuery', 'CredentialsReport', ''), '011B': ('CredentialsQuery', 'CredentialsReport', ''),
    '000A': ('KeyUsage', 'CertificationRequest', ''), '000B': ('Certificate', 'Outcome', ''),
    '000C': ('KeyUsage', 'DeviceCertificate', ''), '000D': ('Join', 'Outcome', ''), '000E': ('Join', 'Outcome', ''),
    '00AB': ('Join', 'Outcome', ''), '00AF': ('Join', 'Outcome', ''), '000F': ('Unjoin', 'Outcome', ''),
    '0010': ('Unjoin', 'Outcome', ''), '0012': ('ActivateFirmware', 'FirmwareActivation', ''), '0013': ('Nothing', 'DeviceLog', ''),
    '007F': ('SetClock', 'ClockStatus', ''), '008C': ('RestoreDeviceLog', 'RestoreOutcome', ''),
    '0129': ('Nothing', 'FirmwareVersion', ''), '00CA': ('', '', 'FirmwareActivationAlert'),
    '00CB': ('', '', 'CredentialsAlert'), '0124': ('', '', 'CredentialsAlert'), '00B2': ('', '', 'DeviceLogAlert'),
    '0128': ('', '', 'FirmwareTransferAlert'), '012B': ('', '', 'FirmwareVersionAlert'),
}
for c in list(range(0x100, 0x10A)) + [0x125, 0x126]:
    ASN1['%04X' % c] = ('ReplaceCredentials', 'CredentialsOutcome', '')


def rows(name):
    with open(SHARED + name, newline='') as f:
        return list(csv.DictReader(f))


def write(name, comment, header, lines):
    with open(OUT + name, 'w') as f:
        for c in comment:
            f.write('# ' + c + '\n')
        f.write('\t'.join(header) + '\n')
        for line in lines:
            assert len(line) == len(header), line
            assert not any('\t' in str(v) or '\n' in str(v) for v in line), line
            f.write('\t'.join(str(v) for v in line) + '\n')
    print(name, len(lines))


def use_cases():
    codes = {r['code_hex']: r for r in rows('catalogue/message_codes.csv')}
    standard = {r['code']: r for r in rows('gbcs-use-cases/use_cases.csv')}
    out = []
    for code in sorted(set(codes) | set(standard)):
        m, s = codes.get(code, {}), standard.get(code, {})
        others = (m.get('use_cases_in_rtds') or '').split()
        first = re.match(r'[A-Z]+\d+\w*', m.get('name') or '')
        name = NAMES.get(code) or s.get('use_case') or (others[0] if len(others) == 1 else first.group(0) if first else others[0])
        kind = m.get('gbcs_message_type') or s.get('message_type') or ''
        kind = re.match(r'SME\.[AC]\.(C|NC)\b|SME\.C\.PPMID-GSME|', kind).group(0)
        seen = collections.defaultdict(set)
        for part in (m.get('protection_seen') or '').split():
            who, what = part.split(':')
            seen[who].add(what)
        protection = PROTECTION.get(code) or tuple(','.join(sorted(seen[w])) for w in ('COMMAND', 'RESPONSE', 'ALERT'))
        family = FAMILY.get(code) or (m.get('payload_family') or '').upper()
        if not any(protection) and kind.startswith('SME'):
            raise SystemExit('no protection for ' + code)
        services = m.get('srvs') or s.get('service_reference') or ''
        services = ','.join(re.findall(r'\d+(?:\.\d+)+', services))
        variants = ','.join(o for o in others if o != name)
        asn1 = ASN1.get(code, ('', '', ''))
        if family == 'ASN1' and not any(asn1):
            raise SystemExit('no ASN.1 shape for ' + code)
        out.append([code, name, family, kind, *protection, 'yes' if code in DEVICE_TO_DEVICE else 'no', services, variants, *asn1])
    write('use-cases.tsv', ['One row per message code. Protection: MAC, SIG, MAC+SIG; several where the counterparty decides;',
                            'empty where the code is not sent in that direction or nothing is known.'],
          ['code', 'name', 'family', 'type', 'command', 'response', 'alert', 'device-to-device', 'services', 'variants',
           'asn1-command', 'asn1-response', 'asn1-alert'], out)


# Fields whose label does not give a good name, and what ends a repetition: a field that holds the number, or the payload's end.
FIELDS = {
    'Tariff TOU Register Matrix []': 'tariffTouRegister', 'Tariff TOU Block Counter Matrix []': 'tariffBlockCounter',
    'Time Debt Registers [1]': 'timeDebtRegister1', 'Time Debt Registers [2]': 'timeDebtRegister2',
    'Day Id Refs (Monday to Sunday)': 'dayIds', 'Schedule Entry  Start Time': 'startMinute', 'Season  Start Date': 'startDate',
    'Season  Week Id Ref': 'weekId', 'Special Day  Date': 'date', 'Special Day  Day Id Ref': 'dayId',
    'attribute ids until end': 'attributeId', 'command id being answered': 'command', 'ZCL status': 'status',
    'Number of Tiers and Block Thresholds in Use': 'tiersAndBlocksInUse', 'Number of Tiers in Use': 'tiersInUse',
}
COUNTS = {'tariffTouRegister': 'tiersInUse', 'sample': 'numberOfSamples',
          'blockThreshold': 'numberOfBlockThresholds'}
LAYOUTS = {('0707', 'client', '00'): 'earliestStartTime:utc32 minimumIssuerEventId:u32 numberOfCalendars:u8 calendarType:u8 providerId:u32',
           # an entry is three bytes: the byte after the start is a price tier in tariff calendars, an enable flag in friendly-credit ones
           ('0707', 'server', '01'): 'providerId:u32 issuerEventId:utc32 issuerCalendarId:u32 dayId:u8 numberOfScheduleEntries:u8 '
                                     'commandIndex:u8 numberOfCommands:u8 calendarType:u8 (startMinute:u16 tierOrFriendlyCredit:u8)*',
           ('0703', 'server', '00'): 'messageId:utc32 messageControl:map8 startTime:utc32 durationInMinutes:u16 message:octstr '
                                     'extendedMessageControl:map8?',
           ('*', '', '00'): '(attributeId:u16)*', ('*', '', '01'): 'ATTRIBUTES'}
TYPES = {'octstr(len8)': 'octstr', 'octstr20': 'octstr', 'bytes2': 'u16'}


def camel(label):
    if label in FIELDS:
        return FIELDS[label]
    words = re.findall(r'[A-Za-z0-9]+', label)
    return words[0].lower() + ''.join(w[0].upper() + w[1:].lower() for w in words[1:])


def layout(text):
    out, group = [], None
    for part in text.split(';'):
        part = part.strip()
        if not part:
            continue
        if part.startswith('REPEAT:'):
            if group:
                out.append(close(group))
            group, part = [], part[7:].strip()
        kind, label = part.split(' ', 1)
        field = camel(label) + ':' + TYPES.get(kind, kind)
        if group is not None and camel(label) == 'tiersAndBlocksInUse':
            out.append(close(group))
            group = None
        (out if group is None else group).append(field)
    if group:
        out.append(close(group))
    return ' '.join(out)


def close(group):
    first = group[0].split(':')[0]
    return '(' + ' '.join(group) + ')*' + ('numberOfEvents' if group == ['eventId:u16'] else COUNTS.get(first, ''))


def zcl():
    out = {}
    for r in rows('catalogue/gbz_commands.csv'):
        cluster = '*' if r['cluster'] == 'any' else r['cluster']
        side = r['direction'].split('-')[0] if cluster != '*' else ''
        key = (cluster, side, r['command_id'])
        out[key] = [cluster, side, r['command_id'], camel(r['command_name']),
                    LAYOUTS.get(key) or layout(r['payload_layout_little_endian'])]
    write('zcl-commands.tsv', ['Commands by cluster (* for profile-wide ones), sending side and id. Fields are name:type, numbers little-endian;',
                               '(...)*name repeats as often as that field says, (...)* to the end of the payload; a type with ? may be left out at the end.'],
          ['cluster', 'side', 'command', 'name', 'fields'], [out[k] for k in sorted(out)])
    write('zcl-attributes.tsv', ['Attributes by cluster and id with their ZCL data type.'], ['cluster', 'attribute', 'name', 'type'],
          [[r['cluster'], r['attribute_id'], camel(re.sub(r'\(.*\)', '', re.sub(r'([a-z])([A-Z])', r'\1 \2', r['attribute_name']))),
            r['zcl_type_seen_in_rtds']] for r in rows('catalogue/gbz_attributes.csv')])


if __name__ == '__main__':
    use_cases()
    zcl()
