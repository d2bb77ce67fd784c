package org.postern.securitylogging;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that matters to security. The list is closed and every kind has an id that never changes meaning.
 *
 * <p>Line breaks and control characters in any text are replaced when the record is written, and long texts are cut, so
 * that nobody can write a second record by way of a field. Never put a payload, key material or personal data in.
 */
public sealed interface SecurityEvent {

    /** Which kind it is. */
    Kind kind();

    /** The stable id, {@code SL-} and three digits. */
    default String id() {
        return kind().id();
    }

    /** Who: a user's name, a User ID, a bundle. */
    String actor();

    /**
     * By which door: {@code jms}, {@code http}, {@code file}, {@code receive-response}, {@code console},
     * {@code internal}.
     */
    default String door() {
        return Objects.requireNonNull(kind().door);
    }

    /** On what: a RequestID, a ResponseID, a key alias, a PID. */
    String object();

    /** How it ended. */
    default Outcome outcome() {
        return Objects.requireNonNull(kind().outcome);
    }

    /** The kind's further members, in writing order; a value may be {@link Sensitive}. */
    Map<String, CharSequence> details();

    /** Every kind with what is the same for all its events. */
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
        private final @Nullable String door;

        /**
         * @param outcome how each ends; null where the event says
         * @param door by which door each comes; null where the event says
         */
        Kind(String id, @Nullable Outcome outcome, @Nullable String door) {
            this.id = id;
            this.outcome = outcome;
            this.door = door;
        }

        /** The stable id, {@code SL-} and three digits. */
        public String id() {
            return id;
        }
    }

    /** Logged when a key of the vault was used, before the result is given away. */
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

    /** Logged when the vault refused to use a key, or the key failed. */
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
     * Logged when a top-up token is about to be given away: the object is the RequestID, so which User ID, meter and
     * counter. Neither its digits, which are money, nor its value, which says what somebody in that home can pay.
     */
    record TopUpTokenReleased(String actor, String door, String object, boolean again) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.TOP_UP_TOKEN_RELEASED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("again", Boolean.toString(again));
        }
    }

    /** Logged when a Pre-Command is not substantively identical to our request; one per differing field. */
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

    /** Logged when a received document's XML signature is missing, more than one, outside the profile or wrong. */
    record SignatureInvalid(String actor, String door, String object, String reason) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.SIGNATURE_INVALID;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("reason", reason);
        }
    }

    /** Logged when a document is well signed, but by a party that may not sign this kind. */
    record WrongSigner(String actor, String door, String object, String expected, String got) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.WRONG_SIGNER;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("expected", expected, "got", got);
        }
    }

    /** Logged when the MAC or signature of a GBCS message does not verify. */
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

    /** Logged when a document or counter comes again that must come once. */
    record Replayed(String actor, String door, String object, String reason) implements SecurityEvent {
        @Override
        public Kind kind() {
            return Kind.REPLAYED;
        }

        @Override
        public Map<String, CharSequence> details() {
            return Members.of("reason", reason);
        }
    }

    /** Logged when something received is put aside for people to look at. */
    record Quarantined(String actor, String door, String object, String reason, String sha256)
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
     * Logged when a request is refused because the one who asks may not have it: wrong role, no certificate, unknown
     * party.
     */
    record AccessRefused(String actor, String door, String object, String faultCode, String reason)
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

    /** Logged when somebody logs in to console or management, or fails to. */
    record Login(String actor, String door, Outcome outcome) implements SecurityEvent {
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

    /** Logged when a command that changes something is given on the console. Its arguments are not recorded. */
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

    /** Logged when settings change: names of the settings only, since a value may be a secret. */
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
     * Logged when a credentials service was refused by its pre-checks.
     *
     * @param party remote party role whose credentials were to be replaced, or the device's own
     * @param field path of the element at fault
     */
    record CredentialsRefused(
            String actor,
            String door,
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
     * Logged when a credentials service passed its pre-checks, before it is admitted.
     *
     * @param party remote party role whose credentials it replaces or asks for, or the device's own
     * @param euis EUI-64 of those whose certificates are put in place; empty where none are
     * @param serials serial numbers of those certificates, in hex
     */
    record CredentialsAdmitted(
            String actor,
            String door,
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

    /** Logged when somebody raises the floor of a series of counters: those below are never used. */
    record CounterRaised(String actor, String door, String object, String floor) implements SecurityEvent {
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

    /** Logged when the log itself found a torn last record at start and cut it off; a crash in mid-write leaves one. */
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

    /** Logged when the log found at start that records it had written are gone from its end. */
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
