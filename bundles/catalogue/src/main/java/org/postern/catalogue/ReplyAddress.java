package org.postern.catalogue;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The destination of a result, which intake stores with a request and delivery reads when there is a result.
 *
 * <p>Text form: {@code kind:name}, followed by {@code ?format=json} where the supplier requested JSON. A name without
 * kind is a queue. From outside, only reply queues of suppliers and temporary queues are accepted: otherwise a reply-to
 * could return a result as a request, or send it to an internal queue of Postern.
 *
 * @param kind queue, topic or file
 * @param name the queue or topic, or the stem of the result file
 * @param json true where JSON was requested
 */
public record ReplyAddress(Kind kind, String name, boolean json) {

    /** Kinds of destination. */
    public enum Kind {
        /** Anycast. */
        QUEUE,
        /** Multicast. */
        TOPIC,
        /** A file in the results folder. */
        FILE,
        /**
         * A queue that the caller did not name: the caller reads the result by its id, and the queue contains a copy.
         */
        COPY
    }

    /** Queue of results without a reply-to. */
    public static final String RESULTS = "postern.results";
    /** Multicast address of Device Alerts and DCC Alerts. */
    public static final String ALERTS = "postern.alerts";
    /** Prefix of the reply queues that suppliers create. */
    public static final String REPLY_PREFIX = "postern.reply.";
    /** The common queue of results, as XML. */
    public static final ReplyAddress COMMON = new ReplyAddress(Kind.QUEUE, RESULTS, false);

    /** Destination of the copy of a result that a caller reads by its id, as over HTTP. */
    public static final ReplyAddress UNNAMED = new ReplyAddress(Kind.COPY, RESULTS, false);

    private static final String JSON = "?format=json";
    /**
     * A name contains no wildcard and no separator of address and queue or of several addresses, so it refers to one
     * queue.
     */
    private static final Pattern FORM =
            Pattern.compile("(?:(queue|topic|file|copy):)?([^?\\s*#:,\\p{Cntrl}]{1,200})(\\?format=json)?");
    /** Names that clients give to temporary queues; the name space of the broker is not part of the name. */
    private static final Pattern TEMPORARY = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** No separators and no leading dot, because the name becomes part of a file name. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}");

    /**
     * Parses the text form. A name with a wildcard ({@code *}, {@code #}) is not an address, because nothing can be
     * delivered to a pattern.
     *
     * @param text result of {@link #toString()}
     * @return empty if the text is not an address
     */
    public static Optional<ReplyAddress> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        Kind kind =
                form.group(1) == null ? Kind.QUEUE : Kind.valueOf(form.group(1).toUpperCase(java.util.Locale.ROOT));
        if (kind == Kind.FILE && !FILE_NAME.matcher(form.group(2)).matches()) {
            return Optional.empty();
        }
        return Optional.of(new ReplyAddress(kind, form.group(2), form.group(3) != null));
    }

    /**
     * Whether a supplier may use this as its reply-to.
     *
     * @return true for its reply queues, for temporary queues and for the common results
     */
    public boolean openToSuppliers() {
        return kind == Kind.QUEUE && (name.equals(RESULTS) || name.startsWith(REPLY_PREFIX) || temporary());
    }

    /**
     * Whether it may no longer exist when there is a result: a temporary queue is deleted with the connection of its
     * supplier.
     *
     * @return true for a queue with the name of a temporary queue
     */
    public boolean temporary() {
        return kind == Kind.QUEUE && TEMPORARY.matcher(name).matches();
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + name + (json ? JSON : "");
    }
}
