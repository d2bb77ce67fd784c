package org.postern.servicerequests.internal.answers;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.ResponseCode;
import org.postern.catalogue.ResponseCodes;

/**
 * Response codes as far as they differ in what an answer means (DUIS, ResponseCode: I information, W warning, E error).
 */
public enum CodeClass {
    /** Carried out; final. */
    DONE,
    /** Carried out but for exceptions. */
    WARNING,
    /** Taken in. */
    WAIT,
    /** Not taken, for one of many reasons. */
    REFUSAL,
    /** The device could not be reached now; the same may be tried again. */
    RETRY,
    /** It may have been carried out. */
    UNKNOWN,
    /** An information or warning that is in no table, or a code of no known kind: it refuses nothing. */
    UNFAMILIAR;

    private static final Pattern OF_SERVICE = Pattern.compile("[A-Z](\\d\\d)(\\d\\d)\\d\\d");

    /** The class of a code. */
    public static CodeClass of(String code, ResponseCodes codes) {
        ResponseCode known = codes.of(code);
        return switch (known.meaning()) {
            case DONE -> DONE;
            case DONE_WITH_EXCEPTIONS -> WARNING;
            case WAIT -> WAIT;
            case RETRY -> RETRY;
            case UNKNOWN_OUTCOME -> UNKNOWN;
            case CONFIG, BUSINESS, REJECTED, SOFTWARE -> REFUSAL;
            case MANUAL -> code.startsWith("E") ? REFUSAL : UNFAMILIAR;
        };
    }

    /** The Service Reference that a code of six digits belongs to: E080201 to 8.2. */
    static Optional<String> service(String code) {
        Matcher matcher = OF_SERVICE.matcher(code);
        return matcher.matches()
                ? Optional.of(Integer.parseInt(matcher.group(1)) + "." + Integer.parseInt(matcher.group(2)))
                : Optional.empty();
    }
}
