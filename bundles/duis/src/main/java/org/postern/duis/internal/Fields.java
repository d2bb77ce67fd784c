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
 * Reads the children of an element in the order of the schema. A child that is missing, out of order or not expected is
 * refused by name.
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
                    DuisFault.UNEXPECTED_TEXT,
                    path,
                    "an element without text",
                    "the element has text",
                    "ask the sender to correct it");
        }
    }

    /** The next child, if it has this name. */
    Optional<DuisElement> optional(String name) {
        if (next < children.size() && is(children.get(next), name)) {
            return Optional.of(children.get(next++));
        }
        return Optional.empty();
    }

    /** The next child, which has to have this name. */
    DuisElement required(String name) {
        return optional(name)
                .orElseThrow(() -> DocumentParser.refused(
                        next < children.size() && children.stream().noneMatch(c -> is(c, name))
                                        || next >= children.size()
                                ? DuisFault.ELEMENT_MISSING
                                : DuisFault.UNEXPECTED_ELEMENT,
                        path + "/" + name,
                        "required here",
                        next < children.size() ? "another element at this position" : "missing",
                        "ask the sender to correct it"));
    }

    /** The next child with any name of the DUIS namespace. */
    DuisElement any(String rule) {
        if (next >= children.size()) {
            throw DocumentParser.refused(
                    DuisFault.ELEMENT_MISSING, path, rule, "there is no element", "ask the sender to correct it");
        }
        DuisElement child = children.get(next++);
        if (!child.namespace().equals(DuisElement.DUIS)) {
            throw DocumentParser.refused(
                    DuisFault.FOREIGN_NAME,
                    path + "/" + child.name(),
                    "an element of DUIS",
                    "another namespace",
                    "ask the sender to correct it");
        }
        return child;
    }

    /** The next child, if there is one. */
    Optional<DuisElement> rest(String rule) {
        return next >= children.size() ? Optional.empty() : Optional.of(any(rule));
    }

    /** All remaining children. */
    List<DuisElement> remaining() {
        List<DuisElement> rest = children.subList(next, children.size());
        next = children.size();
        return rest;
    }

    /** Refuses remaining children. */
    void end() {
        if (next < children.size()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    path + "/" + children.get(next).name(),
                    "no further element",
                    "an additional element, or one out of order",
                    "ask the sender to correct it");
        }
    }

    String text(String name) {
        return leaf(required(name));
    }

    Optional<String> optionalText(String name) {
        return optional(name).map(this::leaf);
    }

    /** A RequestID or ResponseID, parsed by the given function. */
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
        // the MIME decoder ignores white space but also every other character; those are refused here
        boolean hasBlanks = false;
        for (byte c : text) {
            boolean valid = c >= 'A' && c <= 'Z'
                    || c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || c == '+'
                    || c == '/'
                    || c == '=';
            boolean blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
            if (!valid && !blank) {
                throw value(name, "base64", "not base64");
            }
            hasBlanks |= blank;
        }
        try {
            return Bytes.of(hasBlanks ? Base64.getMimeDecoder().decode(text) : withoutBlanks(text));
        } catch (IllegalArgumentException e) {
            throw value(name, "base64", "not base64");
        }
    }

    /** The basic decoder is faster but stricter; where it refuses the text, the MIME decoder decides. */
    private static byte[] withoutBlanks(byte[] text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    long unsigned(String name, String text, long max) {
        if (!DIGITS.matcher(text).matches() || Long.parseLong(text) > max) {
            throw value(name, "a whole number up to " + max, "another text");
        }
        return Long.parseLong(text);
    }

    int hex16(String name) {
        String text = text(name);
        if (!HEX16.matcher(text).matches()) {
            throw value(name, "two bytes in hex", "another text");
        }
        return Integer.parseInt(text, 16);
    }

    Instant dateTime(String name) {
        try {
            return DateTimes.parse(text(name));
        } catch (DateTimeParseException e) {
            throw value(name, "a date-time in UTC", "another text");
        }
    }

    DuisException value(String name, String rule, String cause) {
        return DocumentParser.refused(
                DuisFault.INVALID_VALUE, path + "/" + name, rule, cause, "ask the sender to correct it");
    }

    private String leaf(DuisElement element) {
        Iterator<DuisElement> inside = element.children().iterator();
        if (inside.hasNext()) {
            throw DocumentParser.refused(
                    DuisFault.UNEXPECTED_ELEMENT,
                    path + "/" + element.name() + "/" + inside.next().name(),
                    "text only",
                    "an element",
                    "ask the sender to correct it");
        }
        return element.text().strip();
    }

    private static boolean is(DuisElement element, String name) {
        return element.name().equals(name) && element.namespace().equals(DuisElement.DUIS);
    }
}
