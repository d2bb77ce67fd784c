package org.postern.gbcs;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.gbcs.internal.BlockReader;

/**
 * Reassembles a message that is received in DLMS general block transfer. The standard permits this (GBCS, general block
 * transfer), although the reference data has no example. Each block is
 *
 * <pre>
 * E0  control (80 last block, 40 streaming, 3F window)  number (2, from 1)  number acknowledged (2)  BER length  data
 * </pre>
 *
 * <p>Blocks may be received in any order and repeatedly. A repeated block with other bytes is refused, and so is a
 * block number beyond the last one. The total is limited by {@link DecodeLimits#maxMessageBytes()} and
 * {@link DecodeLimits#maxElements()}. An instance reassembles one message and is not thread-safe.
 */
public final class BlockReassembler {

    /** First byte of a block. */
    public static final int TAG = 0xE0;

    private final DecodeLimits limits;
    private final Map<Integer, Bytes> blocks = new TreeMap<>();
    private long size;
    private int last;

    public BlockReassembler(DecodeLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** True where the bytes begin like a block, which no GBCS message does. */
    public static boolean isBlock(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] & 0xFF) == TAG;
    }

    /**
     * Joins consecutive blocks in one array.
     *
     * @throws GbcsRefusal PST-3001 where a block is malformed or missing, PST-3002 beyond a limit
     */
    public static byte[] join(byte[] blocks, DecodeLimits limits) {
        BlockReassembler reassembler = new BlockReassembler(limits);
        BlockReader in = new BlockReader(Bytes.of(blocks), limits);
        Optional<byte[]> whole = Optional.empty();
        while (in.more()) {
            whole = reassembler.add(in);
        }
        return whole.orElseThrow(
                () -> new GbcsRefusal(GbcsFault.BROKEN, blocks.length, "all blocks of a message", "some are missing"));
    }

    /**
     * Adds one block.
     *
     * @return the complete message when all its blocks have been added, otherwise empty
     * @throws GbcsRefusal PST-3001 where the block is malformed or contradicts another, PST-3002 beyond a limit
     */
    public Optional<byte[]> add(byte[] block) {
        BlockReader in = new BlockReader(Bytes.of(block), limits);
        Optional<byte[]> whole = add(in);
        in.end();
        return whole;
    }

    private Optional<byte[]> add(BlockReader in) {
        int at = in.position();
        BlockReader.Block block = in.next();
        if (last != 0 && (block.number() > last || block.last() != (block.number() == last))
                || block.last() && blocks.keySet().stream().anyMatch(n -> n > block.number())) {
            throw new GbcsRefusal(
                    GbcsFault.BROKEN,
                    at,
                    "exactly one last block, which has the highest number",
                    "block " + block.number());
        }
        Bytes before = blocks.putIfAbsent(block.number(), block.data());
        if (before != null && !before.equals(block.data())) {
            throw new GbcsRefusal(
                    GbcsFault.BROKEN, at, "a repeated block has the same bytes", "block " + block.number());
        }
        size += before == null ? block.data().length() : 0;
        if (size > limits.maxMessageBytes() || blocks.size() > limits.maxElements()) {
            throw new GbcsRefusal(
                    GbcsFault.BEYOND_LIMIT,
                    at,
                    "at most " + limits.maxMessageBytes() + " bytes",
                    size + " bytes in " + blocks.size() + " blocks");
        }
        last = block.last() ? block.number() : last;
        if (last == 0 || blocks.size() < last) {
            return Optional.empty();
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream((int) size);
        blocks.values().forEach(b -> whole.writeBytes(b.toArray()));
        return Optional.of(whole.toByteArray());
    }
}
