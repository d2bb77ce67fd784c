package org.postern.parsecorrelate.internal.transform;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.postern.parsecorrelate.ParseCorrelateFault;
import org.postern.parsecorrelate.TransformException;

/** Converts a value to the kind that a rule requires; a value that cannot be converted is refused. */
final class Values {

    private Values() {}

    static TransformException refused(String field, String rule, String cause) {
        return new TransformException(ParseCorrelateFault.REQUEST_DOES_NOT_FIT.fault(field, rule, cause));
    }

    @SuppressWarnings("unchecked")
    static List<DuisNode> nodes(Object value) {
        if (value instanceof DuisNode node) {
            return List.of(node);
        }
        if (value instanceof List<?> list && (list.isEmpty() || list.get(0) instanceof DuisNode)) {
            return (List<DuisNode>) list;
        }
        throw refused("rule", "a path is required here", "another kind of value");
    }

    static DuisNode node(Object value) {
        List<DuisNode> nodes = nodes(value);
        if (nodes.size() != 1) {
            throw refused(
                    nodes instanceof MissingNodes none
                            ? none.path()
                            : nodes.isEmpty() ? "body" : nodes.get(0).path(),
                    "exactly one element is required here",
                    nodes.isEmpty() ? "the element is missing" : nodes.size() + " elements");
        }
        return nodes.get(0);
    }

    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof Boolean truth) {
            return truth.toString();
        }
        return node(value).text();
    }

    /** As {@link #text}, but including the white space around the text of an element. */
    static String raw(Object value) {
        return value instanceof List<?> || value instanceof DuisNode
                ? node(value).raw()
                : text(value);
    }

    static BigDecimal number(Object value) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        String where = value instanceof List<?> ? node(value).path() : "rule";
        String text = text(value);
        try {
            if (text.length() > 40) {
                throw new NumberFormatException("too long");
            }
            return new BigDecimal(text.startsWith("+") ? text.substring(1) : text);
        } catch (NumberFormatException notANumber) {
            throw refused(where, "a number is required here", "not a number");
        }
    }

    static BigInteger whole(Object value) {
        try {
            BigDecimal number = number(value);
            if (number.precision() - number.scale() > 40) {
                throw new ArithmeticException("too large");
            }
            return number.toBigIntegerExact();
        } catch (ArithmeticException fraction) {
            throw refused(
                    value instanceof List<?> ? node(value).path() : "rule",
                    "a whole number is required here",
                    "not a whole number");
        }
    }

    static int small(Object value) {
        BigInteger whole = whole(value);
        if (whole.bitLength() > 31) {
            throw refused("rule", "a small number is required here", "too large");
        }
        return whole.intValue();
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        String text = text(value);
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                throw refused(
                        value instanceof List<?> ? node(value).path() : "rule",
                        "true or false is required here",
                        "another text");
        };
    }

    static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw refused("rule", "bytes are required here", "another kind of value");
    }

    static boolean compare(String operator, Object left, Object right) {
        int order;
        if (left instanceof byte[] a && right instanceof byte[] b) {
            order = Arrays.compareUnsigned(a, b);
        } else if (left instanceof BigDecimal || right instanceof BigDecimal) {
            order = number(left).compareTo(number(right));
        } else if (left instanceof Boolean || right instanceof Boolean) {
            order = Boolean.compare(truth(left), truth(right));
        } else {
            order = textOrNone(left).compareTo(textOrNone(right));
        }
        return switch (operator) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            default -> order >= 0;
        };
    }

    /** A missing element compares as empty text: a condition tests an element and does not require it. */
    private static String textOrNone(Object value) {
        return value instanceof List<?> list && list.isEmpty() ? "" : text(value);
    }
}
