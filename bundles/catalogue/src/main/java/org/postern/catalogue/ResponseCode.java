package org.postern.catalogue;

import java.util.Objects;

/**
 * One response code of the DCC.
 *
 * @param code the code in DUIS, for example {@code I99}
 * @param meaning its meaning for a request
 * @param retry whether the unchanged request may be sent again automatically
 * @param text description; not the text of the standard
 */
public record ResponseCode(String code, ResponseClass meaning, boolean retry, String text) {

    public ResponseCode {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(meaning, "meaning");
        Objects.requireNonNull(text, "text");
    }
}
