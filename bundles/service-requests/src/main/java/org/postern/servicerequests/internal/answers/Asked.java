package org.postern.servicerequests.internal.answers;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;

/**
 * A request, as far as an answer is held to it.
 *
 * @param requestId RequestID
 * @param service Service Reference Variant
 * @param reference Service Reference
 * @param sent the way it was sent
 * @param dating when it is to be carried out, and by whom
 * @param otherCommands another party commands the device in the User's place, under a counter of its own (6.21, 6.23,
 *     6.24.1)
 * @param useCases names of the GBCS use cases that the service becomes
 * @param command message code of the command, where it is kept here; else empty
 * @param schedule of a request that makes a schedule (5.1): what it is made for, where that can be read
 * @param tokenAlert of a top-up: the Device Alert of its meter about a token that came while it was on its way
 */
public record Asked(
        RequestId requestId,
        String service,
        String reference,
        Sent sent,
        Dating dating,
        boolean otherCommands,
        Set<String> useCases,
        OptionalInt command,
        Optional<Schedule> schedule,
        Optional<TokenAlert> tokenAlert) {

    /**
     * A Device Alert about a token.
     *
     * @param code alert code, four upper-case hex digits
     * @param time when the meter says it happened
     */
    public record TokenAlert(String code, Instant time) {

        @Override
        public String toString() {
            return "Device Alert " + code + " of " + time;
        }
    }

    /**
     * What a schedule is made for.
     *
     * @param service Service Reference Variant of its runs
     * @param device the device that is read
     */
    public record Schedule(String service, Eui64 device) {}

    /** A request that makes no schedule, and of which no Device Alert is known. */
    public Asked(
            RequestId requestId,
            String service,
            String reference,
            Sent sent,
            Dating dating,
            boolean otherCommands,
            Set<String> useCases,
            OptionalInt command) {
        this(
                requestId,
                service,
                reference,
                sent,
                dating,
                otherCommands,
                useCases,
                command,
                Optional.empty(),
                Optional.empty());
    }

    /** When a request is to be carried out. */
    public enum When {
        /** At once. */
        NOW,
        /** At its time, kept by the DCC. */
        DATED_AT_THE_DCC,
        /** At its time, kept by the device. */
        DATED_ON_THE_DEVICE,
        /** It cancels what the DCC keeps; no device is told. */
        CANCELS_AT_THE_DCC,
        /** It cancels what the device keeps. */
        CANCELS_ON_THE_DEVICE
    }

    /**
     * The dating of a request.
     *
     * @param when when and by whom
     * @param time its time in text, for people; empty where it is not dated
     */
    public record Dating(When when, Optional<String> time) {

        /** To be carried out at once. */
        public static final Dating NOW = new Dating(When.NOW, Optional.empty());

        /** True where it has an execution time of any kind. */
        public boolean dated() {
            return when != When.NOW;
        }

        /** True where it cancels another. */
        public boolean cancels() {
            return when == When.CANCELS_AT_THE_DCC || when == When.CANCELS_ON_THE_DEVICE;
        }
    }

    public Asked {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(sent, "sent");
        Objects.requireNonNull(dating, "dating");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(tokenAlert, "tokenAlert");
        useCases = Set.copyOf(useCases);
    }
}
