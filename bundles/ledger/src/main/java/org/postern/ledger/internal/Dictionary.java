package org.postern.ledger.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The preset dictionaries of {@link Packer}: texts in which the constant parts of our documents stand. The number is
 * kept with every document, so a dictionary that was once shipped stays as it is for ever, and a better one is another
 * entry.
 */
enum Dictionary {
    /** Of what is kept as it is. */
    NONE(0, ""),
    /** Requests as they are handed in, written and signed. */
    REQUEST(1, "request-1"),
    /** Answers of the DCC. */
    ANSWER(2, "answer-1"),
    /** What is delivered. */
    DELIVERY(3, "delivery-1");

    private final int number;
    private final byte[] text;

    Dictionary(int number, String name) {
        this.number = number;
        this.text = name.isEmpty() ? new byte[0] : read("/org/postern/ledger/dictionary/" + name + ".txt");
    }

    private static byte[] read(String resource) {
        try (InputStream in = Dictionary.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The one of that number. */
    static Optional<Dictionary> of(int number) {
        return Arrays.stream(values())
                .filter(dictionary -> dictionary.number == number)
                .findFirst();
    }

    byte number() {
        return (byte) number;
    }

    /** Its text; not to be changed. */
    byte[] text() {
        return text;
    }
}
