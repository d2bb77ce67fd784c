package org.postern.inventory.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.inventory.CertificateRefusal;
import org.postern.inventory.CertificateRefusal.Respect;
import org.postern.inventory.SmkiCertificate.Contents;
import org.postern.inventory.SmkiCertificate.Kind;
import org.postern.inventory.SmkiCertificate.Usage;

/**
 * Reads a certificate according to the SMKI profile (GBCS, certificate profiles). Every deviation is refused, and the
 * violated rule is stated.
 */
public final class CertificateReader {

    private static final int MAX_BYTES = 8192;
    private static final int MAX_SERIAL_BYTES = 20;

    private static final String ECDSA_SHA256 = "2A8648CE3D040302";
    /** Algorithm identifier of a P-256 key: ecPublicKey with the named curve. */
    private static final String P256 = "301306072A8648CE3D020106082A8648CE3D030107";

    private static final String OU = "55040B";
    private static final String UNIQUE_IDENTIFIER = "55042D";
    private static final String HARDWARE_MODULE_NAME = "2B06010505070804";

    private static final String SUBJECT_KEY_ID = "551D0E";
    private static final String KEY_USAGE = "551D0F";
    private static final String ALTERNATIVE_NAME = "551D11";
    private static final String BASIC_CONSTRAINTS = "551D13";
    private static final String POLICIES = "551D20";
    private static final String AUTHORITY_KEY_ID = "551D23";
    private static final Set<String> UNDERSTOOD =
            Set.of(SUBJECT_KEY_ID, KEY_USAGE, ALTERNATIVE_NAME, BASIC_CONSTRAINTS, POLICIES, AUTHORITY_KEY_ID);

    /** Bits of the key usages as BIT STRING content: unused bits, then the bits. */
    private static final Map<String, Usage> USAGES = Map.of(
            "0780",
            Usage.DIGITAL_SIGNATURE,
            "0308",
            Usage.KEY_AGREEMENT,
            "0204",
            Usage.CERTIFICATE_SIGNING,
            "0106",
            Usage.CERTIFICATE_SIGNING);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT)
            .withResolverStyle(java.time.format.ResolverStyle.STRICT);

    private record ExtensionValue(boolean critical, Der value) {}

    private CertificateReader() {}

    /** Reads a certificate; see {@link org.postern.inventory.SmkiCertificate#read}. */
    public static Contents read(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new CertificateRefusal(
                    Respect.FORM, "a certificate of at most " + MAX_BYTES + " bytes", der.length + " bytes");
        }
        try {
            return parts(Der.read(der).as(Der.SEQUENCE).children(3));
        } catch (Der.NotDer e) {
            throw new CertificateRefusal(Respect.FORM, "one X.509 v3 certificate in strict DER", e.getMessage());
        } catch (DateTimeException e) {
            throw new CertificateRefusal(Respect.FORM, "a validity of two dates", "a date that does not exist");
        }
    }

    private static Contents parts(List<Der> outer) {
        Der body = outer.get(0).as(Der.SEQUENCE);
        List<Der> fields = body.children();
        form(
                fields.size() == 8
                        && fields.get(0).tag() == 0xA0
                        && fields.get(7).tag() == 0xA3,
                "another version, or other parts");
        Der version = fields.get(0).children(1).get(0).as(Der.INTEGER);
        form(version.content().length == 1 && version.content()[0] == 2, "another version");
        BigInteger serial = new BigInteger(fields.get(1).as(Der.INTEGER).content());
        form(
                serial.signum() > 0 && fields.get(1).content().length <= MAX_SERIAL_BYTES,
                "a serial number that is not positive or too long");
        algorithm(fields.get(2));
        algorithm(outer.get(1));
        Der signature = outer.get(2).as(Der.BIT_STRING);
        byte[] signed = Arrays.copyOfRange(signature.content(), 1, signature.content().length);
        List<Der> numbers = Der.read(signed).as(Der.SEQUENCE).children(2);
        form(numbers.stream().allMatch(n -> n.tag() == Der.INTEGER), "a signature that is not two numbers");
        List<Der> validity = fields.get(4).as(Der.SEQUENCE).children(2);
        publicKey(fields.get(6).as(Der.SEQUENCE));
        Map<String, ExtensionValue> extensions =
                extensions(fields.get(7).children(1).get(0).as(Der.SEQUENCE));
        Der subject = fields.get(5).as(Der.SEQUENCE);
        ExtensionValue constraints = extensions.get(BASIC_CONSTRAINTS);
        boolean authority = constraints != null && authority(constraints);
        Kind kind = authority ? Kind.AUTHORITY : subject.children().isEmpty() ? Kind.DEVICE : Kind.ORGANISATION;
        boolean selfIssued = subject.equals(fields.get(3));
        byte[] subjectKeyId = keyId(extensions, SUBJECT_KEY_ID, true);
        byte[] authorityKeyId = keyId(extensions, AUTHORITY_KEY_ID, !selfIssued);
        if (kind != Kind.AUTHORITY) {
            profile(extensions.containsKey(POLICIES), "certificate policies", "none");
        }
        return new Contents(
                kind,
                serial,
                fields.get(3).as(Der.SEQUENCE).encoded(),
                subject.encoded(),
                time(validity.get(0)),
                time(validity.get(1)),
                fields.get(6).encoded(),
                body.encoded(),
                signed,
                usage(extensions),
                subjectKeyId,
                authorityKeyId,
                kind == Kind.ORGANISATION ? Optional.of(role(subject)) : Optional.empty(),
                eui(kind, subject, extensions),
                authority && constraints != null ? pathLength(constraints) : OptionalInt.empty());
    }

    private static void algorithm(Der identifier) {
        List<Der> parts = identifier.as(Der.SEQUENCE).children();
        if (parts.size() != 1 || !hex(parts.get(0).as(Der.OID)).equals(ECDSA_SHA256)) {
            throw new CertificateRefusal(
                    Respect.ALGORITHM, "signed with ecdsa-with-SHA256", "another signature algorithm");
        }
    }

    private static void publicKey(Der info) {
        List<Der> parts = info.children(2);
        byte[] point = parts.get(1).as(Der.BIT_STRING).content();
        if (!HexFormat.of().withUpperCase().formatHex(parts.get(0).encoded()).equals(P256)) {
            throw new CertificateRefusal(
                    Respect.ALGORITHM, "a public key on the named curve P-256", "another kind of key or curve");
        }
        if (point.length != 66 || point[0] != 0 || point[1] != 4 || !P256Curve.holds(point, 2)) {
            throw new CertificateRefusal(
                    Respect.ALGORITHM, "an uncompressed point of the curve P-256", "not a point of the curve");
        }
    }

    private static Map<String, ExtensionValue> extensions(Der list) {
        Map<String, ExtensionValue> found = new LinkedHashMap<>();
        for (Der extension : list.children()) {
            List<Der> parts = extension.as(Der.SEQUENCE).children();
            boolean critical = parts.size() == 3;
            form(parts.size() == 2 || critical && parts.get(1).tag() == Der.BOOLEAN, "an extension with other parts");
            String id = hex(parts.get(0).as(Der.OID));
            profile(
                    !critical || UNDERSTOOD.contains(id),
                    "no critical extensions except those of the profile",
                    "another critical extension");
            // other extensions that are not critical are ignored
            Der value = UNDERSTOOD.contains(id)
                    ? Der.read(parts.get(parts.size() - 1).as(Der.OCTET_STRING).content())
                    : parts.get(0);
            form(found.put(id, new ExtensionValue(critical, value)) == null, "a duplicate extension");
        }
        return found;
    }

    private static boolean authority(ExtensionValue constraints) {
        if (constraints.value().as(Der.SEQUENCE).children().stream().noneMatch(c -> c.tag() == Der.BOOLEAN)) {
            return false;
        }
        profile(constraints.critical(), "the basic constraints of an authority are critical", "they are not critical");
        return true;
    }

    private static OptionalInt pathLength(ExtensionValue constraints) {
        return constraints.value().children().stream()
                .filter(c -> c.tag() == Der.INTEGER)
                .mapToInt(c -> new BigInteger(c.content())
                        .min(BigInteger.valueOf(MAX_BYTES))
                        .intValue())
                .findFirst();
    }

    private static Usage usage(Map<String, ExtensionValue> extensions) {
        ExtensionValue usage = critical(extensions, KEY_USAGE, "a critical key usage");
        return USAGES.getOrDefault(hex(usage.value().as(Der.BIT_STRING)), Usage.OTHER);
    }

    private static ExtensionValue critical(Map<String, ExtensionValue> extensions, String id, String rule) {
        ExtensionValue found = extensions.get(id);
        if (found == null || !found.critical()) {
            throw new CertificateRefusal(Respect.PROFILE, rule, found == null ? "none" : "it is not critical");
        }
        return found;
    }

    private static byte[] keyId(Map<String, ExtensionValue> extensions, String id, boolean needed) {
        ExtensionValue extension = extensions.get(id);
        String name = id.equals(SUBJECT_KEY_ID) ? "a subject key identifier" : "an authority key identifier";
        if (extension == null) {
            profile(!needed, name, "none");
            return new byte[0];
        }
        Der value = extension.value();
        if (id.equals(AUTHORITY_KEY_ID)) {
            List<Der> parts = value.as(Der.SEQUENCE).children();
            profile(
                    parts.size() == 1 && parts.get(0).tag() == 0x80,
                    name + " that is a key identifier alone",
                    "other parts");
            value = parts.get(0);
        } else {
            value.as(Der.OCTET_STRING);
        }
        profile(value.content().length == Long.BYTES, name + " of 8 bytes", value.content().length + " bytes");
        return value.content();
    }

    private static String role(Der subject) {
        List<byte[]> units = values(subject, OU);
        profile(units.size() == 1, "one OU, the remote party role", units.size() + " OUs");
        String role = new String(units.get(0), StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
        profile(role.matches("[0-9A-F]{2}"), "a remote party role of two hex digits as OU", "another text");
        return role;
    }

    private static Optional<Eui64> eui(Kind kind, Der subject, Map<String, ExtensionValue> extensions) {
        if (kind == Kind.AUTHORITY) {
            return Optional.empty();
        }
        if (kind == Kind.ORGANISATION) {
            List<byte[]> identifiers = values(subject, UNIQUE_IDENTIFIER);
            profile(
                    identifiers.size() == 1,
                    "one x500UniqueIdentifier, the EUI-64",
                    identifiers.size() + " identifiers");
            byte[] bits = identifiers.get(0);
            profile(
                    bits.length == 1 + Long.BYTES && bits[0] == 0,
                    "an x500UniqueIdentifier of 64 bits",
                    "another length");
            return Optional.of(Eui64.of(bits, 1));
        }
        ExtensionValue names = critical(extensions, ALTERNATIVE_NAME, "a critical subject alternative name");
        List<Der> list = names.value().as(Der.SEQUENCE).children();
        profile(
                list.size() == 1 && list.get(0).tag() == 0xA0,
                "one alternative name, a hardware module name",
                "other names");
        List<Der> name = list.get(0).children(2);
        profile(
                hex(name.get(0).as(Der.OID)).equals(HARDWARE_MODULE_NAME)
                        && name.get(1).tag() == 0xA0,
                "one alternative name, a hardware module name",
                "another kind of name");
        List<Der> module = name.get(1).children(1).get(0).as(Der.SEQUENCE).children(2);
        byte[] serial = module.get(1).as(Der.OCTET_STRING).content();
        profile(
                module.get(0).tag() == Der.OID && serial.length == Long.BYTES,
                "an EUI-64 as hardware serial number",
                "another length");
        return Optional.of(Eui64.of(serial, 0));
    }

    /** Values of an attribute of the name, without their tag and length. */
    private static List<byte[]> values(Der name, String attribute) {
        List<byte[]> values = new ArrayList<>();
        for (Der set : name.children()) {
            for (Der pair : set.as(Der.SET).children()) {
                List<Der> parts = pair.as(Der.SEQUENCE).children(2);
                if (hex(parts.get(0).as(Der.OID)).equals(attribute)) {
                    values.add(parts.get(1).content());
                }
            }
        }
        return values;
    }

    private static Instant time(Der time) {
        String text = new String(time.content(), StandardCharsets.US_ASCII);
        String digits = text.substring(0, text.length() - 1);
        if (time.tag() == Der.UTC_TIME) {
            digits = (digits.compareTo("50") < 0 ? "20" : "19") + digits;
        } else {
            time.as(Der.GENERALIZED_TIME);
            form(digits.compareTo("2050") >= 0, "a GeneralizedTime before 2050");
        }
        return LocalDateTime.parse(digits, TIME).toInstant(ZoneOffset.UTC);
    }

    private static String hex(Der element) {
        return HexFormat.of().withUpperCase().formatHex(element.content());
    }

    private static void form(boolean holds, String otherwise) {
        if (!holds) {
            throw new CertificateRefusal(Respect.FORM, "one X.509 v3 certificate in strict DER", otherwise);
        }
    }

    private static void profile(boolean holds, String rule, String otherwise) {
        if (!holds) {
            throw new CertificateRefusal(Respect.PROFILE, rule, otherwise);
        }
    }
}
