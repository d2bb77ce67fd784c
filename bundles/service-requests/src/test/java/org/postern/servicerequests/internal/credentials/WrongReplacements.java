package org.postern.servicerequests.internal.credentials;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.UserRole;
import org.postern.hsm.KeyEntry;
import org.postern.hsm.KeyPurpose;
import org.postern.inventory.CertificateUsage;
import org.postern.servicerequests.internal.credentials.Bench.Kind;
import org.postern.servicerequests.internal.credentials.TestPki.Made;

/** Replacements of credentials with one error each, with the expected fault code and field. */
final class WrongReplacements {

    private static final String DS = "DigitalSigningCertificate";
    private static final String KA = "KeyAgreementCertificate";
    private static final String TOP_UP = "KeyAgreementTopUpCertificate";
    private static final Instant NOW = Bench.NOW;

    /**
     * A thing that is wrong.
     *
     * @param code number of the refusal, the only one
     * @param field end of the path that it names
     */
    record Wrong(String code, String field, Consumer<Bench> change, java.util.function.Predicate<Kind> appliesTo) {}

    static final Map<String, Wrong> WRONG = new LinkedHashMap<>();

    private static void wrong(String what, String code, String field, Consumer<Bench> change) {
        WRONG.put(what, new Wrong(code, field, change, kind -> true));
    }

    private static void wrong(
            String what, String code, String field, java.util.function.Predicate<Kind> where, Consumer<Bench> change) {
        WRONG.put(what, new Wrong(code, field, change, where));
    }

    static {
        form();
        kinds();
        keys();
        validity();
        paths();
        parties();
        floors();
        contents();
    }

    private static void form() {
        wrong("not base64", "PST-2130", KA, b -> b.texts.put(KA, "MII?"));
        wrong(
                "cut off",
                "PST-2130",
                KA,
                b -> b.texts.put(
                        KA,
                        Base64.getEncoder()
                                .encodeToString(
                                        Arrays.copyOf(b.specs.get(KA).make().der(), 200))));
        wrong("a byte more", "PST-2130", DS, b -> {
            byte[] der = b.specs.get(DS).make().der();
            b.texts.put(DS, Base64.getEncoder().encodeToString(Arrays.copyOf(der, der.length + 1)));
        });
        wrong(
                "PEM instead of DER",
                "PST-2130",
                DS,
                b -> b.texts.put(
                        DS, Base64.getEncoder().encodeToString("-----BEGIN".getBytes(StandardCharsets.US_ASCII))));
        wrong(
                "path certificate cut off",
                "PST-2130",
                "CertificationPathCertificates/Certificate[2]",
                b -> b.path.add(new Made(null, Arrays.copyOf(Bench.ROOT.der(), 99), null)));
        wrong("another curve", "PST-2131", DS, b -> b.change(DS, s -> s.keys(TestPki.pair("secp384r1"))));
        wrong("another signature algorithm", "PST-2131", KA, b -> b.change(KA, s -> s.algorithm("SHA384withECDSA")));
        wrong("no subject key identifier", "PST-2132", KA, b -> b.change(KA, TestPki.Spec::withoutSubjectKey));
    }

    private static void kinds() {
        wrong("another party's role", "PST-2133", KA, b -> b.change(KA, s -> s.role("04")));
        wrong("an issuing authority's role", "PST-2133", DS, b -> b.change(DS, s -> s.role("07")));
        wrong("a device's certificate", "PST-2133", DS, b -> b.change(DS, TestPki.Spec::device));
        wrong(
                "key agreement where signing is due",
                "PST-2134",
                DS,
                b -> b.change(DS, s -> s.usage(KeyUsage.keyAgreement)));
        wrong(
                "signing where key agreement is due",
                "PST-2134",
                KA,
                b -> b.change(KA, s -> s.usage(KeyUsage.digitalSignature)));
        wrong(
                "signing where top-up agreement is due",
                "PST-2134",
                TOP_UP,
                kind -> kind.topUp,
                b -> b.change(TOP_UP, s -> s.usage(KeyUsage.digitalSignature)));
        wrong(
                "two usages",
                "PST-2134",
                DS,
                b -> b.change(DS, s -> s.usage(KeyUsage.digitalSignature | KeyUsage.keyAgreement)));
        wrong("usage of an authority", "PST-2134", DS, b -> b.change(DS, s -> s.usage(KeyUsage.keyCertSign)));
    }

    private static void keys() {
        wrong("one key for two usages", "PST-2135", KA, b -> {
            KeyPair pair = TestPki.pair("secp256r1");
            b.change(DS, s -> s.keys(pair));
            b.change(KA, s -> s.keys(pair));
        });
        wrong("one key for agreement and top-ups", "PST-2135", TOP_UP, kind -> kind.topUp, b -> {
            KeyPair pair = TestPki.pair("secp256r1");
            b.change(TOP_UP, s -> s.keys(pair));
            b.change(KA, s -> s.keys(pair));
        });
        wrong(
                "the device's key",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(b.held(Bench.METER, CertificateUsage.DIGITAL_SIGNATURE))));
        wrong(
                "the DCC's key",
                "PST-2135",
                KA,
                b -> b.change(KA, s -> s.keys(b.held(Bench.ACB, CertificateUsage.KEY_AGREEMENT))));
        wrong("an authority's key", "PST-2135", KA, b -> b.change(KA, s -> s.keys(Bench.ISSUING.keys())));
        wrong(
                "the party's own key of another usage",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(b.held(b.kind.owner, CertificateUsage.KEY_AGREEMENT))));
        wrong(
                "a key that the vault has for another purpose",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(inVault(b, KeyPurpose.XML_SIGNING, b.kind.owner))));
        wrong(
                "a key that the vault has for another User ID",
                "PST-2135",
                DS,
                b -> b.change(DS, s -> s.keys(inVault(b, KeyPurpose.GBCS_SIGNING, Bench.OTHER_SUPPLIER))));
        wrong("own credentials without a key in the vault", "PST-2135", DS, Kind::own, b -> {
            b.specs.keySet().removeIf(name -> !name.equals(DS));
            b.topUpFloor = Optional.empty();
            b.settings = new CredentialSettings(
                    Duration.ofDays(30), 86_400_000L, 1000, false, Set.of(), Set.of(), true, true, false);
        });
    }

    static KeyPair inVault(Bench bench, KeyPurpose purpose, Eui64 owner) {
        try {
            KeyPair pair = TestPki.pair("secp256r1");
            bench.vault.add(new KeyEntry(
                    "alias",
                    purpose,
                    owner,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(pair.getPublic().getEncoded())),
                    "CN=Z1",
                    "1",
                    NOW));
            return pair;
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void validity() {
        wrong(
                "ended",
                "PST-2136",
                DS,
                b -> b.change(DS, s -> s.valid(NOW.minus(Duration.ofDays(100)), NOW.minusSeconds(1))));
        wrong(
                "not begun",
                "PST-2136",
                KA,
                b -> b.change(KA, s -> s.valid(NOW.plusSeconds(1), NOW.plus(Duration.ofDays(100)))));
        wrong(
                "ends too soon",
                "PST-2136",
                DS,
                b -> b.change(
                        DS,
                        s -> s.valid(
                                NOW.minusSeconds(9),
                                NOW.plus(Duration.ofDays(30)).minusSeconds(1))));
        wrong("ends before the execution time", "PST-2136", DS, b -> {
            b.execution = Optional.of("2027-03-01T00:00:00.00Z");
            b.change(DS, s -> s.valid(NOW.minusSeconds(9), Instant.parse("2027-02-28T23:59:59Z")));
        });
        wrong("ends too soon after the execution time", "PST-2136", DS, b -> {
            b.execution = Optional.of("2027-03-01T00:00:00.00Z");
            b.change(DS, s -> s.valid(NOW.minusSeconds(9), Instant.parse("2027-03-30T23:59:59Z")));
        });
        wrong("never valid, even where time is disregarded", "PST-2136", DS, b -> {
            b.timeChecks = "false";
            b.change(DS, s -> s.valid(NOW.plusSeconds(9), NOW.minusSeconds(9)));
        });
        wrong(
                "issuing authority ended",
                "PST-2136",
                "CertificationPathCertificates/Certificate[1]",
                b -> issuedBy(
                        b,
                        TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT)
                                .valid(NOW.minus(Duration.ofDays(9)), NOW.minusSeconds(1))
                                .make()));
    }

    /** All certificates by that authority, which alone is in the path. */
    private static void issuedBy(Bench bench, Made authority) {
        bench.path.clear();
        bench.path.add(authority);
        bench.changeAll(s -> s.issuer(authority));
    }

    private static void paths() {
        wrong("signed by another key", "PST-2137", DS, b -> b.change(DS, s -> s.signer(TestPki.pair("secp256r1"))));
        wrong("another authority key identifier", "PST-2137", KA, b -> b.change(KA, s -> s.authorityKey(new byte[8])));
        wrong("another issuer name", "PST-2137", KA, b -> b.change(KA, s -> s.issuerName("CN=Z9,OU=07")));
        wrong("self-signed", "PST-2137", DS, b -> b.change(DS, s -> s.issuer(null)));
        wrong("issuing certificate missing", "PST-2137", DS, b -> {
            b.path.clear();
            b.path.add(Bench.ROOT);
            b.anchors.add(Bench.ISSUING);
        });
        wrong("self-made root and issuing authority", "PST-2137", DS, b -> {
            Made root = TestPki.root(NOW, "CN=ZA,OU=00").make();
            issuedBy(b, TestPki.authority(NOW, "CN=Z1,OU=07", root).make());
            b.path.add(root);
        });
        wrong(
                "issuing authority signed by a stranger",
                "PST-2137",
                DS,
                b -> issuedBy(
                        b,
                        TestPki.authority(NOW, "CN=Z1,OU=07", Bench.ROOT)
                                .signer(TestPki.pair("secp256r1"))
                                .make()));
        wrong("four certificates to the root", "PST-2137", DS, b -> {
            Made upper = TestPki.authority(NOW, "CN=Z3,OU=07", Bench.ROOT).make();
            issuedBy(b, TestPki.authority(NOW, "CN=Z4,OU=07", upper).make());
            b.path.add(upper);
        });
        wrong("two authorities below a root that is not shown", "PST-2137", DS, b -> {
            Made upper = TestPki.authority(NOW, "CN=Z3,OU=07", Bench.ROOT).make();
            issuedBy(b, TestPki.authority(NOW, "CN=Z4,OU=07", upper).make());
            b.path.add(upper);
            b.anchors.clear();
            b.anchors.add(upper);
        });
        wrong("authorities in a circle", "PST-2137", DS, b -> {
            KeyPair one = TestPki.pair("secp256r1");
            KeyPair two = TestPki.pair("secp256r1");
            Made first = TestPki.root(NOW, "CN=Y1").keys(one).make();
            Made second = TestPki.authority(NOW, "CN=Y2", first).keys(two).make();
            Made again = TestPki.authority(NOW, "CN=Y1", second).keys(one).make();
            issuedBy(b, again);
            b.path.add(second);
            b.anchors.add(second);
        });
        wrong(
                "a certificate too many",
                "PST-2137",
                "Certificate[2]",
                b -> b.path.add(
                        TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT).make()));
        wrong("one twice", "PST-2137", "Certificate[2]", b -> b.path.add(Bench.ISSUING));
        wrongOnlyFor(
                "four in the list",
                "PST-2137",
                "Certificate[4]",
                b -> {
                    b.path.add(Bench.ROOT);
                    for (String element : List.of(DS, KA)) {
                        Made authority = TestPki.authority(NOW, "CN=" + element, Bench.ROOT)
                                .make();
                        b.path.add(authority);
                        b.change(element, s -> s.issuer(authority));
                    }
                    // so that each of the four is on a path
                    b.specs.putIfAbsent(TOP_UP, b.specs.get(KA).issuer(Bench.ISSUING));
                },
                kind -> kind.topUp);
        wrong(
                "no authority in the path",
                "PST-2137",
                "Certificate[2]",
                b -> b.path.add(
                        TestPki.organisation(NOW, Bench.ISSUING, "02", Bench.SUPPLIER, KeyUsage.digitalSignature)
                                .make()));
        wrong(
                "an authority that may not sign certificates",
                "PST-2137",
                "Certificate[2]",
                b -> b.path.add(TestPki.authority(NOW, "CN=Z2,OU=07", Bench.ROOT)
                        .usage(KeyUsage.cRLSign)
                        .make()));
        wrong("an authority deeper than the root allows", "PST-2137", DS, b -> {
            Made root = TestPki.root(NOW, "CN=ZB,OU=00").pathLength(0).make();
            b.anchors.add(root);
            issuedBy(b, TestPki.authority(NOW, "CN=Z1,OU=07", root).make());
        });
        wrong("no trust anchor", "PST-2138", DS, b -> b.anchors.clear());
    }

    private static void wrongOnlyFor(
            String what, String code, String field, Consumer<Bench> change, java.util.function.Predicate<Kind> where) {
        wrong(what, code, field, where, change);
    }

    private static void parties() {
        wrong(
                "one certificate of another User ID",
                "PST-2139",
                KA,
                b -> b.change(KA, s -> s.eui(Eui64.parse("90B3D51F30040000"))));
        wrong(
                "all of another User ID",
                "PST-2139",
                DS,
                Kind::own,
                b -> b.changeAll(s -> s.eui(Eui64.parse("90B3D51F30040000"))));
    }

    private static void floors() {
        wrong(
                "floor below the counters in use",
                "PST-2140",
                "FloorSeqNumber",
                Kind::own,
                b -> b.floor = Optional.of("4999"));
        wrong("floor below those used with the device", "PST-2140", "FloorSeqNumber", Kind::own, b -> {
            b.settings = new CredentialSettings(
                    Duration.ofDays(30), 86_400_000L, 1000, true, Set.of(), Set.of(), true, false, false);
            b.floor = Optional.of("3999");
        });
        wrong(
                "floor far above",
                "PST-2140",
                "FloorSeqNumber",
                Kind::own,
                b -> b.floor = Optional.of(Long.toString(NOW.toEpochMilli() + 86_400_001L)));
        wrong(
                "the largest floor",
                "PST-2140",
                "FloorSeqNumber",
                Kind::own,
                b -> b.floor = Optional.of(Long.toString(Long.MAX_VALUE)));
        wrong(
                "floor of 2^63",
                "PST-2140",
                "FloorSeqNumber",
                b -> b.floor = Optional.of(BigInteger.TWO.pow(63).toString()));
        wrong("negative floor", "PST-2140", "FloorSeqNumber", b -> b.floor = Optional.of("-1"));
        wrong("floor that is no number", "PST-2140", "FloorSeqNumber", b -> b.floor = Optional.of("many"));
        wrong(
                "top-up floor of one that has no top-ups",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> !kind.topUp,
                b -> b.topUpFloor = Optional.of("0"));
        wrong(
                "top-up floor without its certificate",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.specs.remove(TOP_UP));
        wrong(
                "top-up floor of another shape",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(Long.toString((8L << 32) + 1)));
        wrong(
                "top-up floor below the top-ups made",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(Long.toString(6L << 32)));
        wrong(
                "top-up floor far above",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(Long.toString(1008L << 32)));
        wrong(
                "top-up floor of 2^63",
                "PST-2140",
                "TopUpFloorSeqNumber",
                kind -> kind.topUp,
                b -> b.topUpFloor = Optional.of(BigInteger.TWO.pow(63).toString()));
    }

    private static void contents() {
        wrong(
                "top-up certificate of one that has no top-ups",
                "PST-2141",
                TOP_UP,
                kind -> !kind.topUp,
                b -> b.specs.put(TOP_UP, b.specs.get(KA)));
        wrong("no certificate", "PST-2141", "ertificates", b -> {
            b.specs.clear();
            b.topUpFloor = Optional.empty();
        });
        wrong("a party that is not replaced so", "PST-2141", "RemotePartyRole", b -> b.party = "ACB");
        wrong(
                "a User Role that may not",
                "PST-2141",
                "",
                kind -> !kind.service.equals("6.23"),
                b -> b.role = UserRole.OU);
        wrong("a device without credentials", "PST-2142", "RequestID", b -> b.devices.put(Bench.METER, DeviceType.IHD));
        wrong(
                "a load controller on gas",
                "PST-2142",
                "RequestID",
                kind -> kind == Kind.CONTROLLER_BY_SUPPLIER,
                b -> b.devices.put(Bench.METER, DeviceType.GSME));
    }

    private WrongReplacements() {}
}
