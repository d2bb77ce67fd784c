package org.postern.servicerequests.internal.answers;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;

/**
 * The data of a request that an answer is checked against.
 *
 * @param requestId RequestID
 * @param service Service Reference Variant
 * @param reference Service Reference
 * @param sent how it was sent
 * @param timing when it is to be executed, and whether the DCC or the device stores it
 * @param otherCommands true if another party sends the command to the device on behalf of the User, with a counter of
 *     its own (6.21, 6.23, 6.24.1)
 * @param useCases names of the GBCS use cases of the service
 * @param command message code of the command, if it is stored; otherwise empty
 * @param schedule for a request that creates a schedule (5.1): the schedule, if it can be read
 * @param tokenAlert for a top-up: a Device Alert of its meter about a token that was received while the top-up was in
 *     progress
 */
public record RequestContext(
        RequestId requestId,
        String service,
        String reference,
        SentTo sent,
        Timing timing,
        boolean otherCommands,
        Set<String> useCases,
        OptionalInt command,
        Optional<Schedule> schedule,
        Optional<TokenAlert> tokenAlert) {

    /**
     * A Device Alert about a token.
     *
     * @param code alert code, four upper-case hex digits
     * @param time time of the event as reported by the meter
     */
    public record TokenAlert(String code, Instant time) {

        @Override
        public String toString() {
            return "Device Alert " + code + " of " + time;
        }
    }

    /**
     * A schedule.
     *
     * @param service Service Reference Variant of its runs
     * @param device the device to be read
     */
    public record Schedule(String service, Eui64 device) {}

    /** A request that creates no schedule and has no Device Alert. */
    public RequestContext(
            RequestId requestId,
            String service,
            String reference,
            SentTo sent,
            Timing timing,
            boolean otherCommands,
            Set<String> useCases,
            OptionalInt command) {
        this(
                requestId,
                service,
                reference,
                sent,
                timing,
                otherCommands,
                useCases,
                command,
                Optional.empty(),
                Optional.empty());
    }

    /** When a request is to be executed, and who stores it until then. */
    public enum When {
        /** At once. */
        NOW,
        /** At its execution time; stored by the DCC. */
        HELD_BY_DCC,
        /** At its execution time; stored by the device. */
        HELD_BY_DEVICE,
        /** It cancels a request that the DCC stores; no device is involved. */
        CANCELS_AT_THE_DCC,
        /** It cancels a request that the device stores. */
        CANCELS_ON_THE_DEVICE
    }

    /**
     * The execution time of a request.
     *
     * @param when when it is executed and who stores it
     * @param time the time as text, for display; empty if it is not future-dated
     */
    public record Timing(When when, Optional<String> time) {

        /** Immediate execution. */
        public static final Timing NOW = new Timing(When.NOW, Optional.empty());

        /** True if it has an execution time, including that of a cancellation. */
        public boolean futureDated() {
            return when != When.NOW;
        }

        /** True if it cancels another request. */
        public boolean cancels() {
            return when == When.CANCELS_AT_THE_DCC || when == When.CANCELS_ON_THE_DEVICE;
        }
    }

    public RequestContext {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(sent, "sent");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(tokenAlert, "tokenAlert");
        useCases = Set.copyOf(useCases);
    }
}
