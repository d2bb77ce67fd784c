package org.postern.servicerequests.internal.answers;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.duis.Bytes;

/**
 * The meaning of a document of the DCC for the request that it answers. The set is closed: a document without a defined
 * meaning is {@link Unproven}, {@link Noted}, {@link Unmatched} or {@link Quarantined}, never a success.
 */
public sealed interface Meaning {

    /**
     * One function for each meaning.
     *
     * @param <R> type of the result
     */
    interface Cases<R> {

        R acknowledged(Acknowledged meaning);

        R preCommand(PreCommand meaning);

        R localCommand(LocalCommand meaning);

        R done(Done meaning);

        R device(Device meaning);

        R alreadyCredited(AlreadyCredited meaning);

        R accepted(Accepted meaning);

        R instruction(Instruction meaning);

        R refused(Refused meaning);

        R unknown(Unknown meaning);

        R scheduled(Scheduled meaning);

        R deviceAlert(DeviceAlert meaning);

        R dccAlert(DccAlert meaning);

        R noted(Noted meaning);

        R unproven(Unproven meaning);

        R unmatched(Unmatched meaning);

        R quarantined(Quarantined meaning);
    }

    /** The result of the function for this meaning. */
    <R> R fold(Cases<R> cases);

    /** The DCC has acknowledged the request; the answer follows later. */
    record Acknowledged() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.acknowledged(this);
        }
    }

    /**
     * The Pre-Command of a critical request, to be correlated.
     *
     * @param bytes the Pre-Command
     */
    record PreCommand(Bytes bytes) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.preCommand(this);
        }
    }

    /**
     * The command for local delivery.
     *
     * @param bytes the command
     * @param answerComes true if it was also sent to the device, whose answer is expected
     */
    record LocalCommand(Bytes bytes, boolean answerComes) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.localCommand(this);
        }
    }

    /** The DCC has carried out the request itself, with or without data; also a cancellation at the DCC. */
    record Done() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.done(this);
        }
    }

    /**
     * The device's own answer to this request.
     *
     * @param success true if the device reports that it was carried out
     * @param firmware outcome of a firmware activation that was carried out at once
     */
    record Device(boolean success, Optional<OutcomeAlert.Firmware> firmware) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.device(this);
        }
    }

    /**
     * The device's own answer to a top-up: it has received this token before, so the credit is on the meter.
     *
     * @param result the result number in the answer
     * @param words the meaning of that number, as text
     * @param sure false if that number may have another meaning as well
     */
    record AlreadyCredited(long result, String words, boolean sure) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.alreadyCredited(this);
        }
    }

    /** The device has accepted a command that it will carry out at its execution time. */
    record Accepted() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.accepted(this);
        }
    }

    /**
     * The outcome of one instruction of a future-dated command.
     *
     * @param number number of the instruction, from 1
     * @param total number of instructions of the command according to this alert
     * @param actioned true if it was carried out
     * @param content the content of the device's alert
     */
    record Instruction(int number, int total, boolean actioned, OutcomeAlert content) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.instruction(this);
        }
    }

    /** The DCC refuses the request. */
    record Refused() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.refused(this);
        }
    }

    /**
     * The DCC does not know whether the request was carried out; a later proven answer decides.
     *
     * @param repeatable true if the identical document may be sent again in the meantime
     */
    record Unknown(boolean repeatable) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unknown(this);
        }
    }

    /**
     * One run of a schedule at the DCC.
     *
     * @param schedule the schedule's number at the DCC
     * @param run counter of the message in it, which identifies the run; empty if it cannot be read
     * @param device the device that was read
     * @param service Service Reference Variant of the read
     * @param proof why the device's answer is not proven; empty if it is proven
     * @param success true if the device reports success
     */
    record Scheduled(long schedule, String run, String device, String service, String proof, boolean success)
            implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.scheduled(this);
        }
    }

    /**
     * A Device Alert.
     *
     * @param code alert code of the signed content, four hex digits; that of the enclosing document if the content has
     *     none
     * @param device the device, according to the signed content if that can be read
     * @param proof why the content is not an alert of the device; empty if it is
     * @param event addressee and time of the event; empty if they cannot be read or are not proven
     */
    record DeviceAlert(String code, String device, String proof, Optional<Event> event) implements Meaning {

        /** An alert without a proven event. */
        DeviceAlert(String code, String device, String proof) {
            this(code, device, proof, Optional.empty());
        }

        /**
         * An event that a device reports to a User.
         *
         * @param device the device
         * @param user the User that it is addressed to
         * @param time when it happened, by the device's clock
         */
        public record Event(Eui64 device, Eui64 user, Instant time) {}

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.deviceAlert(this);
        }
    }

    /**
     * A DCC Alert.
     *
     * @param code alert code
     * @param payload name of its payload element
     */
    record DccAlert(String code, String payload) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.dccAlert(this);
        }
    }

    /**
     * A document about the request that is neither an answer nor a refusal: the request continues to wait.
     *
     * @param reason why it is not an answer
     * @param taken true if it shows that the DCC has accepted the request
     */
    record Noted(String reason, boolean taken) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.noted(this);
        }
    }

    /**
     * A document that claims to be the answer to this request, but is not proven to be.
     *
     * @param reason one line for display
     * @param ends true if no other answer is expected, so that the request ends with it
     * @param subject what it claims to be, for the outcome of an instruction: {@code outcome of instruction 2}
     * @param missingData true if it only lacks the data that it should contain, and nothing in it is inconsistent
     */
    record Unproven(String reason, boolean ends, String subject, boolean missingData) implements Meaning {

        Unproven(String reason, boolean ends, String subject) {
            this(reason, ends, subject, false);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unproven(this);
        }
    }

    /**
     * The document does not name a request of this ledger.
     *
     * @param reason one line for display
     */
    record Unmatched(String reason) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unmatched(this);
        }
    }

    /**
     * The document contradicts itself, so that its request cannot be determined: it is stored without effect.
     *
     * @param reason one line for display
     */
    record Quarantined(String reason) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.quarantined(this);
        }
    }
}
