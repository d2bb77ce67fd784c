package org.postern.duis.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postern.catalogue.PosternException;
import org.postern.duis.Bytes;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisFault;

/**
 * Walks the children of an element in schema order; whatever is missing, out of order or left over is refused by name.
 */
final class Fields {

    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");
    private static final Pattern HEX16 = Pattern.compile("[0-9A-Fa-f]{4}");

    private final String path;
    private final List<DuisElement> children;
    private int next;

    Fields(String path, DuisElement element) {
        this.path = path;
        this.children = element.children();
        if (!element.text().isBlank()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_TEXT, path, "no text of its own", "text", "have the sender correct it");
        }
    }

    /** The next child if it has that name. */
    Optional<DuisElement> optional(String name) {
        if (next < children.size() && is(children.get(next), name)) {
            return Optional.of(children.get(next++));
        }
        return Optional.empty();
    }

    /** The next child, which must have that name. */
    DuisElement required(String name) {
        return optional(name)
                .orElseThrow(() -> DocumentParser.refused(
                        next < children.size() && children.stream().noneMatch(c -> is(c, name))
                                        || next >= children.size()
                                ? DuisFault.ELEMENT_MISSING
                                : DuisFault.UNEXPECTED_ELEMENT,
                        path + "/" + name,
                        "required here",
                        next < children.size() ? "another element in its place" : "missing",
                        "have the sender correct it"));
    }

    /** The next child, whatever it is, as long as it is of DUIS. */
    DuisElement any(String rule) {
        if (next >= children.size()) {
            throw DocumentParser.refused(
                    DuisFault.ELEMENT_MISSING, path, rule, "nothing", "have the sender correct it");
        }
        DuisElement child = children.get(next++);
        if (!child.namespace().equals(DuisElement.DUIS)) {
            throw DocumentParser.refused(
                    DuisFault.FOREIGN_NAME,
                    path + "/" + child.name(),
                    "an element of DUIS",
                    "another namespace",
                    "have the sender correct it");
        }
        return child;
    }

    /** Whatever is left, at most one. */
    Optional<DuisElement> rest(String rule) {
        return next >= children.size() ? Optional.empty() : Optional.of(any(rule));
    }

    /** Whatever is left; nothing is left afterwards. */
    List<DuisElement> remaining() {
        List<DuisElement> rest = children.subList(next, children.size());
        next = children.size();
        return rest;
    }

    /** Refuses anything that is left. */
    void end() {
        if (next < children.size()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    path + "/" + children.get(next).name(),
                    "nothing more here",
                    "an element too many or out of order",
                    "have the sender correct it");
        }
    }

    String text(String name) {
        return leaf(required(name));
    }

    Optional<String> optionalText(String name) {
        return optional(name).map(this::leaf);
    }

    /** A RequestID or ResponseID, by its own reader. */
    <T> T id(String name, Function<String, T> reader) {
        return id(reader, text(name));
    }

    <T> Optional<T> optionalId(String name, Function<String, T> reader) {
        return optionalText(name).map(text -> id(reader, text));
    }

    private static <T> T id(Function<String, T> reader, String text) {
        try {
            return reader.apply(text);
        } catch (PosternException e) {
            throw new DuisException(e.fault(), e);
        }
    }

    Bytes bytes(String name) {
        byte[] text = text(name).getBytes(StandardCharsets.UTF_8);
        // The MIME decoder skips white space but also every other stranger; those are refused here.
        boolean blanks = false;
        for (byte c : text) {
            boolean good = c >= 'A' && c <= 'Z'
                    || c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || c == '+'
                    || c == '/'
                    || c == '=';
            boolean blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
            if (!good && !blank) {
                throw value(name, "base64", "not base64");
            }
            blanks |= blank;
        }
        try {
            return Bytes.of(blanks ? Base64.getMimeDecoder().decode(text) : unbroken(text));
        } catch (IllegalArgumentException e) {
            throw value(name, "base64", "not base64");
        }
    }

    /** The plain decoder is the faster one and takes less: what it does not take, the other decides about. */
    private static byte[] unbroken(byte[] text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    long unsigned(String name, String text, long most) {
        if (!DIGITS.matcher(text).matches() || Long.parseLong(text) > most) {
            throw value(name, "a whole number up to " + most, "something else");
        }
        return Long.parseLong(text);
    }

    int hex16(String name) {
        String text = text(name);
        if (!HEX16.matcher(text).matches()) {
            throw value(name, "two bytes in hex", "something else");
        }
        return Integer.parseInt(text, 16);
    }

    Instant dateTime(String name) {
        try {
            return DateTimes.parse(text(name));
        } catch (DateTimeParseException e) {
            throw value(name, "a date-time in UTC", "something else");
        }
    }

    DuisException value(String name, String rule, String cause) {
        return DocumentParser.refused(
                DuisFault.INVALID_VALUE, path + "/" + name, rule, cause, "have the sender correct it");
    }

    private String leaf(DuisElement element) {
        Iterator<DuisElement> inside = element.children().iterator();
        if (inside.hasNext()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    path + "/" + element.name() + "/" + inside.next().name(),
                    "text only",
                    "an element",
                    "have the sender correct it");
        }
        return element.text().strip();
    }

    private static boolean is(DuisElement element, String name) {
        return element.name().equals(name) && element.namespace().equals(DuisElement.DUIS);
    }
}
