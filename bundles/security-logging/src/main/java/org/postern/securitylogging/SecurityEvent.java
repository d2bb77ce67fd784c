package org.postern.securitylogging;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event that is relevant to security. The list of kinds is closed, and the id of a kind never changes its meaning.
 *
 * <p>Line breaks and control characters in any text are replaced when the record is written, and long texts are
 * truncated, so that a field cannot be used to forge another record. Never include a payload, key material or personal
 * data.
 */
public sealed interface SecurityEvent {

    /** The kind of event. */
    Kind kind();

    /** The stable id, {@code SL-} and three digits. */
    default String id() {
        return kind().id();
    }

    /** Who caused the event: the name of a user, a User ID or a bundle. */
    String actor();

    /**
     * The interface by which the event came: {@code jms}, {@code http}, {@code file}, {@code receive-response},
     * {@code console}, or {@code internal} where it came by none.
     */
    default String channel() {
        return Objects.requireNonNull(kind().channel);
    }

    /** What the event concerns: a RequestID, a ResponseID, a key alias or a PID. */
    String object();

    /** The result. */
    default Outcome outcome() {
        return Objects.requireNonNull(kind().outcome);
    }

    /**
     * Further members, which depend on the kind, in the order in which they are written; a value may be
     * {@link Sensitive}.
     */
    Map<String, CharSequence> details();

    /** Every kind, with the members that have the same value in all its events. */
    enum Kind {
        KEY_USED("SL-101", Outcome.DONE, "internal"),
        KEY_REFUSED("SL-102", Outcome.REFUSED, "internal"),
        TOP_UP_TOKEN_RELEASED("SL-103", Outcome.DONE, null),
        CORRELATION_FAILED("SL-201", Outcome.REFUSED, "internal"),
        SIGNATURE_INVALID("SL-202", Outcome.REFUSED, null),
        WRONG_SIGNER("SL-203", Outcome.REFUSED, null),
        MESSAGE_NOT_AUTHENTIC("SL-204", Outcome.FAILED, "receive-response"),
        REPLAYED("SL-205", Outcome.REFUSED, null),
        QUARANTINED("SL-206", Outcome.REFUSED, null),
        ACCESS_REFUSED("SL-301", Outcome.REFUSED, null),
        LOGIN("SL-302", null, null),
        COMMAND_GIVEN("SL-303", null, "console"),
        CONFIGURATION_CHANGED("SL-401", Outcome.DONE, "internal"),
        CREDENTIALS_REFUSED("SL-402", Outcome.REFUSED, null),
        CREDENTIALS_ADMITTED("SL-403", Outcome.DONE, null),
        COUNTER_RAISED("SL-404", Outcome.DONE, null),
        STARTED("SL-501", Outcome.DONE, "internal"),
        STOPPED("SL-502", Outcome.DONE, "internal"),
        TORN_RECORD_CUT("SL-002", Outcome.FAILED, "internal"),
        RECORDS_MISSING("SL-003", Outcome.FAILED, "internal");

        private final String id;
        private final @Nullable Outcome outcome;
        private final @Nullable String channel;

        /**
         * @param outcome result of every event of this kind; null where each event states its own
         * @param channel interface of every event of this kind; null where each event states its own
         */
        Kind(String id, @Nullable Outcome outcome, @Nullable String channel) {
            this.id = id;
            this.outcome = outcome;
            this.channel = channel;
        }

        /** The stable id, {@code SL-} and three digits. */
        public String id() {
            return id;
        }
    }

    /** Logged when a key of the vault has been used, before the result is returned to the caller. */
    record KeyUsed(String actor, String operation, String alias, String object, String inputSha256)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.KEY_USED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("operation", operation, "alias", alias, "inputSha256", inputSha256);
        }
    }

    /** Logged when the vault refused to use a key, or when the operation with the key failed. */
    record KeyRefused(String actor, String operation, String alias, String object, String faultCode, String reason)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.KEY_REFUSED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("operation", operation, "alias", alias, "fault", faultCode, "reason", reason);
        }
    }

    /**
     * Logged immediately before a top-up token (UTRN) is returned. The object is the RequestID, which identifies the
     * User ID, the meter and the counter. The record contains neither the digits of the token, which are worth money,
     * nor its amount, which is personal data of the household.
     *
     * @param again whether the same token had been returned before
     */
    record TopUpTokenReleased(String actor, String channel, String object, boolean again) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.TOP_UP_TOKEN_RELEASED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("again", Boolean.toString(again));
        }
    }

    /**
     * Logged when a Pre-Command is not substantively identical to the User's request: one event for each differing
     * field.
     */
    record CorrelationFailed(
            String actor, String object, String path, CharSequence expected, CharSequence got, String rule)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.CORRELATION_FAILED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("path", path, "expected", expected, "got", got, "rule", rule);
        }
    }

    /**
     * Logged when the XML signature of a received document is missing, duplicated, outside the DUIS profile or invalid.
     */
    record SignatureInvalid(String actor, String channel, String object, String reason) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.SIGNATURE_INVALID;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("reason", reason);
        }
    }

    /** Logged when the signature of a document is valid, but the signer may not sign documents of this kind. */
    record WrongSigner(String actor, String channel, String object, String expected, String got)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.WRONG_SIGNER;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("expected", expected, "got", got);
        }
    }

    /** Logged when the MAC or the signature of a GBCS message is invalid. */
    record MessageNotAuthentic(String actor, String object, String useCase, String reason) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.MESSAGE_NOT_AUTHENTIC;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("useCase", useCase, "reason", reason);
        }
    }

    /** Logged when a document or a counter is received a second time that may be received only once. */
    record Replayed(String actor, String channel, String object, String reason) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.REPLAYED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("reason", reason);
        }
    }

    /** Logged when a received document is placed in quarantine, for manual investigation. */
    record Quarantined(String actor, String channel, String object, String reason, String sha256)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.QUARANTINED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("reason", reason, "sha256", sha256);
        }
    }

    /**
     * Logged when a request is refused because the requester is not authorised: wrong User Role, no certificate, or
     * unknown party.
     */
    record AccessRefused(String actor, String channel, String object, String faultCode, String reason)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.ACCESS_REFUSED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("fault", faultCode, "reason", reason);
        }
    }

    /** Logged when a user logs in to the console or to the management interface, and when such a login fails. */
    record Login(String actor, String channel, Outcome outcome) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.LOGIN;
        }

        @Override
        public String object() {
            return "session";
        }

        @Override
        public Map<String, CharSequence> details() {
            return Map.of();
        }
    }

    /** Logged when a console command that changes state is executed. Its arguments are not recorded. */
    record CommandGiven(String actor, String object, Outcome outcome) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.COMMAND_GIVEN;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Map.of();
        }
    }

    /** Logged when settings change. Only the names of the settings are recorded, because a value may be a secret. */
    record ConfigurationChanged(String actor, String object, List<String> settings) implements SecurityEvent {
        public ConfigurationChanged {
            settings = List.copyOf(settings);
        }

        @Override
        public Kind kind() {
            return Kind.CONFIGURATION_CHANGED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("settings", String.join(" ", settings));
        }
    }

    /**
     * Logged when a request of a credentials service was refused by the checks before admission.
     *
     * @param party remote party role whose credentials the request would replace, or the device itself
     * @param field path of the element that was refused
     */
    record CredentialsRefused(
            String actor,
            String channel,
            String object,
            String service,
            String party,
            String faultCode,
            String field,
            String reason)
            implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.CREDENTIALS_REFUSED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("service", service, "party", party, "fault", faultCode, "field", field, "reason", reason);
        }
    }

    /**
     * Logged when a request of a credentials service passed these checks, before it is admitted.
     *
     * @param party remote party role whose credentials the request replaces or reads, or the device itself
     * @param euis EUI-64 of the parties whose certificates are installed; empty where none are
     * @param serials serial numbers of those certificates, in hex
     */
    record CredentialsAdmitted(
            String actor,
            String channel,
            String object,
            String service,
            String party,
            List<String> euis,
            List<String> serials)
            implements SecurityEvent {
        public CredentialsAdmitted {
            euis = List.copyOf(euis);
            serials = List.copyOf(serials);
        }

        @Override
        public Kind kind() {
            return Kind.CREDENTIALS_ADMITTED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of(
                    "service",
                    service,
                    "party",
                    party,
                    "euis",
                    String.join(" ", euis),
                    "serials",
                    String.join(" ", serials));
        }
    }

    /**
     * Logged when a user raises the lower limit of a series of Originator Counters: lower values are never used again.
     */
    record CounterRaised(String actor, String channel, String object, String floor) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.COUNTER_RAISED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("floor", floor);
        }
    }

    /** Logged when a module that protects keys, records or access starts. */
    record Started(String actor, String object) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.STARTED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Map.of();
        }
    }

    /** Logged when a module that protects keys, records or access stops. */
    record Stopped(String actor, String object) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.STOPPED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Map.of();
        }
    }

    /**
     * Logged when the security log found an incomplete last record at start and removed it. A crash during a write
     * leaves such a record.
     */
    record TornRecordCut(String object, long bytes, String sha256) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.TORN_RECORD_CUT;
        }

        @Override
        public String actor() {
            return "security-log";
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("bytes", Long.toString(bytes), "sha256", sha256);
        }
    }

    /** Logged when the security log found at start that records which it had written are missing at its end. */
    record RecordsMissing(String object, long lastWritten, long lastFound) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.RECORDS_MISSING;
        }

        @Override
        public String actor() {
            return "security-log";
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("lastWritten", Long.toString(lastWritten), "lastFound", Long.toString(lastFound));
        }
    }
}
