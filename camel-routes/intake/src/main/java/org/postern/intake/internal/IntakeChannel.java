package org.postern.intake.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.postern.camelruntime.Metrics;
import org.postern.catalogue.Channel;
import org.postern.catalogue.Lane;
import org.postern.catalogue.ReplyAddress;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.Submission;
import org.postern.servicerequests.TopUps;

/**
 * The code that all interfaces share: it passes the bytes on for admission and counts the outcomes. It contains no
 * rules about requests.
 */
final class IntakeChannel {

    private static final Admission ABSENT = Admission.Refused.temporary(IntakeFault.NOT_READY.fault(
            "request", "the admission service is not available: it is starting, or there is no key vault"));

    static final String LANES = Arrays.stream(Lane.values()).map(Lane::name).collect(Collectors.joining(", "));

    private final Supplier<ServiceRequests> requests;
    private final Supplier<TopUps> topUps;
    private final Metrics metrics;
    private final Channel channel;

    /**
     * Uses the services that are present at the time; both are absent while their bundle restarts, or while there is no
     * key vault.
     *
     * @param requests null if it is not available
     * @param topUps null if it is not available
     */
    IntakeChannel(Channel channel, Supplier<ServiceRequests> requests, Supplier<TopUps> topUps, Metrics metrics) {
        this.channel = channel;
        this.requests = requests;
        this.topUps = topUps;
        this.metrics = metrics;
    }

    Admission admit(
            byte[] bytes,
            Submission.Format format,
            Optional<ReplyAddress> replyTo,
            Optional<String> correlationId,
            Optional<Lane> lane,
            String principal) {
        ServiceRequests now = requests.get();
        return counted(
                now == null
                        ? ABSENT
                        : now.admit(new Submission(channel, format, bytes, replyTo, correlationId, lane, principal)));
    }

    /** A top-up in the JSON form, and nothing else; the answer carries its token. */
    Admission topUp(byte[] bytes, String correlationId, String principal) {
        TopUps now = topUps.get();
        return counted(
                now == null
                        ? ABSENT
                        : now.topUp(new Submission(
                                channel,
                                Submission.Format.JSON,
                                bytes,
                                Optional.empty(),
                                Optional.of(correlationId),
                                Optional.empty(),
                                principal)));
    }

    /** The last comparison of the ledger with the work in progress. */
    Optional<ServiceRequests.Sweep> lastSweep() {
        return Optional.ofNullable(requests.get()).flatMap(ServiceRequests::lastSweep);
    }

    private Admission counted(Admission admission) {
        count(admission.fold(
                accepted -> accepted.repeated() ? "again" : "admitted",
                refused -> refused.worthRepeating() ? "unavailable" : "refused"));
        return admission;
    }

    /** Counts a fault of Postern that was answered where it occurred: neither a route nor Camel knows of it. */
    void failed(String context, String route) {
        count("failed");
        metrics.failureHandled(context, route);
    }

    void count(String outcome) {
        metrics.count("postern.intake", "interface", channel.text(), "outcome", outcome);
    }

    /** Distinguishes XML from JSON by the first byte that is not white space; the XML reader refuses anything else. */
    static Submission.Format format(byte[] bytes) {
        int at = bytes.length > 2 && (bytes[0] & 0xFF) == 0xEF && (bytes[1] & 0xFF) == 0xBB ? 3 : 0;
        while (at < bytes.length && bytes[at] <= ' ' && bytes[at] >= 0) {
            at++;
        }
        return at < bytes.length && bytes[at] == '{' ? Submission.Format.JSON : Submission.Format.XML;
    }

    /** True if the name is that of no lane; a blank name stands for no lane. */
    static boolean unknownLane(String name) {
        return name != null && !name.isBlank() && lane(name).isEmpty();
    }

    /** The value that was found instead of an allowed one, for people; shown only where it is a plain word. */
    static String found(String value) {
        return value.matches("[A-Za-z0-9_.-]{1,32}") ? "it is " + value : "it is not a plain word";
    }

    /** A lane by its name, in any case; empty for none, and for one that {@link #unknownLane does not exist}. */
    static Optional<Lane> lane(String name) {
        if (name == null) {
            return Optional.empty();
        }
        for (Lane lane : Lane.values()) {
            if (lane.name().equalsIgnoreCase(name.strip())) {
                return Optional.of(lane);
            }
        }
        return Optional.empty();
    }
}
