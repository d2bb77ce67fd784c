package org.postern.intake.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The token that gives access to the HTTP interface, sent as {@code Authorization: Bearer TOKEN} or as the password of
 * Basic authentication with any user name. It is compared in constant time.
 */
final class HttpToken {

    static final String CHALLENGE = "Bearer, Basic realm=\"postern\"";

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final byte[] token;

    HttpToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** Decides on the value of the header {@code Authorization}; null if it is absent. */
    boolean accepts(@Nullable String authorization) {
        if (authorization == null) {
            return false;
        }
        String given;
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            given = authorization.substring(BEARER.length()).strip();
        } else if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                String pair = new String(
                        Base64.getDecoder()
                                .decode(authorization.substring(BASIC.length()).strip()),
                        StandardCharsets.UTF_8);
                given = pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return false;
            }
        } else {
            return false;
        }
        return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
    }
}
