package org.postern.ledger.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The preset dictionaries of {@link Packer}: texts that contain the constant parts of the documents. The number is
 * stored with every document, so a dictionary that has been released must never be changed; a better one becomes a new
 * entry.
 */
enum Dictionary {
    /** For documents that are stored uncompressed. */
    NONE(0, ""),
    /** Requests as submitted, written and signed. */
    REQUEST(1, "request-1"),
    /** Answers of the DCC. */
    ANSWER(2, "answer-1"),
    /** Deliveries. */
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

    /** The dictionary with that number. */
    static Optional<Dictionary> of(int number) {
        return Arrays.stream(values())
                .filter(dictionary -> dictionary.number == number)
                .findFirst();
    }

    byte number() {
        return (byte) number;
    }

    /** Its text; the caller must not change it. */
    byte[] text() {
        return text;
    }
}
