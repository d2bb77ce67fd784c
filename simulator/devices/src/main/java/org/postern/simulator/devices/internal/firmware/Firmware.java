package org.postern.simulator.devices.internal.firmware;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.postern.catalogue.Sha256;
import org.postern.gbcs.Asn1Payload;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DerNode;
import org.postern.gbcs.GbcsMessage;
import org.postern.simulator.devices.internal.schedule.Instruction;

/** The firmware of one device: the version in use, and the image that was distributed and not yet activated. */
public final class Firmware {

    /**
     * An image.
     *
     * @param hash SHA-256 over the whole image as it was distributed
     * @param version four bytes
     */
    public record Image(Bytes hash, Bytes version) {}

    public static final String OBJECT = "firmware";
    private static final int NO_IMAGE = 1;
    private static final int HASH_MISMATCH = 2;
    /** Also what a fault makes of an activation. */
    public static final int FAILED = 3;

    private static final int VERSION = 4;
    private static final int ALERT = 0x00CA;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Bytes version;
    private Image held;

    public Firmware(Bytes version) {
        this.version = version;
    }

    /** Four bytes of version in use. */
    public synchronized Bytes version() {
        return version;
    }

    /** The version in use, eight hex digits. */
    public String hex() {
        return version().hex().toUpperCase(Locale.ROOT);
    }

    public synchronized void hold(Image image) {
        held = image;
    }

    /** SHA-256 over the whole image. */
    public static Bytes hash(byte[] image) {
        return Bytes.of(Sha256.of(image));
    }

    /** Four bytes of a version as DUIS writes it: eight hex digits, or else its first four characters. */
    public static Bytes version(String text) {
        if (text.matches("[0-9A-Fa-f]{8}")) {
            return Bytes.ofHex(text);
        }
        return Bytes.of(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), VERSION));
    }

    /** The hash of the image that waits. */
    synchronized Optional<Bytes> heldHash() {
        return Optional.ofNullable(held).map(Image::hash);
    }

    /**
     * Activates the image with that hash.
     *
     * @param forced a failure to report, or 0
     * @return outcome and version, as an answer or alert carries them
     */
    public synchronized DerNode activate(Bytes hash, int forced) {
        int outcome =
                forced != 0 ? forced : held == null ? NO_IMAGE : !held.hash().equals(hash) ? HASH_MISMATCH : 0;
        if (outcome == 0) {
            version = held.version();
            held = null;
        }
        return DerNode.sequence(DerNode.integer(outcome), DerNode.octets(version));
    }

    /** The dated activation that the command asks for. */
    public Instruction later(GbcsMessage command) {
        DerNode message = ((Asn1Payload) command.payload()).root();
        return new Instruction() {
            @Override
            public String object() {
                return OBJECT;
            }

            @Override
            public int alertCode() {
                return ALERT;
            }

            @Override
            public Outcome takeEffect(boolean may, Instant now, long counter) {
                DerNode result = activate(message.at(0).asBytes(), may ? 0 : FAILED);
                boolean done = result.at(0).asLong() == 0;
                return new Outcome(
                        done,
                        new Asn1Payload(DerNode.sequence(
                                DerNode.integer(Instruction.code(done)),
                                DerNode.time(TIME.format(now)),
                                DerNode.unsigned(command.header().counter()),
                                result)));
            }
        };
    }
}
