package org.postern.catalogue;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a result goes: what intake notes with a request, and delivery reads when the result is there.
 *
 * <p>Text form: {@code kind:name}, with {@code ?format=json} after it where the supplier asked for JSON. A bare name is
 * a queue. Only a supplier's own reply queues and temporary ones are accepted from outside: otherwise a reply-to could
 * feed a result back as a request, or into Postern's own work queues.
 *
 * @param kind queue, topic or file
 * @param name the queue or topic, or the stem of the result file
 * @param json true where JSON was asked for
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
        /** A queue that the caller did not name: it reads the answer by its id, and what lies there is a copy. */
        COPY
    }

    /** Queue of the results whose supplier named no reply-to. */
    public static final String RESULTS = "postern.results";
    /** Multicast address of Device Alerts and DCC Alerts. */
    public static final String ALERTS = "postern.alerts";
    /** How the queues begin that suppliers make for their own replies. */
    public static final String REPLY_PREFIX = "postern.reply.";
    /** The common results, as XML. */
    public static final ReplyAddress COMMON = new ReplyAddress(Kind.QUEUE, RESULTS, false);

    /** Where the copy lies of what a caller reads by its id, as over HTTP. */
    public static final ReplyAddress UNNAMED = new ReplyAddress(Kind.COPY, RESULTS, false);

    private static final String JSON = "?format=json";
    /** No name has a wildcard, a separator of address and queue, or of several addresses: each names one queue. */
    private static final Pattern FORM =
            Pattern.compile("(?:(queue|topic|file|copy):)?([^?\\s*#:,\\p{Cntrl}]{1,200})(\\?format=json)?");
    /** How clients name their temporary queues: the broker's name space for them is not part of the name. */
    private static final Pattern TEMPORARY = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    /** No separators, no leading dot: the name becomes part of a file's name. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}");

    /**
     * Reads the text form. A name with a wildcard ({@code *}, {@code #}) is none: nothing can be delivered to a
     * pattern.
     *
     * @param text what {@link #toString()} wrote
     * @return empty if it is none
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
     * Whether a supplier may name this as its reply-to.
     *
     * @return true for its reply queues, for temporary queues and for the common results
     */
    public boolean openToSuppliers() {
        return kind == Kind.QUEUE && (name.equals(RESULTS) || name.startsWith(REPLY_PREFIX) || temporary());
    }

    /**
     * Whether it may be gone before the result is there: a temporary queue ends with its supplier's connection.
     *
     * @return true for a queue that is named as clients name temporary ones
     */
    public boolean temporary() {
        return kind == Kind.QUEUE && TEMPORARY.matcher(name).matches();
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + name + (json ? JSON : "");
    }
}
