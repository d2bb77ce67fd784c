package org.postern.parsecorrelate.reading;

import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;

/** The values of the request in a replacement of security credentials (GBCS CS02b, CS02g). */
final class Credentials {

    private static final int TIME_CHECKS_OFF = 0x81;
    private static final int AUTHORITY = 0xA2;
    private static final int COUNTER = 0x83;
    private static final int OWN_FLOOR = 0x84;
    private static final int OWN_TOP_UP_FLOOR = 0xA5;
    private static final int OTHER_FLOORS = 0xA6;

    private Credentials() {}

    static Map<String, String> read(DerNode root, int mode, int authority, String role) {
        Map<String, String> found = new LinkedHashMap<>();
        Iterator<DerNode> parts = root.children().iterator();
        control(parts.next(), mode, authority, found);
        found.put("RemotePartyRole", role);
        for (DerNode replacement : parts.next().children()) {
            DerNode cell = replacement.children().get(1);
            expect(role(role), number(cell.children().get(0)));
            String usage = content(cell.children().get(1)).hex();
            String name = usage.equals("0780")
                    ? "DigitalSigningCertificate"
                    : cell.children().size() == 3 ? "KeyAgreementTopUpCertificate" : "KeyAgreementCertificate";
            found.put(
                    "ReplacementCertificates/SupplierOrNetworkOperatorCertificates/" + name,
                    Readings.encoded(replacement.children().get(0)));
        }
        int path = 1;
        for (DerNode certificate : parts.next().children()) {
            found.put("CertificationPathCertificates/Certificate[" + path++ + "]", Readings.encoded(certificate));
        }
        if (parts.hasNext()) {
            found.put(
                    "ExecutionDateTime",
                    Readings.read("generalized-when", new Wire(0, 0, null, null, parts.next(), List.of()))
                            .get(""));
        }
        return found;
    }

    private static void control(DerNode control, int mode, int authority, Map<String, String> found) {
        expect(mode, number(control.children().get(0)));
        found.put("ApplyTimeBasedCPVChecks", "true");
        for (DerNode part : control.children().subList(1, control.children().size())) {
            switch (part.tag()) {
                case TIME_CHECKS_OFF -> found.put("ApplyTimeBasedCPVChecks", "false");
                case AUTHORITY -> expect(authority, number(part.children().get(0)));
                case COUNTER -> {}
                case OWN_FLOOR ->
                    found.put(
                            "RemotePartyFloorSeqNumber",
                            ((DerNode.Primitive) part).number().toString());
                case OWN_TOP_UP_FLOOR ->
                    found.put(
                            "RemotePartyPrepaymentTopUpFloorSeqNumber",
                            floor(part.children().get(0)));
                case OTHER_FLOORS -> {
                    DerNode entry = part.children().get(0);
                    expect(role("LoadController"), number(entry.children().get(0)));
                    found.put(
                            "RemotePartyFloorSeqNumber",
                            ((DerNode.Primitive) entry.children().get(1))
                                    .number()
                                    .toString());
                    if (entry.children().size() > 2) {
                        found.put(
                                "RemotePartyPrepaymentTopUpFloorSeqNumber",
                                floor(entry.children().get(2).children().get(0)));
                    }
                }
                default -> throw new IllegalStateException("control " + Integer.toHexString(part.tag()));
            }
        }
    }

    private static String floor(DerNode topUp) {
        expect(0, number(topUp.children().get(0)));
        return ((DerNode.Primitive) topUp.children().get(1)).number().toString();
    }

    private static int role(String name) {
        return switch (name) {
            case "Supplier" -> 2;
            case "NetworkOperator" -> 3;
            case "LoadController" -> 8;
            default -> throw new IllegalStateException(name);
        };
    }

    private static int number(DerNode node) {
        return ((DerNode.Primitive) node).number().intValueExact();
    }

    private static Bytes content(DerNode node) {
        return ((DerNode.Primitive) node).content();
    }

    private static void expect(int wanted, int found) {
        if (wanted != found) {
            throw new IllegalStateException(found + " where " + wanted + " must be");
        }
    }

    /** DER of the placeholder for a certificate in a generated request. */
    static String encode(DerNode node) {
        String content = node instanceof DerNode.Primitive primitive
                ? primitive.content().hex()
                : node.children().stream().map(Readings::encoded).collect(Collectors.joining());
        int length = content.length() / 2;
        HexFormat hex = HexFormat.of().withUpperCase();
        return hex.toHexDigits((byte) node.tag())
                + (length < 0x80
                        ? hex.toHexDigits((byte) length)
                        : length < 0x100
                                ? "81" + hex.toHexDigits((byte) length)
                                : "82" + hex.toHexDigits((short) length))
                + content;
    }
}
