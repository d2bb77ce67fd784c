package org.postern.gbcs;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** GBZ content (GBCS): ZigBee Smart Energy commands in components. */
public sealed interface GbzPayload extends Payload {

    /** Profile id of all GBZ content. */
    int PROFILE = 0x0109;

    @Override
    default Family family() {
        return Family.GBZ;
    }

    /** Components of a command, Pre-Command or response; the last one has the last-component bit. */
    record Components(List<Component> components) implements GbzPayload {
        public Components {
            components = List.copyOf(components);
            if (components.size() > 0xFF) {
                throw new IllegalArgumentException(components.size() + " components");
            }
        }
    }

    /**
     * An alert.
     *
     * @param count the encoded number of components
     * @param alertCode 0 to FFFF
     * @param time seconds since 2000-01-01T00:00:00Z
     * @param additional the rest of the alert as bytes; empty where it consists of components
     * @param components the rest of the alert where it consists of components (billing snapshot)
     */
    record Alert(int count, int alertCode, long time, Bytes additional, List<Component> components)
            implements GbzPayload {
        public Alert {
            Objects.requireNonNull(additional, "additional");
            components = List.copyOf(components);
            if (count < 0 || count > 0xFF || alertCode < 0 || alertCode > 0xFFFF || time < 0 || time > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("alert fields out of range");
            }
            if (!additional.isEmpty() && !components.isEmpty()) {
                throw new IllegalArgumentException("either bytes or components");
            }
        }
    }

    /**
     * One component.
     *
     * @param control control byte: 01 last, 02 encrypted, 10 from-date present
     * @param cluster 0 to FFFF
     * @param encryption the additional header, present where the control byte states that the component is encrypted
     * @param fromDate seconds since 2000; present where the control byte states it and the component is not encrypted
     * @param frame ZCL frame header
     * @param payload unencrypted ZCL payload, or the protected object {@code 31 00000000}, cipher text, tag
     */
    record Component(
            int control,
            int cluster,
            Optional<Encryption> encryption,
            OptionalLong fromDate,
            ZclFrame frame,
            Bytes payload) {

        /** Bits of the control byte. */
        public static final int LAST = 0x01;

        public static final int ENCRYPTED = 0x02;
        public static final int FROM_DATE = 0x10;

        public Component {
            Objects.requireNonNull(frame, "frame");
            Objects.requireNonNull(payload, "payload");
            boolean encrypted = (control & ENCRYPTED) != 0;
            if (encrypted != encryption.isPresent()
                    || (!encrypted && (control & FROM_DATE) != 0) != fromDate.isPresent()
                    || (control & ~(LAST | ENCRYPTED | FROM_DATE)) != 0
                    || cluster < 0
                    || cluster > 0xFFFF) {
                throw new IllegalArgumentException("control byte and fields disagree");
            }
        }

        /** A plain component; the last-component bit is set by {@link GbzPayload#components(List)}. */
        public static Component of(int cluster, ZclFrame frame, Bytes payload) {
            return new Component(0, cluster, Optional.empty(), OptionalLong.empty(), frame, payload);
        }

        /** A plain component with a from-date, in seconds since 2000. */
        public static Component from(long fromDate, int cluster, ZclFrame frame, Bytes payload) {
            return new Component(FROM_DATE, cluster, Optional.empty(), OptionalLong.of(fromDate), frame, payload);
        }

        /** An encrypted component; the payload is the protected object. */
        public static Component encrypted(int cluster, int frameCounter, ZclFrame frame, Bytes payload) {
            return new Component(
                    ENCRYPTED,
                    cluster,
                    Optional.of(new Encryption(0, frameCounter)),
                    OptionalLong.empty(),
                    frame,
                    payload);
        }

        public boolean last() {
            return (control & LAST) != 0;
        }

        public boolean isEncrypted() {
            return (control & ENCRYPTED) != 0;
        }

        public Component withLast(boolean last) {
            return new Component(
                    last ? control | LAST : control & ~LAST, cluster, encryption, fromDate, frame, payload);
        }

        public Component withPayload(Bytes other) {
            return new Component(control, cluster, encryption, fromDate, frame, other);
        }
    }

    /** Additional header of an encrypted component: control byte (00) and frame counter. */
    record Encryption(int additionalControl, int frameCounter) {}

    /**
     * ZCL frame header.
     *
     * @param control bits 0-1 type (0 profile-wide, 1 cluster specific), 08 server to client, 10 no default response
     * @param sequence transaction sequence number
     * @param command command id
     */
    record ZclFrame(int control, int sequence, int command) {
        public boolean clusterSpecific() {
            return (control & 0x03) == 1;
        }

        public boolean fromServer() {
            return (control & 0x08) != 0;
        }
    }

    /** The components, with the last-component bit set on the last one only. */
    static Components components(List<Component> components) {
        List<Component> all = new java.util.ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            all.add(components.get(i).withLast(i == components.size() - 1));
        }
        return new Components(all);
    }
}
