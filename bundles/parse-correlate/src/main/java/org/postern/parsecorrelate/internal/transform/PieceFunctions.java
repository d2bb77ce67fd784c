package org.postern.parsecorrelate.internal.transform;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postern.parsecorrelate.internal.transform.Functions.Fn;
import org.postern.parsecorrelate.internal.transform.Piece.Branch;
import org.postern.parsecorrelate.internal.transform.Piece.Framing;
import org.postern.parsecorrelate.internal.transform.Piece.Leaf;

/**
 * Functions that make message pieces: DLMS data, ZCL fields and DER. Each leaf records the DUIS paths from which it was
 * made.
 */
final class PieceFunctions {

    private static final String NUMBER = "number:number";

    private PieceFunctions() {}

    /** Makes the bytes of one value. */
    @FunctionalInterface
    private interface ValueBytes {

        byte[] of(Scope scope, List<Expr> args);
    }

    static void addTo(Map<String, Fn> all) {
        dlms(all);
        zcl(all);
        der(all);
    }

    private static void dlms(Map<String, Fn> all) {
        all.put("null", leaf("", Framing.DLMS, 0x00, (scope, args) -> new byte[0]));
        all.put("bool", leaf("value:truth", Framing.DLMS, 0x03, (scope, args) ->
                new byte[] {(byte) (Values.truth(args.get(0).eval(scope)) ? 0xFF : 0)}));
        all.put(
                "bits",
                leaf(
                        "bits:text",
                        Framing.DLMS,
                        0x04,
                        (scope, args) -> bits(Values.text(args.get(0).eval(scope)))));
        all.put("i32", integer(0x05, 4, true));
        all.put("u32", integer(0x06, 4, false));
        all.put(
                "oct",
                leaf(
                        "bytes:bytes",
                        Framing.DLMS,
                        0x09,
                        (scope, args) -> Values.bytes(args.get(0).eval(scope))));
        all.put("vis", leaf("text:text", Framing.DLMS, 0x0A, (scope, args) -> ascii(scope, args)));
        all.put("i8", integer(0x0F, 1, true));
        all.put("i16", integer(0x10, 2, true));
        all.put("u8", integer(0x11, 1, false));
        all.put("u16", integer(0x12, 2, false));
        all.put("enum", integer(0x16, 1, false));
        all.put("array", branch(Framing.DLMS, 0x01));
        all.put("struct", branch(Framing.DLMS, 0x02));
    }

    private static void zcl(Map<String, Fn> all) {
        for (int width : new int[] {1, 2, 3, 4, 6, 8}) {
            all.put("z" + width * 8, leaf(NUMBER, Framing.RAW, 0, (scope, args) -> {
                Object value = args.get(0).eval(scope);
                return Functions.fixed(Values.whole(value), width, true, false, value, scope);
            }));
            all.put("zi" + width * 8, leaf(NUMBER, Framing.RAW, 0, (scope, args) -> {
                Object value = args.get(0).eval(scope);
                return Functions.fixed(Values.whole(value), width, true, true, value, scope);
            }));
        }
        all.put(
                "raw",
                leaf(
                        "bytes:bytes",
                        Framing.RAW,
                        0,
                        (scope, args) -> Values.bytes(args.get(0).eval(scope))));
        // octet string: one length byte, then the bytes
        all.put("zoct", leaf("bytes:bytes", Framing.RAW, 0, (scope, args) -> {
            byte[] value = Values.bytes(args.get(0).eval(scope));
            if (value.length > 0xFE) {
                throw Values.refused(scope.node.path(), "at most 254 bytes", value.length + " bytes");
            }
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            framed.write(value.length);
            framed.writeBytes(value);
            return framed.toByteArray();
        }));
        // the only fields that the DCC may choose: their values are checked against the exchange time and against each
        // other
        all.put(
                "issuer",
                new Fn(
                        "",
                        (scope, args, place) -> new Leaf(
                                Framing.RAW,
                                0,
                                Functions.fixed(
                                        java.math.BigInteger.valueOf(
                                                scope.request.buildTime().getEpochSecond() - DateFunctions.EPOCH_2000),
                                        4,
                                        true,
                                        false,
                                        null,
                                        scope),
                                new Trace(List.of(), "issuer id", "build-time"))));
    }

    private static void der(Map<String, Fn> all) {
        all.put("seq", branch(Framing.DER, 0x30));
        all.put(
                "int",
                leaf(
                        "number:number",
                        Framing.DER,
                        0x02,
                        (scope, args) -> Values.whole(args.get(0).eval(scope)).toByteArray()));
        all.put(
                "deroct",
                leaf(
                        "bytes:bytes",
                        Framing.DER,
                        0x04,
                        (scope, args) -> Values.bytes(args.get(0).eval(scope))));
        all.put(
                "bitstring",
                leaf(
                        "bytes:bytes",
                        Framing.DER,
                        0x03,
                        (scope, args) -> Values.bytes(args.get(0).eval(scope))));
        all.put("dernull", leaf("", Framing.DER, 0x05, (scope, args) -> new byte[0]));
        all.put("generalized", leaf("time:text", Framing.DER, 0x18, (scope, args) -> ascii(scope, args)));
        all.put(
                "tagged",
                new Fn(
                        "tag:number content:any",
                        (scope, args, place) -> make(
                                scope, Framing.DER, Values.small(args.get(0).eval(scope)), inner -> {
                                    Object value = args.get(1).eval(inner);
                                    return value instanceof byte[] bytes
                                            ? bytes
                                            : Values.whole(value).toByteArray();
                                })));
        all.put(
                "cons",
                new Fn(
                        "tag:number [pieces:piece...]",
                        (scope, args, place) -> branch(
                                scope,
                                Framing.DER,
                                Values.small(args.get(0).eval(scope)),
                                args.subList(1, args.size()))));
        all.put(
                "certificate",
                leaf(
                        "certificate:bytes",
                        Framing.RAW,
                        0,
                        (scope, args) -> certificate(Values.bytes(args.get(0).eval(scope)), scope.node.path())));
    }

    /** The unchanged bytes, if they are exactly one DER object. */
    static byte[] certificate(byte[] certificate, String path) {
        if (certificate.length < 4 || certificate[0] != 0x30 || DerLength.total(certificate) != certificate.length) {
            throw Values.refused(path, "one DER certificate", "not one DER object");
        }
        return certificate;
    }

    private static byte[] ascii(Scope scope, List<Expr> args) {
        return Values.bytes(
                Objects.requireNonNull(Functions.named("ascii")).body().apply(scope, args, ""));
    }

    /** Bit count, then the bits from the most significant one; the last byte is padded with zero bits. */
    private static byte[] bits(String text) {
        byte[] count = Ber.length(text.length());
        byte[] all = new byte[count.length + (text.length() + 7) / 8];
        System.arraycopy(count, 0, all, 0, count.length);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '1') {
                all[count.length + i / 8] |= (byte) (0x80 >> i % 8);
            }
        }
        return all;
    }

    private static Fn integer(int tag, int width, boolean signed) {
        return leaf(NUMBER, Framing.DLMS, tag, (scope, args) -> {
            Object value = args.get(0).eval(scope);
            return Functions.fixed(Values.whole(value), width, false, signed, value, scope);
        });
    }

    private static Fn leaf(String form, Framing framing, int tag, ValueBytes value) {
        return new Fn(form, (scope, args, place) -> make(scope, framing, tag, inner -> value.of(inner, args)));
    }

    private static Leaf make(Scope scope, Framing framing, int tag, java.util.function.Function<Scope, byte[]> value) {
        Set<String> before = scope.mark();
        byte[] bytes;
        List<String> paths;
        try {
            bytes = value.apply(scope);
        } finally {
            paths = scope.note(before);
        }
        return new Leaf(framing, tag, bytes, new Trace(paths, "", null));
    }

    private static Fn branch(Framing framing, int tag) {
        return new Fn("[pieces:piece...]", (scope, args, place) -> branch(scope, framing, tag, args));
    }

    private static Branch branch(Scope scope, Framing framing, int tag, List<Expr> args) {
        Set<String> before = scope.mark();
        List<Piece> parts = new ArrayList<>();
        List<String> paths;
        try {
            for (Expr argument : args) {
                List<Object> made = new ArrayList<>();
                Functions.append(made, argument.eval(scope));
                for (Object part : made) {
                    if (!(part instanceof Piece piece)) {
                        throw Values.refused("rule", "a piece of a message is required here", "another kind of value");
                    }
                    parts.add(piece);
                }
            }
        } finally {
            paths = scope.note(before);
        }
        return new Branch(framing, tag, parts, new Trace(paths, "", null));
    }
}
