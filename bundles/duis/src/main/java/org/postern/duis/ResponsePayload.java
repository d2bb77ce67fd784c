package org.postern.duis;

import java.util.Objects;
import java.util.Optional;

/** What a ResponseMessage carries: one of the thirteen choices of DUIS 5.4 (facts 1.4). */
public sealed interface ResponsePayload {

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
    }

    /**
     * The command that the DCC made of a critical request, for us to correlate and sign: {@code PreCommand}.
     *
     * @param gbcsVersion GBCS version the DCC transformed for, for example {@code 4.1}
     * @param payload     the Pre-Command
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
    }

    /**
     * A device carried out, or failed to carry out, one instruction of a future-dated command.
     *
     * @param actioned          true for alert 8F66, false for 8F67
     * @param payload           the GBCS alert
     * @param instructionNumber which instruction, from 1
     * @param instructions      how many the command has
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
    }

    /** Identity of a schedule that the DCC has made: {@code DSPScheduleID}, 0 to 10^12. */
    record ScheduleId(long id) implements ResponsePayload {

        @Override
        public String element() {
            return "DSPScheduleID";
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
    }
}
