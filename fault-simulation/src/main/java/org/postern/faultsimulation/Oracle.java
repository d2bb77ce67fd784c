package org.postern.faultsimulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.catalogue.Sha256;
import org.postern.ledger.OutboxEntry;

/**
 * Records what was confirmed and delivered to suppliers' systems and what reached the DCC, without any rule of the
 * product; {@link Rules} checks it. A contradiction that shows at once is reported at once.
 */
final class Oracle {

    /** A delivery: its content, and how often it was made. */
    static final class Delivered {
        final String id;
        final String request;
        final String kind;
        final String outcome;
        final String instruction;
        final boolean withoutEffect;
        final Map<String, String> headers;
        private final String content;
        int times;

        private Delivered(OutboxEntry entry) {
            id = entry.id();
            request = entry.request().orElse("");
            kind = entry.kind().name();
            headers = new TreeMap<>(entry.headers());
            outcome = headers.getOrDefault("outcome", "");
            instruction = headers.getOrDefault("instruction", "");
            withoutEffect = headers.getOrDefault("effect", "").equals("none");
            content = contentOf(entry);
        }

        private static String contentOf(OutboxEntry entry) {
            return Sha256.hex(entry.body())
                    + entry.headers()
                    + entry.contentType()
                    + entry.json().orElse("")
                    + entry.destination();
        }

        @Override
        public String toString() {
            return outcome + (instruction.isEmpty() ? "" : " " + instruction) + (withoutEffect ? " (no effect)" : "");
        }
    }

    private static final Pattern REQUEST_ID = Pattern.compile("RequestID>([^<]+)<");
    private static final Pattern RESPONSE_ID = Pattern.compile("ResponseID>([^<]+)<");
    private static final Pattern VARIANT = Pattern.compile("CommandVariant>(\\d+)<");

    private final World world;
    /** Durable id by the supplier's key, and RequestID by durable id. */
    private final Map<String, String> keys = new LinkedHashMap<>();

    private final Map<String, String> accepted = new LinkedHashMap<>();
    private final Map<String, String> owners = new TreeMap<>();
    /** Durable id by originator and counter. */
    private final Map<String, String> counters = new TreeMap<>();

    private final TreeSet<String> cancelling = new TreeSet<>();
    private final Map<String, Delivered> told = new LinkedHashMap<>();
    /** Digest of what the DCC received under a RequestID and Command Variant. */
    private final Map<String, String> sent = new TreeMap<>();

    private final TreeSet<String> acknowledgedAlerts = new TreeSet<>();
    private final Map<String, SortedSet<String>> acknowledgedAnswers = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();

    Oracle(World world) {
        this.world = world;
    }

    void violation(String rule, String what) {
        violations.add(rule + ": " + what);
        world.trace().add("VIOLATION " + rule);
    }

    List<String> violations() {
        return violations;
    }

    /** A supplier's system got the confirmation that its request is stored. True for the first confirmation. */
    boolean accepted(String key, String id, String requestId) {
        String before = keys.putIfAbsent(key, id);
        if (before != null && !before.equals(id)) {
            violation("one request for one order", key + " was " + before + " and is " + id);
        }
        String owner = owners.putIfAbsent(requestId, id);
        if (owner != null && !owner.equals(id)) {
            violation("no counter twice", requestId + " is of " + owner + " and of " + id);
        }
        String series = counters.putIfAbsent(counter(requestId), id);
        if (series != null && !series.equals(id)) {
            violation("no counter twice", counter(requestId) + " is of " + series + " and of " + id);
        }
        return accepted.putIfAbsent(id, requestId) == null;
    }

    /**
     * A counter is the User's alone; one whose low 32 bits are zero is of the series that the User has for that meter's
     * top-ups.
     */
    private static String counter(String requestId) {
        String[] parts = requestId.split(":");
        boolean topUp = (Long.parseUnsignedLong(parts[2]) & 0xFFFF_FFFFL) == 0;
        return parts[0] + (topUp ? ":" + parts[1] : "") + " " + parts[2];
    }

    /** A supplier's system got the refusal of its request, which is final. */
    void refused(String key) {
        if (keys.containsKey(key)) {
            violation("nothing confirmed is forgotten", key + " was accepted, and then refused");
        }
    }

    /** A delivery reached its reader. */
    void told(OutboxEntry entry) {
        world.trace()
                .add("told " + entry.request().orElse(entry.kind().name()) + " "
                        + entry.headers().get("outcome"));
        Delivered now = new Delivered(entry);
        Delivered before = told.putIfAbsent(entry.id(), now);
        if (before != null && !before.content.equals(now.content)) {
            violation("the same delivery is the same", entry.id() + " came with another content");
        }
        told.get(entry.id()).times++;
    }

    /** The DCC received a document. */
    void dccGot(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        String name = first(REQUEST_ID, text) + "/" + first(VARIANT, text);
        if (text.contains("ExecutionDateTime>3000")) {
            cancelling.add(first(REQUEST_ID, text));
        }
        String digest = Sha256.hex(document);
        String before = sent.putIfAbsent(name, digest);
        world.trace().add("DCC got " + name + (before == null ? "" : " again"));
        if (before != null && !before.equals(digest)) {
            violation("one content under one RequestID", name);
        }
    }

    /** The DCC got 204 for a document. */
    void acknowledged(byte[] document) {
        if (alert(document)) {
            acknowledgedAlerts.add(about(document));
        } else {
            acknowledgedAnswers
                    .computeIfAbsent(about(document), id -> new TreeSet<>())
                    .add(signed(document));
        }
    }

    /** True where it answers no request. */
    static boolean alert(byte[] document) {
        return first(REQUEST_ID, header(new String(document, StandardCharsets.UTF_8)))
                .isEmpty();
    }

    /** Which request a document is about; for alerts, its ResponseID. */
    static String about(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        String request = first(REQUEST_ID, header(text));
        return request.isEmpty() ? first(RESPONSE_ID, text) : request;
    }

    /**
     * A digest of what is signed: the DCC may answer a request that reached it twice by two documents of the same
     * content, whose signatures differ, and one of them is stored.
     */
    static String signed(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        int begin = text.indexOf("SignatureValue>");
        int end = text.lastIndexOf("SignatureValue>");
        return Sha256.hex(
                (begin < 0 ? text : text.substring(0, begin) + text.substring(end)).getBytes(StandardCharsets.UTF_8));
    }

    /** An alert of the DCC may name a request in its body. */
    private static String header(String text) {
        int end = text.indexOf("Header>", text.indexOf("Header>") + 1);
        return end < 0 ? text : text.substring(0, end);
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    Map<String, String> accepted() {
        return accepted;
    }

    Iterable<Delivered> told() {
        return told.values();
    }

    /** True where it takes a dated command back, so that the DCC alone may answer it. */
    boolean cancels(String requestId) {
        return cancelling.contains(requestId);
    }

    Map<String, String> sent() {
        return sent;
    }

    SortedSet<String> acknowledgedAlerts() {
        return acknowledgedAlerts;
    }

    Map<String, SortedSet<String>> acknowledgedAnswers() {
        return acknowledgedAnswers;
    }
}
