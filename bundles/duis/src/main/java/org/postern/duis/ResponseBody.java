package org.postern.duis;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The content of a {@link DuisResponse}. */
public sealed interface ResponseBody {

    /**
     * A short, stable name of the kind, which is part of the identity of a document: {@code Acknowledgement} for a
     * ResponseMessage without payload, else the payload element's name; {@code DeviceAlertMessage}; the DCC Alert's
     * payload element; {@code SMETS1ResponseMessage}; the name of the element for a message that this version cannot
     * interpret.
     */
    String kind();

    /** Applies the function for the kind. */
    <R> R fold(
            Function<ResponseMessage, R> response,
            Function<DeviceAlertMessage, R> deviceAlert,
            Function<DccAlertMessage, R> dccAlert,
            Function<Smets1ResponseMessage, R> smets1,
            Function<UnreadMessage, R> unread);

    /**
     * An acknowledgement or a response to a request.
     *
     * @param serviceReference Service Reference
     * @param serviceReferenceVariant Service Reference Variant
     * @param payload absent from an acknowledgement and from an error
     */
    record ResponseMessage(String serviceReference, String serviceReferenceVariant, Optional<ResponsePayload> payload)
            implements ResponseBody {

        public ResponseMessage {
            Objects.requireNonNull(serviceReference, "serviceReference");
            Objects.requireNonNull(serviceReferenceVariant, "serviceReferenceVariant");
            Objects.requireNonNull(payload, "payload");
        }

        @Override
        public String kind() {
            return payload.map(ResponsePayload::element).orElse("Acknowledgement");
        }

        @Override
        public <R> R fold(
                Function<ResponseMessage, R> response,
                Function<DeviceAlertMessage, R> deviceAlert,
                Function<DccAlertMessage, R> dccAlert,
                Function<Smets1ResponseMessage, R> smets1,
                Function<UnreadMessage, R> unread) {
            return response.apply(this);
        }
    }

    /**
     * An alert from a device.
     *
     * @param alertCode two bytes, 0 to 0xFFFF
     * @param throttle how many repeated alerts were combined into this one
     * @param gbcsPayload the GBCS alert
     */
    record DeviceAlertMessage(int alertCode, Throttle throttle, Bytes gbcsPayload) implements ResponseBody {

        public DeviceAlertMessage {
            Objects.requireNonNull(throttle, "throttle");
            Objects.requireNonNull(gbcsPayload, "gbcsPayload");
            if (alertCode < 0 || alertCode > 0xFFFF) {
                throw DuisException.of(
                        DuisFault.INVALID_VALUE,
                        "AlertCode",
                        "two bytes",
                        "another length",
                        "see the alert codes of GBCS");
            }
        }

        @Override
        public String kind() {
            return "DeviceAlertMessage";
        }

        @Override
        public <R> R fold(
                Function<ResponseMessage, R> response,
                Function<DeviceAlertMessage, R> deviceAlert,
                Function<DccAlertMessage, R> dccAlert,
                Function<Smets1ResponseMessage, R> smets1,
                Function<UnreadMessage, R> unread) {
            return deviceAlert.apply(this);
        }
    }

    /**
     * An alert from the DCC. The relation of codes and payloads is not public, so decide by the name of the payload.
     *
     * @param code alert code such as {@code N24}; not interpreted
     * @param throttle how many repeated alerts were combined into this one
     * @param payload one of the 24 payload elements of DUIS 5.4, or an unknown one: see {@link #known()}
     */
    record DccAlertMessage(String code, Throttle throttle, DuisElement payload) implements ResponseBody {

        public DccAlertMessage {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(throttle, "throttle");
            Objects.requireNonNull(payload, "payload");
        }

        /** True where code and payload are defined in DUIS 5.4. */
        public boolean known() {
            return DccAlertNames.known(code, payload.name());
        }

        @Override
        public String kind() {
            return payload.name();
        }

        @Override
        public <R> R fold(
                Function<ResponseMessage, R> response,
                Function<DeviceAlertMessage, R> deviceAlert,
                Function<DccAlertMessage, R> dccAlert,
                Function<Smets1ResponseMessage, R> smets1,
                Function<UnreadMessage, R> unread) {
            return dccAlert.apply(this);
        }
    }

    /**
     * A response of a first-generation (SMETS1) meter, signed additionally by its service provider.
     *
     * @param serviceReference Service Reference, absent from alerts
     * @param serviceReferenceVariant Service Reference Variant, absent from alerts
     * @param scheduleId schedule to which it belongs
     * @param throttle how many repeated alerts were combined into this one
     * @param signedResponse the inner element with its own signature, as a tree
     */
    record Smets1ResponseMessage(
            Optional<String> serviceReference,
            Optional<String> serviceReferenceVariant,
            Optional<Long> scheduleId,
            Throttle throttle,
            DuisElement signedResponse)
            implements ResponseBody {

        public Smets1ResponseMessage {
            Objects.requireNonNull(serviceReference, "serviceReference");
            Objects.requireNonNull(serviceReferenceVariant, "serviceReferenceVariant");
            Objects.requireNonNull(scheduleId, "scheduleId");
            Objects.requireNonNull(throttle, "throttle");
            Objects.requireNonNull(signedResponse, "signedResponse");
        }

        @Override
        public String kind() {
            return "SMETS1ResponseMessage";
        }

        @Override
        public <R> R fold(
                Function<ResponseMessage, R> response,
                Function<DeviceAlertMessage, R> deviceAlert,
                Function<DccAlertMessage, R> dccAlert,
                Function<Smets1ResponseMessage, R> smets1,
                Function<UnreadMessage, R> unread) {
            return smets1.apply(this);
        }
    }

    /**
     * A message that is not defined in DUIS 5.4, or whose header or body does not have the form of DUIS 5.4. Its
     * meaning is unknown; the document is stored and passed on as it was received.
     *
     * @param element name of the message element, at most 60 characters; {@code Response} where there is no such
     *     element
     * @param problem what cannot be interpreted: one line without values of the document
     */
    record UnreadMessage(String element, String problem) implements ResponseBody {

        public UnreadMessage {
            Objects.requireNonNull(element, "element");
            Objects.requireNonNull(problem, "problem");
        }

        @Override
        public String kind() {
            return element;
        }

        @Override
        public <R> R fold(
                Function<ResponseMessage, R> response,
                Function<DeviceAlertMessage, R> deviceAlert,
                Function<DccAlertMessage, R> dccAlert,
                Function<Smets1ResponseMessage, R> smets1,
                Function<UnreadMessage, R> unread) {
            return unread.apply(this);
        }
    }
}
