package org.postern.catalogue;

import java.util.Objects;

/**
 * One response code of the DCC.
 *
 * @param code the code on the wire, for example {@code I99}
 * @param meaning what it means for the life of a request
 * @param retry the very same request may be sent again without a person's word
 * @param text meaning, not the text of the standard
 */
public record ResponseCode(String code, ResponseClass meaning, boolean retry, String text) {

    public ResponseCode {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(meaning, "meaning");
        Objects.requireNonNull(text, "text");
    }
}
