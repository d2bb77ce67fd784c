package org.postern.jettyruntime;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One operation of an HTTP interface, as its description states it.
 *
 * @param method the only HTTP method of this operation
 * @param path the path, with a parameter in braces as a whole segment: {@code /things/{id}/part}
 * @param consumes media types of the request's body; empty where any content type is accepted
 * @param match how the content type of a request is compared with them
 * @param answers each status of the operation, with the media types of its body
 * @param handler carries out the operation
 */
public record Route<H>(
        String method, String path, List<String> consumes, Match match, Map<Integer, List<String>> answers, H handler) {

    /** How the content type of a request is compared with those of its route. */
    public enum Match {
        /** The media type has to be one of them. */
        EXACT,
        /** The subtype of one of them occurs in it: {@code text/xml} is accepted for {@code application/xml}. */
        BY_SUBTYPE
    }

    public Route {
        consumes = List.copyOf(consumes);
        answers = Map.copyOf(answers);
    }

    /**
     * True where a request with this content type is accepted.
     *
     * @param contentType the header {@code Content-Type} as it was sent; empty where there was none
     */
    public boolean takes(String contentType) {
        String given = contentType.toLowerCase(Locale.ROOT);
        return consumes.isEmpty()
                || consumes.stream()
                        .anyMatch(type -> match == Match.EXACT
                                ? type.equals(given.split(";", 2)[0].strip())
                                : given.contains(type.substring(type.indexOf('/') + 1)));
    }
}
