#!/usr/bin/env python3
"""The project's own GBCS vectors: hex written by hand from GBCS (MAC Header, Grouping Header, payloads), protected by code that is not the codec under test.

    python3 bundles/gbcs/src/test/vectors/make_vectors.py    (needs the 'cryptography' package)

writes src/test/resources/org/postern/gbcs/vectors/: one commented hex file per message, index.tsv with what to expect, and
keys/ with a throwaway PKI that is made anew each time. The keys protect nothing and are published here on purpose.
"""
import datetime
import hashlib
import os
import shutil
import struct

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

OUT = os.path.join(os.path.dirname(__file__), '..', 'resources', 'org', 'postern', 'gbcs', 'vectors')
SUPPLIER, OPERATOR, ACB, OTHER = ('0A11000000000001', '0A11000000000003', '0A11000000000002', '0A11000000000009')
ESME, GSME, GPF, CHF = ('0A22000000000001', '0A22000000000002', '0A22000000000003', '0A22000000000004')
KEYS = {}


# --- throwaway PKI -------------------------------------------------------------------------------------------------------

def make_pki():
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'Z9'),
                        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, 'Postern Throwaway PKI')])
    folder = os.path.join(OUT, 'keys')
    os.makedirs(folder)
    for eui in (SUPPLIER, OPERATOR, ACB, OTHER, ESME, GSME, GPF, CHF):
        for use in ('ds', 'ka') + (('pp-ka',) if eui == SUPPLIER else ()):
            key = ec.generate_private_key(ec.SECP256R1())
            KEYS[eui, use] = key
            signing = use == 'ds'
            certificate = (x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(issuer)
                           .public_key(key.public_key()).serial_number(x509.random_serial_number())
                           .not_valid_before(datetime.datetime(2020, 1, 1))
                           .not_valid_after(datetime.datetime(9999, 12, 31, 23, 59, 59))
                           .add_extension(x509.KeyUsage(signing, False, False, False, not signing, False, False, False, False), True)
                           .add_extension(x509.SubjectAlternativeName([x509.OtherName(x509.ObjectIdentifier('1.3.6.1.5.5.7.8.4'),
                                          # hardware module name: type, serial number = EUI
                                          bytes.fromhex('3010' + '06042B060104' + '0408' + eui))]), True)
                           .sign(issuer_key, hashes.SHA256()))
            name = os.path.join(folder, eui.lower() + '-' + use)
            with open(name + '.pem', 'wb') as f:
                f.write(certificate.public_bytes(serialization.Encoding.PEM))
            # keys of everybody but the GSME: a message that only the GSME's and GPF's keys could check stays unchecked
            if eui not in (GSME, GPF):
                with open(name + '.key', 'wb') as f:
                    f.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                              serialization.NoEncryption()))


# --- protection ----------------------------------------------------------------------------------------------

def kdf(own, peer, purpose, originator, counter, recipient):
    z = KEYS[own, 'ka'].exchange(ec.ECDH(), KEYS[peer, 'ka'].public_key())
    other = bytes.fromhex('60857406080300' + originator + '09') + bytes([purpose]) + struct.pack('>Q', counter) + bytes.fromhex(recipient)
    return hashlib.sha256(b'\0\0\0\1' + z + other).digest()[:16]


def gcm(key, originator, aad, plain):
    out = AESGCM(key).encrypt(bytes.fromhex(originator) + bytes(4), plain, aad)
    return out[:len(plain)] + out[len(plain):len(plain) + 12]


def protect(device, recipient, counter, plain):
    """31 00000000, cipher text, tag."""
    return b'\x31\0\0\0\0' + gcm(kdf(device, recipient, 4, device, counter, recipient), device, b'\x31', plain)


def sign(signer, inner):
    r, s = decode_dss_signature(KEYS[signer, 'ds'].sign(inner[1:], ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, 'big') + s.to_bytes(32, 'big')


def length(n):
    return bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else b'\x82' + struct.pack('>H', n)


# --- messages ------------------------------------------------------------------------------------------------------------

class Vectors:
    def __init__(self):
        self.index = []

    def add(self, name, kind, code, originator, target, counter, content, protection, date_time='', supplement='', encrypted=0,
            pair=None):
        """content: list of (hex, comment). protection: '', 'MAC', 'SIG' or 'MAC+SIG'."""
        cra = {'PRECOMMAND': 1, 'COMMAND': 1, 'RESPONSE': 2, 'ALERT': 3}[kind]
        body = b''.join(bytes.fromhex(h) for h, _ in content)
        lines = [('DF', 'general signing'), ('09 %02X %016X' % (cra, counter), 'CRA flag and originator counter'),
                 ('08 ' + originator, 'originator'), ('08 ' + target, 'target'),
                 ('0C ' + date_time if date_time else '00', 'date-time' if date_time else 'no date-time'),
                 (length(2 + len(bytes.fromhex(supplement))).hex().upper() + ' ' + code, 'other information: message code'),
                 (supplement, 'supplementary fields'), (length(len(body)).hex().upper(), 'content length')] + content
        lines = [(h, c) for h, c in lines if h]
        inner = b''.join(bytes.fromhex(h) for h, _ in lines)
        if 'SIG' in protection:
            signature = sign(originator, inner)
            lines += [('40', 'signature length'), (signature.hex().upper(), 'r and s')]
            inner += b'\x40' + signature
        elif protection:
            lines += [('00', 'no signature')]
            inner += b'\0'
        if 'MAC' in protection:
            device = target if cra == 1 else originator
            party = pair or (ACB if cra == 1 else target)
            key = kdf(party, device, cra, originator, counter, target)
            mac = gcm(key, originator, b'\x11' + bytes(5) + inner, b'')
            lines = [('DD 000000000000', 'general ciphering, five empty fields, no key information'),
                     (length(5 + len(inner) + 12).hex().upper(), 'length'), ('11 00000000', 'security header')] + lines \
                + [(mac.hex().upper(), 'MAC')]
        with open(os.path.join(OUT, name + '.txt'), 'w') as f:
            for h, c in lines:
                f.write('%s    # %s\n' % (h, c))
        self.index.append((name, kind, code, originator, target, str(counter), protection or 'NONE', str(encrypted)))

    def write(self):
        with open(os.path.join(OUT, 'index.tsv'), 'w') as f:
            f.write('name\tkind\tcode\toriginator\ttarget\tcounter\tprotection\tencrypted\n')
            for line in self.index:
                f.write('\t'.join(line) + '\n')


def parameters(counter, originator, recipient):
    """One protection parameter structure."""
    return [('01 01 02 02 16 02 02 05', 'array of one: structure of enum 2 and structure of five'),
            ('09 09 04 %016X' % counter, 'command protection: counter'), ('09 08 ' + originator, 'originator'),
            ('09 08 ' + recipient, 'recipient'), ('09 00', 'other information'),
            ('02 02 16 02 02 02 09 01 02 09 00', 'key: agreed, (2e, 0s)')]


def encrypted_octets(device, recipient, counter, plain):
    o = protect(device, recipient, counter, bytes.fromhex(plain))
    return [('09 ' + length(len(o)).hex().upper(), 'octet string'), (o.hex().upper(), '31 00000000, cipher text of %s, tag' % plain.replace(' ', ''))]


def dlms(v):
    offset = [('D9 200003E9 00 01', 'access request, one specification'), ('02 0001 00005E2C0001 02', 'set class 1, 0-0:94.44.0.1, attribute 2'),
              ('01 12 0384', 'one data: u16 900')]
    v.add('dlms-precommand-ecs38', 'PRECOMMAND', '004B', SUPPLIER, ESME, 1001, offset, '')
    v.add('dlms-command-ecs38', 'COMMAND', '004B', SUPPLIER, ESME, 1001, offset, 'MAC+SIG')
    v.add('dlms-response-ecs38', 'RESPONSE', '004B', ESME, SUPPLIER, 1001,
          [('DA 200003E9 00 00', 'access response'), ('01 00', 'one data: null'), ('01 02 00', 'one result: set, success')], 'SIG')
    v.add('dlms-response-ecs38-refused', 'RESPONSE', '004B', ESME, SUPPLIER, 1002,
          [('DA 200003EA 00 00 01 00', 'access response, null data'), ('01 02 03', 'set: read-write denied')], 'SIG')
    v.add('dlms-precommand-ecs30', 'PRECOMMAND', '0046', SUPPLIER, ESME, 1003,
          [('D9 200003EB 00 01 02 0016 00000F0000FF 04', 'set class 22, 0-0:15.0.0.255, attribute 4'),
           ('01 01 01 02 02 09 04 00000000 09 05 FFFFFF1CFF', 'one entry: midnight, every 28th')], '')
    v.add('dlms-command-ecs20a', 'COMMAND', '002E', SUPPLIER, ESME, 1004,
          [('D9 200003EC 00 01', 'access request'), ('04 0007 0000620104FF 02', 'get with selection, class 7, 0-0:98.1.4.255, attribute 2'),
           ('01', 'selector 1'), ('02 04 02 04 12 0001 09 06 00005E2C64FF 0F 02 12 0000', 'the restricting object: 0-0:94.44.100.255'),
           ('06 1C374A80 06 1C5E8480 01 00', 'from 2015-01-01, to, no columns'), ('01 00', 'one data: null')], 'MAC')
    read = [('D9 200003ED 00 01', 'access request'), ('03 001E 00002B0208FF 01', 'action class 30, 0-0:43.2.8.255, method 1'),
            ('01 02 02', 'one data: objects and protection'),
            ('01 01 02 05 12 0001 09 06 00005E2C220A 0F 02 12 0000 02 02 16 00 00', 'class 1, 0-0:94.44.34.10, attribute 2, unrestricted')] \
        + parameters(1005, ESME, SUPPLIER)
    v.add('dlms-command-ecs17b', 'COMMAND', '0027', SUPPLIER, ESME, 1005, read, 'MAC')
    # 305419896 Wh imported, 4660 varh, scaler 0
    plain = '0204 06 12345678 0202 0F00 161E 06 00001234 0202 0F00 1620'
    v.add('dlms-response-ecs17b', 'RESPONSE', '0027', ESME, SUPPLIER, 1005,
          [('DA 200003ED 00 00 01 02 02', 'access response, one data: parameters and protected object')]
          + parameters(1005, ESME, SUPPLIER) + encrypted_octets(ESME, SUPPLIER, 1005, plain) + [('01 03 00', 'action, success')],
          'MAC', date_time='07EA0B17010C2238008000FF', encrypted=1)
    # on behalf of another party: MAC for the ACB, cipher text for that party, its own counter
    v.add('dlms-response-ecs21b-other-party', 'RESPONSE', '0034', ESME, ACB, 2001,
          [('DA 200007D1 00 00 01 02 02', 'access response')] + parameters(77, ESME, OTHER)
          + encrypted_octets(ESME, OTHER, 77, '0101 0202 09 0C 07EA0B16FF000000008000FF 06 0000A1B2') + [('01 03 00', 'action, success')],
          'MAC', supplement=OTHER + '0000000000000001' + '000000000000004D', encrypted=1)
    # every data type that is not seen above; the read of a log whose rows are a compact array
    v.add('dlms-response-types', 'RESPONSE', '002E', ESME, SUPPLIER, 1006,
          [('DA 200003EE 00 00 01', 'access response, one data'), ('02 10', 'structure of sixteen'), ('03 FF', 'true'), ('03 00', 'false'),
           ('04 0C ABC0', 'twelve bits'), ('05 FFFFFFFE', 'i32 -2'), ('0F 80', 'i8 -128'), ('10 8000', 'i16 -32768'),
           ('14 FFFFFFFFFFFFFFFD', 'i64 -3'), ('15 FFFFFFFFFFFFFFFF', 'u64, the greatest'), ('0A 03 616263', 'visible string'),
           ('0C 02 C2A3', 'UTF-8'), ('17 3F800000', 'float'), ('18 3FF0000000000000', 'double'), ('1A 07EA0B17FF', 'date'),
           ('1B 0C223800', 'time'), ('19 07EA0B17010C2238008000FF', 'date-time'),
           ('13 02 02 06 12 0C', 'compact array of structures (u32, u16), twelve bytes'), ('1C374A80 0001 1C374A81 0002', 'two elements'),
           ('01 01 00', 'get, success')], 'MAC')
    v.add('dlms-alert-critical', 'ALERT', '1000', ESME, SUPPLIER, 3001,
          [('0F 20000BB9 00', 'data notification'), ('02 02 12 8F3F 09 0C 07EA0B17010C2238008000FF', 'alert code, time of the event')], 'SIG')
    v.add('dlms-alert-non-critical', 'ALERT', '1001', ESME, OPERATOR, 3002,
          [('0F 20000BBA 00 02 02 12 8002 09 0C 07EA0B17010C2238008000FF', 'alert code, time of the event')], 'MAC')
    v.add('dlms-alert-ecs68', 'ALERT', '0061', ESME, SUPPLIER, 3003,
          [('0F 20000BBB 00 02 04 12 8F0A 09 0C 07EA0B17FF000000008000FF', 'alert code, time')]
          + parameters(3003, ESME, SUPPLIER) + encrypted_octets(ESME, SUPPLIER, 3003, '0202 06 1C374A80 06 00BC614E'), 'SIG', encrypted=1)


def gbz(v):
    select = [('0109 01', 'profile, one component'), ('01 0705 0008', 'last component, cluster 0705, eight bytes'),
              ('01 00 00', 'cluster command, client to server, sequence 0, command 00'), ('00000000 00', 'issue time, originating device')]
    v.add('gbz-precommand-gcs06', 'PRECOMMAND', '0070', SUPPLIER, GSME, 4001, select, '')
    v.add('gbz-command-gcs06', 'COMMAND', '0070', SUPPLIER, GSME, 4001, select, 'MAC+SIG')
    v.add('gbz-response-gcs06', 'RESPONSE', '0070', GSME, SUPPLIER, 4001,
          [('0109 01 01 0705 0005', 'one component'), ('08 00 0B', 'default response'), ('00 00', 'to command 00: success')], 'SIG')
    v.add('gbz-precommand-gcs40a', 'PRECOMMAND', '0086', SUPPLIER, GSME, 4002,
          [('0109 01 01 0705 0010', 'one component, cluster 0705'), ('01 00 05', 'credit adjustment'),
           ('804A371C 00000000 00 F4010000', 'event id, start time at once, type 0, 500')], '')
    v.add('gbz-command-gcs13a', 'COMMAND', '0074', SUPPLIER, GPF, 4003,
          [('0109 01 01 0702 0005', 'one component, cluster 0702'), ('00 00 00', 'read attributes'), ('0000', 'current summation delivered')], 'MAC')
    v.add('gbz-command-from-date', 'COMMAND', '006F', SUPPLIER, GSME, 4004,
          [('0109 02', 'two components'), ('10 0705 000B', 'from-date follows'), ('1C374A80', '2015-01-01'), ('01 00 09', 'set low credit warning level'),
           ('D0070000', '2000'), ('01 0705 0013', 'last'), ('01 01 0C', 'overall debt cap'),
           ('00000000 804A371C 00000000 A0860100', 'provider, event, at once, 100000')], 'MAC+SIG')
    # read attributes response 0000: 48-bit 1234567, kept from the wire
    o = protect(GPF, SUPPLIER, 4003, bytes.fromhex('0000 00 25 87D612000000'))
    v.add('gbz-response-gcs13a', 'RESPONSE', '0074', GPF, SUPPLIER, 4003,
          [('0109 01', 'profile, one component'), ('03 0702 %04X' % (7 + len(o)), 'last, encrypted'), ('00 00', 'additional header: control, frame counter'),
           ('18 00 01', 'read attributes response'), ('%04X' % len(o), 'cipher length'), (o.hex().upper(), '31 00000000, cipher text, tag')],
          'MAC', date_time='07EA0B17010C223800800000', encrypted=1)
    v.add('gbz-alert-future-dated', 'ALERT', '00CD', GSME, SUPPLIER, 5001,
          [('0109 01 8F66 32A1B2C3', 'alert code, time'), ('0E', 'fourteen bytes'), ('006F 0000000000000FA4 0705 01 09', 'code, counter, cluster, control, command')],
          'SIG')
    v.add('gbz-alert-non-critical', 'ALERT', '1001', GPF, SUPPLIER, 5002, [('0109 01 8F0C 32A1B2C3', 'alert code, time')], 'MAC')
    snapshot = ('01000000 804A371C 01 00 01 02000000 06 15CD5B070000 02 010000000000 020000000000 11 030000000000')
    o = protect(GSME, SUPPLIER, 5003, bytes.fromhex(snapshot))
    v.add('gbz-alert-gcs53', 'ALERT', '008B', GSME, SUPPLIER, 5003,
          [('0109 01 8F0A 32A1B2C3', 'alert code, time'), ('03 0702 %04X 00 00 19 00 06 %04X' % (7 + len(o), len(o)), 'publish snapshot, encrypted'),
           (o.hex().upper(), '31 00000000, cipher text, tag')], 'SIG', encrypted=1)
    v.add('gbz-command-between-devices', 'COMMAND', '0090', CHF, GSME, 6001, select, 'MAC', pair=CHF)


def asn1(v):
    v.add('asn1-precommand-cs02c', 'PRECOMMAND', '000A', SUPPLIER, ESME, 7001,
          [('30 04', 'SEQUENCE'), ('03 02 07 80', 'BIT STRING digitalSignature')], '')
    v.add('asn1-command-cs02c', 'COMMAND', '000A', SUPPLIER, ESME, 7001, [('30 04 03 02 07 80', 'SEQUENCE of BIT STRING')], 'MAC+SIG')
    v.add('asn1-response-cs02c-refused', 'RESPONSE', '000A', ESME, SUPPLIER, 7001, [('02 01 03', 'INTEGER 3')], 'SIG')
    v.add('asn1-precommand-cs06', 'PRECOMMAND', '0012', SUPPLIER, ESME, 7002,
          [('30 37', 'SEQUENCE'), ('04 20 ' + '5A' * 32, 'hash'), ('02 02 1B5A', 'originator counter'),
           ('18 0F ' + b'20300101000000Z'.hex().upper(), 'activation time')], '')
    v.add('asn1-response-cs06', 'RESPONSE', '0012', ESME, SUPPLIER, 7003,
          [('30 09 02 01 00 04 04 00000102', 'outcome 0, firmware version')], 'SIG', date_time='07EA0B17010C2238008000FF')
    v.add('asn1-command-cs03b', 'COMMAND', '000E', SUPPLIER, ESME, 7004,
          [('30 10', 'SEQUENCE'), ('02 01 02', 'method B'), ('04 08 ' + GPF, 'other device'), ('02 01 05', 'PPMID')], 'MAC')
    v.add('asn1-response-cs07', 'RESPONSE', '0013', ESME, SUPPLIER, 7005,
          [('30 14', 'SEQUENCE'), ('02 01 00', 'success'), ('30 0F 30 0D 04 08 ' + GPF + ' 02 01 05', 'one device')], 'MAC')
    v.add('asn1-response-cs02b-wide', 'RESPONSE', '0102', ESME, SUPPLIER, 7006,
          [('30 8200CA', 'SEQUENCE of 202 bytes, length in two bytes as devices write it'), ('05 00', 'NULL'), ('30 8200C4', 'outcome'),
           ('02 02 1B5E 02 01 02', 'counter, mode supplier by supplier'), ('30 12 30 06 02 01 02 02 01 05 30 08 02 01 03 02 01 06 30 00', 'floors'),
           ('30 8200A5', 'replacements')] + 3 * [('30 35', 'replacement'), ('30 07 02 01 02 03 02 07 80', 'cell'), ('0A 01 00', 'status 0'),
           ('04 08 ' + SUPPLIER + ' 04 08 1122334455667788', 'existing'), ('04 08 ' + OTHER + ' 04 09 998877665544332211', 'new')], 'SIG',
          date_time='07EA0B17010C2238008000FF')
    v.add('asn1-alert-cs06', 'ALERT', '00CA', ESME, SUPPLIER, 8001,
          [('30 25 02 03 008F66', 'alert code'), ('18 0F ' + b'20300101000000Z'.hex().upper(), 'time'),
           ('02 02 1B5A 30 09 02 01 00 04 04 00000102', 'counter, outcome')], 'SIG')
    v.add('asn1-alert-gcs62', 'ALERT', '00B2', GPF, ACB, 8002,
          [('30 27 02 03 008071', 'alert code'), ('18 0F ' + b'20261123120000Z'.hex().upper(), 'time'), ('30 0F 30 0D 04 08 ' + GSME + ' 02 01 00', 'one device')], 'MAC')


if __name__ == '__main__':
    shutil.rmtree(OUT, ignore_errors=True)
    os.makedirs(OUT)
    make_pki()
    vectors = Vectors()
    dlms(vectors)
    gbz(vectors)
    asn1(vectors)
    vectors.write()
    print(len(vectors.index), 'vectors')
