package org.postern.simulator.devices.internal.gas.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.ZclFields;

/**
 * One ZigBee command that a gas meter received.
 *
 * @param cluster 0 to FFFF
 * @param command command id
 * @param published true where the sender is the server of the cluster
 * @param fields its fields in order
 * @param fromDate from-date of the component, seconds since 2000
 */
record ZigbeeCall(int cluster, int command, boolean published, List<ZclFields.Field> fields, OptionalLong fromDate) {

    /** Added to the key of a command that the server of the cluster sends. */
    static final int PUBLISHED = 0x100_0000;

    /**
     * A command that the meter answers with; its fields in order.
     *
     * @param command command id
     */
    record Reply(int command, List<ZclFields.Field> fields) {}

    /**
     * What the meter does: commands to answer with, or where there are none a default response.
     *
     * @param status of the default response
     */
    record Outcome(List<Reply> replies, int status) {

        static final int SUCCESS = 0x00;
        static final int FAILURE = 0x01;
        static final int NOT_FOUND = 0x8B;

        /** Done, or nothing stored under what was asked for. */
        static Outcome found(List<Reply> replies) {
            return new Outcome(replies, NOT_FOUND);
        }

        static Outcome done() {
            return new Outcome(List.of(), SUCCESS);
        }
    }

    /** Cluster and command as one number, and which side sent it. */
    int key() {
        return (published ? PUBLISHED : 0) | cluster << 8 | command;
    }

    /** The number in the field of that name. */
    long number(String name) {
        return fields.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow()
                .number();
    }

    Bytes bytes(String name) {
        return fields.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    /** All fields of that name, of a group that repeats. */
    List<ZclFields.Field> all(String name) {
        return fields.stream().filter(f -> f.name().equals(name)).toList();
    }

    /** Collects the fields of a reply. */
    static final class Builder {

        private final List<ZclFields.Field> fields = new ArrayList<>();

        Builder number(String name, long value) {
            fields.add(ZclFields.number(name, value));
            return this;
        }

        Builder bytes(String name, Bytes value) {
            fields.add(ZclFields.bytes(name, value));
            return this;
        }

        Reply reply(int command) {
            return new Reply(command, List.copyOf(fields));
        }
    }
}
