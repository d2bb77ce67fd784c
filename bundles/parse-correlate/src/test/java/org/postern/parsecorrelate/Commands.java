package org.postern.parsecorrelate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.postern.catalogue.Eui64;
import org.postern.duis.DuisRequest;

/** Removes the MAC wrapper of a command on the wire (GBCS, MAC Header). */
final class Commands {

    private Commands() {}

    static byte[] beforeMac(byte[] command) {
        if (command[0] != (byte) 0xDD) {
            return command;
        }
        int first = command[7] & 0xFF;
        int start = 8 + (first < 0x80 ? 0 : first & 0x7F) + 5;
        return Arrays.copyOfRange(command, start, command.length - 12);
    }

    /** A command that another party signs is compared without its signature. */
    static byte[] withoutSignature(byte[] inner, int length) {
        return inner.length == length + 65 && inner[length] == 0x40 ? Arrays.copyOf(inner, length) : inner;
    }

    static Eui64 originator(byte[] inner) {
        return Eui64.of(inner, 12);
    }

    static long counter(byte[] inner) {
        return ByteBuffer.wrap(inner, 3, 8).getLong();
    }

    static boolean sameOriginator(DuisRequest request, byte[] inner) {
        return request.requestId().originator().equals(originator(inner))
                && request.requestId().counter() == counter(inner);
    }
}
