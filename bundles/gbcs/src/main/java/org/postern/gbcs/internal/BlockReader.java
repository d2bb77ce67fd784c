package org.postern.gbcs.internal;

import org.postern.gbcs.BlockReassembler;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DecodeLimits;
import org.postern.gbcs.GbcsFault;

/** Reads the blocks of general block transfer. */
public final class BlockReader {

    private static final int LAST = 0x80;

    private final Cursor in;

    /** One block. */
    public record Block(boolean last, int number, Bytes data) {}

    public BlockReader(Bytes bytes, DecodeLimits limits) {
        this.in = new Cursor(bytes, limits);
    }

    public boolean more() {
        return in.remaining() > 0;
    }

    public int position() {
        return in.position();
    }

    public Block next() {
        in.node();
        in.expect(BlockReassembler.TAG, "block tag");
        int control = in.u8("block control");
        int at = in.position();
        int number = in.u16("block number");
        if (number == 0) {
            throw in.refuse(GbcsFault.BROKEN, at, "block numbers begin at 1", "0");
        }
        in.u16("block number acknowledged");
        Bytes data = in.bytes(in.length("block length"), "block data");
        return new Block((control & LAST) != 0, number, data);
    }

    public void end() {
        in.done("the block");
    }
}
