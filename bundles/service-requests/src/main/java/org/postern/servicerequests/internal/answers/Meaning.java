package org.postern.servicerequests.internal.answers;

import java.time.Instant;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.duis.Bytes;

/**
 * What a document of the DCC means for the request that it answers. Closed: what has no meaning here is
 * {@link Unproven}, {@link Noted}, {@link Unmatched} or {@link Quarantined}, and never a success.
 */
public sealed interface Meaning {

    /**
     * One function for each meaning.
     *
     * @param <R> what they make of it
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

    /** The DCC has taken it in; the answer comes later. */
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
     * The finished command for delivery on site.
     *
     * @param bytes the command
     * @param answerComes true where it also went to the device, whose answer is awaited
     */
    record LocalCommand(Bytes bytes, boolean answerComes) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.localCommand(this);
        }
    }

    /** The DCC has carried it out itself, with data or without; also what cancels at the DCC. */
    record Done() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.done(this);
        }
    }

    /**
     * The device's own answer to this request.
     *
     * @param success what the device says: carried out or not
     * @param firmware outcome of a firmware activation that was carried out at once
     */
    record Device(boolean success, Optional<OutcomeAlert.Firmware> firmware) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.device(this);
        }
    }

    /**
     * The device's own answer to a top-up: it has had this token before, so that the credit is there.
     *
     * @param result the number by which it says so
     * @param words the same in words
     * @param sure false where that number may say something else as well
     */
    record AlreadyCredited(long result, String words, boolean sure) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.alreadyCredited(this);
        }
    }

    /** The device has taken what it will carry out at its time. */
    record Accepted() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.accepted(this);
        }
    }

    /**
     * The outcome of one instruction of a future-dated command.
     *
     * @param number which, from 1
     * @param total how many the command has by this alert
     * @param actioned true where it was carried out
     * @param content what the device says in its alert
     */
    record Instruction(int number, int total, boolean actioned, OutcomeAlert content) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.instruction(this);
        }
    }

    /** The DCC will not do it. */
    record Refused() implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.refused(this);
        }
    }

    /**
     * The DCC does not know whether it was carried out; a later proven answer will tell.
     *
     * @param repeatable true where the identical document may be sent again meanwhile
     */
    record Unknown(boolean repeatable) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unknown(this);
        }
    }

    /**
     * One run of a schedule that the DCC keeps.
     *
     * @param schedule the schedule's number at the DCC
     * @param run which run: counter of the message in it; empty where none can be read
     * @param device the device read
     * @param service Service Reference Variant of the read
     * @param proof empty where the device's answer is proven, else why it is not
     * @param success what the device says
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
     * @param code alert code of the signed content, four hex digits; of the document around it where there is no other
     * @param device the device, of the signed content where that can be read
     * @param proof empty where the content is an alert of the device, else why it is not
     * @param event to whom the device says it, and when it happened; empty where that cannot be read or is not proven
     */
    record DeviceAlert(String code, String device, String proof, Optional<Event> event) implements Meaning {

        /** Of whom nothing more is known. */
        DeviceAlert(String code, String device, String proof) {
            this(code, device, proof, Optional.empty());
        }

        /**
         * To whom a device says what.
         *
         * @param device the device
         * @param user the User it is addressed to
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
     * Something said about the request that is neither an answer nor a refusal: the request waits on.
     *
     * @param reason why it is no answer
     * @param taken true where it shows that the DCC has taken the request in
     */
    record Noted(String reason, boolean taken) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.noted(this);
        }
    }

    /**
     * It is given as the answer to this request, and is not proven to be that.
     *
     * @param reason one line for people
     * @param ends true where no other answer is to be expected, so that the request ends with it
     * @param subject what it says it is, for an outcome of an instruction: {@code outcome of instruction 2}
     * @param lacking true where it is only without the data that it should bring: nothing in it is other than it is
     *     given as
     */
    record Unproven(String reason, boolean ends, String subject, boolean lacking) implements Meaning {

        Unproven(String reason, boolean ends, String subject) {
            this(reason, ends, subject, false);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unproven(this);
        }
    }

    /**
     * No request of this ledger is named by it.
     *
     * @param reason one line for people
     */
    record Unmatched(String reason) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unmatched(this);
        }
    }

    /**
     * It contradicts itself, so that it cannot be said which request it is about: kept, without effect.
     *
     * @param reason one line for people
     */
    record Quarantined(String reason) implements Meaning {
        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.quarantined(this);
        }
    }
}
