package org.postern.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Makes hostile input for tests of readers: a document in every encoding of this JDK, truncated at every position, and
 * changed at random. The same seed gives the same bytes.
 */
public final class ForeignBytes {

    private static final List<String> PIECES = List.of(
            "<",
            ">",
            "</",
            "/>",
            "&",
            "&#0;",
            "&#x110000;",
            "&x;",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<?x y?>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]>",
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "null",
            "true",
            "\\u0000",
            "\\ud800",
            "\\",
            "\0",
            "\uFEFF",
            "-1",
            "0",
            "1e999999999",
            "NaN",
            "9".repeat(40),
            "9".repeat(70),
            "\n",
            "\r\n",
            "\t",
            " ",
            "\u00e9",
            "xmlns=\"\"",
            "xmlns:sr=\"urn:x\"",
            " a=\"1\" a=\"2\"",
            "=",
            "====",
            "%00",
            "2026-99-99T99:99:99Z",
            "+999999999-12-31T23:59:59Z",
            "<a>".repeat(200),
            "[".repeat(300),
            "{\"a\":".repeat(300),
            "x".repeat(20_000));

    private ForeignBytes() {}

    /**
     * The document in every encoding, with a declaration of the right encoding, of another, of an unknown one, and
     * without any.
     */
    public static List<byte[]> encodings(String document) {
        String plain = document.replaceFirst("^\\s*<\\?xml[^>]*\\?>", "");
        List<byte[]> all = new ArrayList<>();
        for (Charset charset : Charset.availableCharsets().values()) {
            if (charset.canEncode()) {
                for (String declared : List.of("", charset.name(), "UTF-8", "x-unknown")) {
                    String head = declared.isEmpty() ? "" : "<?xml version=\"1.0\" encoding=\"" + declared + "\"?>";
                    all.add((head + plain).getBytes(charset));
                    all.add(("\uFEFF" + head + plain).getBytes(charset));
                }
            }
        }
        all.add(plain.replace("<", "+ADw-").replace(">", "+AD4-").getBytes(StandardCharsets.US_ASCII));
        return all;
    }

    /** Passes every prefix and every suffix of the document to the reader. */
    public static void cuts(byte[] document, Consumer<byte[]> reader) {
        for (int at = 0; at <= document.length; at++) {
            reader.accept(Arrays.copyOf(document, at));
            reader.accept(Arrays.copyOfRange(document, at, document.length));
        }
    }

    /**
     * Passes {@code count} documents to the reader, each either one of the given ones with a few random changes, or
     * random bytes.
     */
    public static void random(long seed, int count, List<byte[]> documents, Consumer<byte[]> reader) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            byte[] made;
            if (random.nextInt(20) == 0) {
                made = new byte[random.nextInt(2_000)];
                random.nextBytes(made);
            } else {
                made = documents.get(random.nextInt(documents.size()));
            }
            for (int change = random.nextInt(1, 5); change > 0; change--) {
                made = changed(made, random);
            }
            reader.accept(made);
        }
    }

    private static byte[] changed(byte[] from, SplittableRandom random) {
        int at = from.length == 0 ? 0 : random.nextInt(from.length);
        int end = Math.min(from.length, at + 1 + random.nextInt(40));
        return switch (random.nextInt(6)) {
            case 0 -> joined(from, at, new byte[] {(byte) random.nextInt(256)}, Math.min(from.length, at + 1));
            case 1 -> joined(from, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8), at);
            case 2 -> joined(from, at, new byte[0], end);
            case 3 -> joined(from, at, Arrays.copyOfRange(from, at, end), at);
            case 4 -> value(from, at, random);
            default ->
                joined(from, at, PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8), end);
        };
    }

    /** Replaces the value of the XML element or JSON member around a position. */
    private static byte[] value(byte[] from, int at, SplittableRandom random) {
        int begin = at;
        while (begin > 0 && from[begin - 1] != '>' && from[begin - 1] != '"') {
            begin--;
        }
        int end = at;
        while (end < from.length && from[end] != '<' && from[end] != '"') {
            end++;
        }
        return joined(
                from,
                begin,
                PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8),
                Math.max(begin, end));
    }

    private static byte[] joined(byte[] from, int head, byte[] middle, int tail) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(from.length + middle.length);
        out.write(from, 0, head);
        out.writeBytes(middle);
        out.write(from, tail, from.length - tail);
        return out.toByteArray();
    }
}
