package org.postern.servicerequests.internal.answers;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.ResponseCode;
import org.postern.catalogue.ResponseCodes;

/**
 * Classes of response codes with the same meaning for an answer (DUIS, ResponseCode: I information, W warning, E
 * error).
 */
public enum CodeClass {
    /** Carried out; final. */
    DONE,
    /** Carried out with exceptions. */
    WARNING,
    /** Acknowledged; the answer follows. */
    WAIT,
    /** Refused. */
    REFUSAL,
    /** The device could not be reached; the request may be sent again. */
    RETRY,
    /** It may have been carried out. */
    UNKNOWN,
    /**
     * An information or warning code that is not in the table, or a code of an unknown kind; it does not mean a
     * refusal.
     */
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

    /** The Service Reference that a code with six digits belongs to, for example 8.2 for E080201. */
    static Optional<String> service(String code) {
        Matcher matcher = OF_SERVICE.matcher(code);
        return matcher.matches()
                ? Optional.of(Integer.parseInt(matcher.group(1)) + "." + Integer.parseInt(matcher.group(2)))
                : Optional.empty();
    }
}
