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
# GBCS, Message Categories, where no message was seen: recovery and contingency are signed only, root replacement as its siblings.
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


ZCL_FIELDS = {}


def fixed_fields(cluster, frame, command, fixed):
    """Fixed values under the names of the command's table row; what is no field of it is left out."""
    names = ZCL_FIELDS.get((cluster, 'server' if frame & 8 else 'client', command), []) if frame & 1 else []
    kept = []
    for entry in fixed:
        name, value = entry.split('=')
        name = name.replace('totalNumberOf', 'numberOf')
        for n in names:
            if n.lower() == name.lower() or name == 'numberOfCommands' and n == 'totalCommands':
                kept.append(n + '=' + value)
    return '|'.join(kept)


def zcl():
    out = {}
    for r in rows('catalogue/gbz_commands.csv'):
        cluster = '*' if r['cluster'] == 'any' else r['cluster']
        side = r['direction'].split('-')[0] if cluster != '*' else ''
        key = (cluster, side, r['command_id'])
        out[key] = [cluster, side, r['command_id'], camel(r['command_name']),
                    LAYOUTS.get(key) or layout(r['payload_layout_little_endian'])]
    for key, line in out.items():
        ZCL_FIELDS[key] = re.findall(r'(\w+):', line[4])
    write('zcl-commands.tsv', ['Commands by cluster (* for profile-wide ones), sending side and id. Fields are name:type, numbers little-endian;',
                               '(...)*name repeats as often as that field says, (...)* to the end of the payload; a type with ? may be left out at the end.'],
          ['cluster', 'side', 'command', 'name', 'fields'], [out[k] for k in sorted(out)])
    write('zcl-attributes.tsv', ['Attributes by cluster and id with their ZCL data type.'], ['cluster', 'attribute', 'name', 'type'],
          [[r['cluster'], r['attribute_id'], camel(re.sub(r'\(.*\)', '', re.sub(r'([a-z])([A-Z])', r'\1 \2', r['attribute_name']))),
            r['zcl_type_seen_in_rtds']] for r in rows('catalogue/gbz_attributes.csv')])


# Elements of alerts after code and time, by the GBCS definition of alerts: shape and our names. Nothing after them: no row.
ALERTS = {
    '00CC': [('oct(19)', 'executedInstruction', '')], '00CE': [('oct(32)', 'firmwareHash', '')],
    '00F0': [('oct(2)', 'detail', '')],
    '0067': [('oct(12)', 'SupplyOutageRestore', 'interruptionValue'), ('oct(12)', 'SupplyOutageRestore', 'restorationValue')],
    '0061': [('array<struct(enum,struct(oct,oct,oct,oct,struct(enum,struct(oct,oct))))>', 'protectionParameters', ''),
             ('oct', 'BillingDataLog', '')],
    '0018': [('struct(oct,oct,array<struct(oct,oct)>)', 'DeviceLog(CHF)',
              'alertOutput.backupDateTime|alertOutput.hanIdentifier|devices.deviceIdentifier|devices.securityDetails')],
    '0110': [('oct(8)', 'deviceIdentifier', '')], '0115': [('oct(8)', 'deviceIdentifier', '')],
    '0111': [('struct(bits(32),oct)', 'SubGHzChannel', 'channel|detail')],
    '0112': [('struct(oct,oct)', 'SubGHzChannelScan', 'first|second')],
    '0113': [('struct(bits(32),bits(32),bits(32),bits(32),u16,u16,u8,u16,u8,u8,u16,u8,u16,u16,u16)', 'SubGHzConfigurationSettings', '*')],
    '0114': [('oct(25)', 'discardedMessage', '')], '0120': [('oct(10)', 'unsupportedCommand', '')],
    '0121': [('u8', 'LimitAPCLevelCommandProcessed', 'apcDirectionAndNumber'), ('oct(12)', 'LimitAPCLevelCommandProcessed', 'apcLimitPeriodStart'),
             ('oct(12)', 'LimitAPCLevelCommandProcessed', 'apcLimitPeriodEnd'), ('u8', 'LimitAPCLevelCommandProcessed', 'resultingLevel')],
    '0122': [('u8', 'LimitAPCLevelEndedOrCancelled', 'apcDirectionAndNumber'), ('u8', 'LimitAPCLevelEndedOrCancelled', 'resultingLevel')],
    '0123': [('utf8', 'operationalUpdate', '')],
}
SAFE = re.compile(r'[^A-Za-z0-9_.\[\]()/+-]')


def smets(rows_of_item):
    """Object name and value names of the rows of one item: what stands before and after the colon, without blanks."""
    if not rows_of_item:
        return '', ''
    name = SAFE.sub('', rows_of_item[0]['name'].split(':', 1)[0])
    fields = []
    for r in rows_of_item:
        field = SAFE.sub('', r['name'].split(':', 1)[1] if ':' in r['name'] else '')
        if field and field not in fields:
            fields.append(field)
    return name, '|'.join(fields)


def dlms():
    standard = collections.defaultdict(list)
    for r in rows('gbcs-use-cases/dlms.csv'):
        standard[r['code']].append(r)
    anywhere = collections.defaultdict(list)
    for r in rows('gbcs-use-cases/dlms.csv'):
        key = (r['class'], r['obis'], re.sub(r'[^0-9]', '', r['number'])[:3], r['attribute_or_method'][:1] == 'M')
        if not anywhere[key] or anywhere[key][0]['code'] == r['code']:
            anywhere[key].append(r)
    seen = rows('catalogue/dlms_usecase_items.csv')
    plain = collections.defaultdict(list)
    targets = {}
    for r in seen:
        if r['direction'] == 'response-decrypted':
            plain[(r['code'], r['use_case'], r['list_length'], r['position'])].append(r['data_shape'])
        if r['direction'] == 'request':
            targets[(r['code'], r['use_case'], r['list_length'], r['position'])] = r
    out = []
    for r in seen:
        if r['direction'] == 'response-decrypted':
            continue
        key = (r['code'], r['use_case'], r['list_length'], r['position'])
        t = targets.get(key, r)
        wanted = standard[r['code']]
        if t['class_id'] == '30':
            # the protected objects stand in the standard's table after each protected read; where there are several reads
            # their objects follow one another in the same order
            reads = [i for i, x in enumerate(wanted) if x['class'] == '30' and x['obis'] == t['obis']]
            mine = []
            for x in wanted[reads[0] + 1:] if reads else []:
                if x['class'] == '30':
                    break
                if x['marking']:
                    mine.append(x)
            mine = mine or [x for x in wanted if x['marking']]
        else:
            mine = [x for x in wanted if (x['class'], x['obis']) == (t['class_id'], t['obis'])
                    and re.sub(r'[^0-9]', '', x['number'])[:3] == t['attr_or_method']
                    and (x['attribute_or_method'][:1] == 'M') == (t['op'] == 'action')]
            # codes younger than the standard's tables borrow the names of the same object in another use case
            mine = mine or [x for x in anywhere.get((t['class_id'], t['obis'], t['attr_or_method'], t['op'] == 'action'), [])]
        name, fields = smets(mine)
        out.append([r['code'], r['use_case'], 'COMMAND' if r['direction'] == 'request' else 'RESPONSE', r['list_length'], r['position'],
                    r['op'].upper(), t['class_id'], t['obis'],
                    t['attr_or_method'], r['data_shape'].replace(' ', ''),
                    ';'.join(plain[key]).replace(' ', '') if r['direction'] == 'response' else '', name, fields])
    for code, elements in sorted(ALERTS.items()):
        for i, (shape, name, fields) in enumerate(elements):
            if fields == '*':
                fields = '|'.join(SAFE.sub('', x['name'].split(':', 1)[1]) for x in standard[code])
            out.append([code, '', 'ALERT', len(elements), i, '', '', '', '', shape, '', name, fields])
    write('dlms-items.tsv', ['DLMS items per message code, variant and direction in order. Responses repeat the object of the request item they answer.',
                             'Alerts: the elements after alert code and time. plain: shapes of the decrypted data, separated by ;'],
          ['code', 'variant', 'direction', 'length', 'position', 'operation', 'class', 'obis', 'index', 'shape', 'plain', 'name', 'fields'], out)


def gbz():
    codes = {r['use_case']: r['code'] for r in rows('gbcs-use-cases/use_cases.csv')}
    out, here, found = [], [], collections.Counter()
    template = rows('gbcs-use-cases/gbz_templates.csv')
    for i, r in enumerate(template):
        if r['element'] == 'GBZ Use Case specific component':
            here = [codes[r['use_case']], {'Command': 'COMMAND', 'Normal response': 'RESPONSE', 'Pushed message': 'ALERT'}[r['heading']],
                    template[i - 1]['element'], {}, [], r['use_case'] + r['heading']]
            out.append(here)
        elif here and here[5] == r['use_case'] + r['heading']:
            here[3].setdefault(r['element'], r['value'])
            if r['element'].startswith('Attribute Identifier'):
                here[4] += re.findall(r'0x([0-9A-Fa-f]{4})', r['value'])
            fixed = re.fullmatch(r'0x[0-9A-Fa-f]+', r['value'])
            label = re.fullmatch(r'([A-Za-z /-]+) \((?:UINT|ENUM|BITMAP|INT|UTC).*', r['element'])
            if fixed and label and not r['element'].startswith(('Attribute Id', 'Status', 'Command identifier', 'Omitted')):
                here[3].setdefault('fixed', []).append(camel(label.group(1)) + '=' + r['value'][2:].upper())
    lines = []
    for code, direction, title, d, attributes, _ in out:
        control = d['Extended Header Control Field']
        many = re.search(r'\((?:(\d+)-)?(\d+|n) instances\)', title)
        least, most = (many.group(1) or many.group(2), many.group(2)) if many else ('1', '1')
        alternative = title.startswith('Alternate')
        lines.append([code, direction, found[(code, direction)], d['Extended Header Cluster ID'][2:6].upper(),
                      '%02X' % int(d['Frame control'][2:], 2), d['Command identifier'][2:4].upper(),
                      'yes' if re.match('0x0[23]', control) else 'no', 'yes' if control.startswith('0x1') else 'no',
                      '0' if alternative else least, most.replace('n', '255'), 'yes' if alternative else 'no',
                      ','.join(a.upper() for a in attributes),
                      fixed_fields(d['Extended Header Cluster ID'][2:6].upper(), int(d['Frame control'][2:], 2),
                                   d['Command identifier'][2:4].upper(), d.get('fixed', []))])
        found[(code, direction)] += 1
    known = {line[0] for line in lines}
    seen = set()
    for r in rows('catalogue/gbz_usecase_components.csv'):
        key = (r['code'], r['kind'], r['component'])
        if r['code'] in known or r['kind'] == 'PRECOMMAND' or key in seen:
            continue
        seen.add(key)
        payload = bytes.fromhex(r['payload_hex_plain'])
        read = not int(r['frame_control'], 16) & 3 and r['command'] == '00'
        ids = ['%04X' % int.from_bytes(payload[i:i + 2], 'little') for i in range(0, len(payload), 2)] if read else []
        lines.append([r['code'], r['kind'], r['component'], r['cluster'], r['frame_control'].upper(), r['command'].upper(), r['encrypted'],
                      'yes' if r['control_hex'][0] == '1' else 'no', '1', '1', 'no', ','.join(ids), ''])
    lines.sort(key=lambda line: (line[0], line[1], int(line[2])))
    write('gbz-items.tsv', ['GBZ components per message code and direction. Repeated components stand once with how often they may occur;',
                            'an alternative stands for those of the row before it that are not returned.'],
          ['code', 'direction', 'position', 'cluster', 'frame', 'command', 'encrypted', 'from-date', 'least', 'most', 'alternative',
           'attributes', 'fixed'], lines)


if __name__ == '__main__':
    use_cases()
    zcl()
    dlms()
    gbz()
