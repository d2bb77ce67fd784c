package org.postern.duis;

import java.util.Objects;
import java.util.Optional;

/**
 * The payload of a ResponseMessage: one of the thirteen choices of DUIS 5.4 (DUIS, ResponseMessage), or an unknown
 * element. Code that depends on the kind uses {@link #fold}, so that the compiler finds every place that has to handle
 * a new kind.
 */
public sealed interface ResponsePayload {

    /**
     * One function for each kind.
     *
     * @param <R> type of the results
     */
    interface Cases<R> {

        R gbcs(GbcsPayload payload);

        R preCommand(PreCommand payload);

        R localCommand(LocalCommand payload);

        R futureDatedAlert(FutureDatedDeviceAlertMessage payload);

        R scheduled(ScheduledMessage payload);

        R customerNumber(CustomerNumber payload);

        R scheduleId(ScheduleId payload);

        R dccData(DccData payload);

        R unknown(UnknownPayload payload);
    }

    /** Applies the function for the kind. */
    <R> R fold(Cases<R> cases);

    /** Name of the payload element. */
    String element();

    /** The GBCS message that it contains; empty for kinds without one. */
    default Optional<Bytes> gbcs() {
        return Optional.empty();
    }

    /** The response of a device: {@code GBCSPayload}. */
    record GbcsPayload(Bytes payload) implements ResponsePayload {

        public GbcsPayload {
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public String element() {
            return "GBCSPayload";
        }

        @Override
        public Optional<Bytes> gbcs() {
            return Optional.of(payload);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.gbcs(this);
        }
    }

    /**
     * The command that the DCC created from a critical request, which the User correlates and signs:
     * {@code PreCommand}.
     *
     * @param gbcsVersion GBCS version of the Pre-Command, for example {@code 4.1}
     * @param payload the Pre-Command
     */
    record PreCommand(String gbcsVersion, Bytes payload) implements ResponsePayload {

        public PreCommand {
            Objects.requireNonNull(gbcsVersion, "gbcsVersion");
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public String element() {
            return "PreCommand";
        }

        @Override
        public Optional<Bytes> gbcs() {
            return Optional.of(payload);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.preCommand(this);
        }
    }

    /** A complete command for local delivery: {@code LocalCommand}. */
    record LocalCommand(Bytes payload) implements ResponsePayload {

        public LocalCommand {
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public String element() {
            return "LocalCommand";
        }

        @Override
        public Optional<Bytes> gbcs() {
            return Optional.of(payload);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.localCommand(this);
        }
    }

    /**
     * The alert that a device executed, or failed to execute, one instruction of a future-dated command.
     *
     * @param actioned true for alert 8F66, false for 8F67
     * @param payload the GBCS alert
     * @param instructionNumber number of the instruction, from 1
     * @param instructions number of instructions of the command
     */
    record FutureDatedDeviceAlertMessage(boolean actioned, Bytes payload, int instructionNumber, int instructions)
            implements ResponsePayload {

        public FutureDatedDeviceAlertMessage {
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public String element() {
            return "FutureDatedDeviceAlertMessage";
        }

        @Override
        public Optional<Bytes> gbcs() {
            return Optional.of(payload);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.futureDatedAlert(this);
        }
    }

    /** The response to one execution of a schedule: {@code DSPScheduledMessage}. */
    record ScheduledMessage(Bytes payload, long scheduleId) implements ResponsePayload {

        public ScheduledMessage {
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public String element() {
            return "DSPScheduledMessage";
        }

        @Override
        public Optional<Bytes> gbcs() {
            return Optional.of(payload);
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.scheduled(this);
        }
    }

    /** A Customer Identification Number of four digits, with the response of the device: {@code CINMessage}. */
    record CustomerNumber(Bytes payload, String number) implements ResponsePayload {

        public CustomerNumber {
            Objects.requireNonNull(payload, "payload");
            Objects.requireNonNull(number, "number");
        }

        @Override
        public String element() {
            return "CINMessage";
        }

        @Override
        public Optional<Bytes> gbcs() {
            return Optional.of(payload);
        }

        /** Omits the number, which is confidential to the customer. */
        @Override
        public String toString() {
            return "CustomerNumber[" + payload + "]";
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.customerNumber(this);
        }
    }

    /** Identifier of a schedule that the DCC created: {@code DSPScheduleID}, 0 to 10^12. */
    record ScheduleId(long id) implements ResponsePayload {

        @Override
        public String element() {
            return "DSPScheduleID";
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.scheduleId(this);
        }
    }

    /**
     * Data of the DCC itself, as a tree: {@code DSPInventory}, {@code DSPOptIn}, {@code DSPSchedulesRead},
     * {@code DSPUpdateFirmwareWarning}, {@code DSPUpdatePPMIDFirmwareWarning} or {@code DSPWANMatrix}.
     */
    record DccData(DuisElement data) implements ResponsePayload {

        public DccData {
            Objects.requireNonNull(data, "data");
        }

        @Override
        public String element() {
            return data.name();
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.dccData(this);
        }
    }

    /**
     * An element that is not a payload of DUIS 5.4, or that does not have the form of DUIS 5.4. Its meaning is unknown;
     * the document that contains it is stored and passed on as it was received.
     *
     * @param element name of the element, at most 60 characters
     * @param problem what cannot be interpreted: one line without values of the document
     */
    record UnknownPayload(String element, String problem) implements ResponsePayload {

        public UnknownPayload {
            Objects.requireNonNull(element, "element");
            Objects.requireNonNull(problem, "problem");
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.unknown(this);
        }
    }
}
