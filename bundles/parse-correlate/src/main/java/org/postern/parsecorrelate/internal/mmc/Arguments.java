package org.postern.parsecorrelate.internal.mmc;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The arguments of one row. They are checked against the form of the function when the mapping is read: their number,
 * their kinds and the tables that they name. A mistake is an IllegalArgumentException with the rule; the reader adds
 * file and line.
 *
 * <p>A form is {@code name:kind} for each argument, {@code [...]} around arguments that may be omitted together,
 * {@code ...} after one that repeats. The kinds are in {@link #KINDS}; {@code a|b} is one of these words.
 */
final class Arguments {

    /** The pattern of an argument for each kind; docs/tables.md explains the kinds. */
    static final Map<String, Pattern> KINDS = Map.of(
            "number", Pattern.compile("-?\\d{1,30}"),
            "count", Pattern.compile("\\d{1,5}"),
            "bits", Pattern.compile("0x[0-9A-F]{1,7}|\\d{1,9}"),
            "range", Pattern.compile("(0x[0-9A-F]{1,8}|\\d{1,9})(\\.\\.(0x[0-9A-F]{1,8}|\\d{1,9}))?"),
            "path", Pattern.compile("#|(~|\\^*)(\\.|[A-Za-z0-9:/-]+(\\.[A-Za-z0-9:/-]+)*)"),
            "attribute", Pattern.compile("[0-9A-F]{4}/[0-9A-F]{4}"),
            "name", Pattern.compile("[A-Za-z]\\w*"),
            "table", Pattern.compile("[a-z0-9-]+"),
            "set", Pattern.compile("[a-z0-9-]+"),
            "text", Pattern.compile("\\S+"));

    private static final Pattern PATH = pattern("path");

    private final List<String> given;
    private final List<String> kinds;
    private final Tables tables;

    private Arguments(List<String> given, List<String> kinds, Tables tables) {
        this.given = given;
        this.kinds = kinds;
        this.tables = tables;
    }

    private static Pattern pattern(String kind) {
        return Objects.requireNonNull(KINDS.get(kind), kind);
    }

    /** True if the text is a path. */
    static boolean isPath(String text) {
        return PATH.matcher(text).matches();
    }

    /** Checks the words against the form. */
    static Arguments of(String form, List<String> given, Tables tables) {
        List<String> kinds = new ArrayList<>();
        int required = -1;
        boolean repeats = false;
        for (String word : form.isEmpty() ? new String[0] : form.split(" ")) {
            if (word.startsWith("[")) {
                required = kinds.size();
            }
            repeats = word.endsWith("...");
            kinds.add(word.substring(word.indexOf(':') + 1).replace("...", "").replace("]", ""));
        }
        boolean right =
                given.size() == kinds.size() || given.size() == required || repeats && given.size() > kinds.size();
        if (!right) {
            throw new IllegalArgumentException(form.isEmpty() ? "no arguments" : "the arguments " + form);
        }
        while (kinds.size() < given.size()) {
            kinds.add(kinds.get(kinds.size() - 1));
        }
        for (int i = 0; i < given.size(); i++) {
            check(kinds.get(i), given.get(i), tables);
        }
        return new Arguments(given, kinds, tables);
    }

    private static void check(String kind, String text, Tables tables) {
        Pattern pattern = KINDS.get(kind);
        boolean right = pattern == null
                ? List.of(kind.split("\\|")).contains(text)
                : pattern.matcher(text).matches();
        if (!right
                || kind.equals("table") && !tables.has(text)
                || kind.equals("set") && !tables.reserved().has(text)) {
            throw new IllegalArgumentException(kind + " wanted, not " + text);
        }
    }

    int size() {
        return given.size();
    }

    /** The tables, for a function that needs one whatever its arguments. */
    Tables tables() {
        return tables;
    }

    String text(int i) {
        return given.get(i);
    }

    /** A decimal number of any size. */
    BigInteger number(int i) {
        return new BigInteger(given.get(i));
    }

    /** A small decimal number. */
    int count(int i) {
        return Integer.parseInt(given.get(i));
    }

    /** A number in decimal, or in hex after 0x. */
    int bits(int i) {
        return Integer.decode(given.get(i));
    }

    Row.Path path(int i) {
        return Row.Path.parse(given.get(i));
    }

    /** The enumeration that the argument names. */
    Tables.Words words(int i) {
        return tables.words(given.get(i));
    }

    /** The set of reserved values that the argument names. */
    ReservedValues.Numbers set(int i) {
        return tables.reserved().set(given.get(i));
    }

    /** The smallest and the largest value that MMC can express; unbounded if the arguments do not state them. */
    Bounds bounds(int from) {
        return from < given.size() ? new Bounds(number(from), number(from + 1)) : Bounds.NONE;
    }

    /** Another path that the function reads besides its source. */
    List<Row.Path> otherPaths() {
        List<Row.Path> paths = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            if (kinds.get(i).equals("path") || kinds.get(i).equals("attribute")) {
                paths.add(path(i));
            }
        }
        return paths;
    }
}
