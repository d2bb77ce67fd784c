package org.postern.duis;

import java.util.Objects;
import java.util.Optional;

/**
 * What a ResponseMessage carries: one of the thirteen choices of DUIS 5.4 (DUIS, ResponseMessage), or an element that
 * this version does not know. Closed: whoever decides by its kind uses {@link #fold}, so that a new kind is nowhere
 * forgotten.
 */
public sealed interface ResponsePayload {

    /**
     * One function for each kind.
     *
     * @param <R> what they make of it
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

    /** The result of the function for its kind. */
    <R> R fold(Cases<R> cases);

    /** Name of the payload element. */
    String element();

    /** The GBCS message inside, for the kinds that have one. */
    default Optional<Bytes> gbcs() {
        return Optional.empty();
    }

    /** A device's answer: {@code GBCSPayload}. */
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
     * The command that the DCC made of a critical request, for us to correlate and sign: {@code PreCommand}.
     *
     * @param gbcsVersion GBCS version the DCC transformed for, for example {@code 4.1}
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

    /** A finished command for delivery on site: {@code LocalCommand}. */
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
     * A device carried out, or failed to carry out, one instruction of a future-dated command.
     *
     * @param actioned true for alert 8F66, false for 8F67
     * @param payload the GBCS alert
     * @param instructionNumber which instruction, from 1
     * @param instructions how many the command has
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

    /** One run of a schedule: {@code DSPScheduledMessage}. */
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

    /** A customer identification number of four digits, with the device's answer: {@code CINMessage}. */
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

        /** Without the number, which is for the customer's eyes. */
        @Override
        public String toString() {
            return "CustomerNumber[" + payload + "]";
        }

        @Override
        public <R> R fold(Cases<R> cases) {
            return cases.customerNumber(this);
        }
    }

    /** Identity of a schedule that the DCC has made: {@code DSPScheduleID}, 0 to 10^12. */
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
     * What the DCC itself says, kept as a tree: {@code DSPInventory}, {@code DSPOptIn}, {@code DSPSchedulesRead},
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
     * An element that is no payload of DUIS 5.4, or that does not have the form that DUIS 5.4 gives it. What it means
     * is not known here; a document that carries it is kept and handed on as it came.
     *
     * @param element name of the element, at most 60 characters
     * @param problem what is not understood, one line without any of the document's values
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
