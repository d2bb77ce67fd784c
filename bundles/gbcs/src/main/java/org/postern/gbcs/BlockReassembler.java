package org.postern.gbcs;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.gbcs.internal.BlockReader;

/**
 * Puts a message together that arrives in DLMS general block transfer, which reference data never shows but the
 * standard allows (GBCS, general block transfer). Each block is
 *
 * <pre>
 * E0  control (80 last block, 40 streaming, 3F window)  number (2, from 1)  number acknowledged (2)  BER length  data
 * </pre>
 *
 * <p>Blocks may come in any order and more than once; one that comes again with other bytes is refused, as is a number
 * beyond the last. What has come is bounded by {@link DecodeLimits#maxMessageBytes()} and
 * {@link DecodeLimits#maxElements()}. One message, one thread.
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

    /** True where the bytes begin as a block does and no GBCS message can. */
    public static boolean isBlock(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] & 0xFF) == TAG;
    }

    /**
     * Joins blocks that stand one after the other in one run of bytes.
     *
     * @throws GbcsRefusal PST-3001 where a block is broken or missing, PST-3002 beyond a limit
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
     * Takes one block.
     *
     * @return the whole message as soon as all its blocks are there
     * @throws GbcsRefusal PST-3001 where the block is broken or contradicts another, PST-3002 beyond a limit
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
                    GbcsFault.BROKEN, at, "one last block, with the greatest number", "block " + block.number());
        }
        Bytes before = blocks.putIfAbsent(block.number(), block.data());
        if (before != null && !before.equals(block.data())) {
            throw new GbcsRefusal(
                    GbcsFault.BROKEN, at, "a block that comes again has the same bytes", "block " + block.number());
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
