package org.postern.parsecorrelate.internal.transform;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;

/**
 * The closed set of functions of the transform notation. This class has the functions for control, text and bytes;
 * {@link DateFunctions} and {@link PieceFunctions} have the others.
 */
final class Functions {

    /** Body of a function. It evaluates its own arguments, so that conditions and loops can be functions. */
    @FunctionalInterface
    interface Body {

        Object apply(Scope scope, List<Expr> arguments, String place);
    }

    /**
     * A function.
     *
     * @param form {@code name:kind} for each argument, {@code [...]} around optional ones, {@code ...} after one that
     *     repeats; docs/tables.md lists the kinds. Kinds are checked when a request is transformed, since the result of
     *     a path is not known before
     */
    record Fn(String form, int minArguments, int maxArguments, Body body) {

        Fn(String form, Body body) {
            this(form, minArguments(form), form.contains("...") ? UNLIMITED : words(form), body);
        }

        private static int words(String form) {
            return form.isEmpty() ? 0 : form.split(" ").length;
        }

        private static int minArguments(String form) {
            int optional = form.indexOf('[');
            return words(optional < 0 ? form : form.substring(0, optional).strip());
        }
    }

    private static final int UNLIMITED = 1000;
    private static final Map<String, Fn> ALL = new HashMap<>();

    private Functions() {}

    static {
        control();
        textAndBytes();
        request();
        DateFunctions.addTo(ALL);
        PieceFunctions.addTo(ALL);
    }

    static @Nullable Fn named(String name) {
        return ALL.get(name);
    }

    /** Names of all functions. */
    static Set<String> names() {
        return Set.copyOf(ALL.keySet());
    }

    private static void control() {
        ALL.put(
                "if",
                new Fn(
                        "condition:truth then:any [else:any]",
                        (scope, args, place) -> Values.truth(args.get(0).eval(scope))
                                ? args.get(1).eval(scope)
                                : args.size() == 3 ? args.get(2).eval(scope) : List.of()));
        ALL.put(
                "exists",
                new Fn(
                        "path:nodes",
                        (scope, args, place) ->
                                !Values.nodes(args.get(0).eval(scope)).isEmpty()));
        ALL.put(
                "count",
                new Fn(
                        "path:nodes",
                        (scope, args, place) -> BigDecimal.valueOf(
                                Values.nodes(args.get(0).eval(scope)).size())));
        ALL.put("position", new Fn("", (scope, args, place) -> BigDecimal.valueOf(scope.position)));
        ALL.put("orelse", new Fn("value:any otherwise:any", (scope, args, place) -> {
            Object value = args.get(0).eval(scope);
            return value instanceof List<?> list && list.isEmpty() ? args.get(1).eval(scope) : value;
        }));
        ALL.put("each", new Fn("path:nodes value:any", (scope, args, place) -> {
            List<DuisNode> nodes = Values.nodes(args.get(0).eval(scope));
            List<Object> made = new ArrayList<>();
            for (int i = 0; i < nodes.size(); i++) {
                append(made, args.get(1).eval(scope.on(nodes.get(i), i + 1)));
            }
            return made;
        }));
        ALL.put("loop", new Fn("name:text from:number to:number value:any", (scope, args, place) -> {
            String name = Values.text(args.get(0).eval(scope));
            int from = Values.small(args.get(1).eval(scope));
            int to = Values.small(args.get(2).eval(scope));
            List<Object> made = new ArrayList<>();
            for (int i = from; i <= to; i++) {
                append(made, args.get(3).eval(scope.with(name, BigDecimal.valueOf(i))));
            }
            return made;
        }));
        ALL.put("list", new Fn("[values:any...]", (scope, args, place) -> {
            List<Object> made = new ArrayList<>();
            for (Expr argument : args) {
                append(made, argument.eval(scope));
            }
            return made;
        }));
        ALL.put("map", new Fn("value:text key:text result:any [more:any...]", Functions::map));
    }

    /** map(value, key, result, key, result ..., [default]): without a default, an unlisted value is refused. */
    private static Object map(Scope scope, List<Expr> args, String place) {
        Object value = args.get(0).eval(scope);
        String text = Values.text(value);
        int i = 1;
        for (; i + 1 < args.size(); i += 2) {
            if (Values.text(args.get(i).eval(scope)).equals(text)) {
                return args.get(i + 1).eval(scope);
            }
        }
        if (i < args.size()) {
            return args.get(i).eval(scope);
        }
        String where = value instanceof List<?> ? Values.node(value).path() : scope.node.path();
        throw Values.refused(where, "one of the values that the rule at " + place + " lists", "another value");
    }

    static void append(List<Object> made, Object value) {
        if (value instanceof List<?> list) {
            made.addAll(list);
        } else {
            made.add(value);
        }
    }

    private static void textAndBytes() {
        ALL.put("text", new Fn("[parts:any...]", (scope, args, place) -> {
            StringBuilder text = new StringBuilder();
            for (Expr argument : args) {
                List<Object> parts = new ArrayList<>();
                append(parts, argument.eval(scope));
                parts.forEach(part -> text.append(Values.text(part)));
            }
            return text.toString();
        }));
        ALL.put("ascii", new Fn("text:text", (scope, args, place) -> {
            String text = Values.raw(args.get(0).eval(scope));
            if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
                throw Values.refused(scope.node.path(), "ASCII text", "another character");
            }
            return text.getBytes(StandardCharsets.US_ASCII);
        }));
        ALL.put(
                "utf8",
                new Fn(
                        "text:text",
                        (scope, args, place) ->
                                Values.raw(args.get(0).eval(scope)).getBytes(StandardCharsets.UTF_8)));
        ALL.put(
                "hexbytes",
                new Fn(
                        "digits:text",
                        (scope, args, place) ->
                                hex(scope, Values.text(args.get(0).eval(scope)))));
        ALL.put("eui", new Fn("text:text", (scope, args, place) -> {
            try {
                return Eui64.parse(Values.text(args.get(0).eval(scope))).toBytes();
            } catch (TransformException known) {
                throw known;
            } catch (PosternException notAnEui) {
                throw Values.refused(scope.node.path(), "an EUI-64", "not an EUI-64");
            }
        }));
        ALL.put(
                "base64",
                new Fn(
                        "text:text",
                        (scope, args, place) -> base64(Values.text(args.get(0).eval(scope)), scope.node.path())));
        ALL.put("be", new Fn("number:number width:number", (scope, args, place) -> {
            Object value = args.get(0).eval(scope);
            return fixed(Values.whole(value), Values.small(args.get(1).eval(scope)), false, false, value, scope);
        }));
        ALL.put("cat", new Fn("[parts:bytes...]", (scope, args, place) -> {
            java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            for (Expr argument : args) {
                List<Object> parts = new ArrayList<>();
                append(parts, argument.eval(scope));
                parts.forEach(part -> bytes.writeBytes(Values.bytes(part)));
            }
            return bytes.toByteArray();
        }));
        // true if one of the nodes has the value
        ALL.put("among", new Fn("value:text path:nodes", (scope, args, place) -> {
            String wanted = Values.text(args.get(0).eval(scope));
            for (DuisNode node : Values.nodes(args.get(1).eval(scope))) {
                if (node.text().equals(wanted) || sameNumber(node.text(), wanted)) {
                    return true;
                }
            }
            return false;
        }));
        ALL.put(
                "specialdaybits",
                new Fn(
                        "named:nodes calendar:nodes",
                        (scope, args, place) -> specialDayBits(
                                Values.nodes(args.get(0).eval(scope)),
                                Values.nodes(args.get(1).eval(scope)))));
        ALL.put("haschild", new Fn("parent:node name:text", (scope, args, place) -> {
            DuisNode parent = Values.node(args.get(0).eval(scope));
            String name = Values.text(args.get(1).eval(scope));
            scope.touch(parent.path() + "/" + name);
            return !parent.children(name).isEmpty();
        }));
        ALL.put("lastdigits", new Fn("number:number width:number", (scope, args, place) -> {
            int width = Values.small(args.get(1).eval(scope));
            String digits = "0".repeat(width) + Values.whole(args.get(0).eval(scope));
            return digits.substring(digits.length() - width);
        }));
        // the four hex digits that end an element's name, as in x81AB
        ALL.put("codeinname", new Fn("", (scope, args, place) -> {
            scope.touch(scope.node.path());
            return BigDecimal.valueOf(code(scope.node));
        }));
        ALL.put(
                "alertbits",
                new Fn(
                        "codes:nodes",
                        (scope, args, place) ->
                                alertBits(Values.nodes(args.get(0).eval(scope)))));
    }

    /** The bytes that base64 text encodes; white space is ignored. */
    static byte[] base64(String text, String path) {
        try {
            return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException notBase64) {
            throw Values.refused(path, "base64", "not base64");
        }
    }

    /** One 0 or 1 for each day of the calendar, in its order; a named day that is not in the calendar is refused. */
    private static String specialDayBits(List<DuisNode> named, List<DuisNode> calendar) {
        List<String> ids = new ArrayList<>();
        for (DuisNode day : calendar) {
            DuisNode id = day.attribute("index") == null ? day.attribute("identifier") : day.attribute("index");
            ids.add(Values.whole(List.of(Values.node(id == null ? List.of() : id)))
                    .toString());
        }
        char[] bits = "0".repeat(calendar.size()).toCharArray();
        for (DuisNode name : named) {
            int place = ids.indexOf(Values.whole(List.of(name)).toString());
            if (place < 0) {
                throw Values.refused(name.path(), "a special day that the calendar defines", "another day");
            }
            bits[place] = '1';
        }
        return new String(bits);
    }

    private static int code(DuisNode node) {
        String name = node.name();
        if (!name.matches("x[0-9A-F]{4}")) {
            throw Values.refused(node.path(), "an element named x and four hex digits", "another name");
        }
        return Integer.parseInt(name.substring(1), 16);
    }

    /** 256 bits of mask, then 256 bits of state; the code's low byte is the position from the right. */
    private static String alertBits(List<DuisNode> codes) {
        char[] bits = "0".repeat(512).toCharArray();
        for (DuisNode node : codes) {
            int place = 255 - (code(node) & 0xFF);
            bits[place] = '1';
            bits[256 + place] = switch (node.text()) {
                case "Enable" -> '1';
                case "Disable" -> '0';
                default -> throw Values.refused(node.path(), "Enable or Disable", "another word");
            };
        }
        return new String(bits);
    }

    private static boolean sameNumber(String left, String right) {
        try {
            return new BigDecimal(left).compareTo(new BigDecimal(right)) == 0;
        } catch (NumberFormatException notNumbers) {
            return false;
        }
    }

    private static byte[] hex(Scope scope, String text) {
        try {
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException notHex) {
            throw Values.refused(scope.node.path(), "hex digits", "not hex");
        }
    }

    /** A whole number in that many bytes; two's complement if signed. */
    static byte[] fixed(
            BigInteger number, int width, boolean little, boolean signed, @Nullable Object source, Scope scope) {
        boolean fits =
                signed ? number.bitLength() < width * 8 : number.signum() >= 0 && number.bitLength() <= width * 8;
        if (!fits) {
            String where = source instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof DuisNode node
                    ? node.path()
                    : scope.node.path();
            throw Values.refused(
                    where, "fits " + width * 8 + " bits" + (signed ? ", signed" : ""), "the number does not fit");
        }
        byte[] bytes = new byte[width];
        BigInteger rest = number;
        for (int i = 0; i < width; i++) {
            bytes[little ? i : width - 1 - i] = rest.byteValue();
            rest = rest.shiftRight(8);
        }
        return bytes;
    }

    private static void request() {
        ALL.put("counter", new Fn("", (scope, args, place) -> {
            scope.touch("Header/RequestID");
            return new BigDecimal(new BigInteger(
                    1,
                    java.nio.ByteBuffer.allocate(8)
                            .putLong(scope.request.counter())
                            .array()));
        }));
        ALL.put("partycounter", new Fn("", (scope, args, place) -> {
            scope.touch("Header/RequestID");
            return new BigDecimal(new BigInteger(
                    1,
                    java.nio.ByteBuffer.allocate(8)
                            .putLong(Objects.requireNonNull(
                                            scope.request.party(), "the party is set while a message is built")
                                    .counter())
                            .array()));
        }));
        ALL.put("originator", new Fn("", (scope, args, place) -> {
            scope.touch("Header/RequestID");
            return scope.request.originator().toBytes();
        }));
        ALL.put("target", new Fn("", (scope, args, place) -> {
            scope.touch("Header/RequestID");
            return scope.request.target().toBytes();
        }));
        ALL.put("variant", new Fn("", (scope, args, place) -> {
            scope.touch("inventory/variant");
            return DeviceRules.variant(scope.request.device());
        }));
        ALL.put("fact", new Fn("key:text", (scope, args, place) -> {
            String key = Values.text(args.get(0).eval(scope));
            scope.touch("inventory/" + key);
            return DeviceRules.fact(scope.request.device(), key)
                    .orElseThrow(() -> new TransformException(ParseCorrelateFault.DEVICE_FACT_MISSING.fault(
                            "inventory/" + key,
                            scope.request.useCase() + " needs this fact about the device, which is not in the request",
                            "the inventory does not have it",
                            "add " + key + " to the device's attributes")));
        }));
        ALL.put("hasfact", new Fn("key:text", (scope, args, place) -> {
            String key = Values.text(args.get(0).eval(scope));
            scope.touch("inventory/" + key);
            Optional<String> value = DeviceRules.fact(scope.request.device(), key);
            return value.isPresent();
        }));
    }
}
