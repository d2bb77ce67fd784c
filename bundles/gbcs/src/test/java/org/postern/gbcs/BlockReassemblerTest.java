package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockReassemblerTest {

    private final byte[] message = TestVectors.bytes("dlms-response-ecs17b");

    /** E0, control, number, acknowledged 0, length, data. */
    private static byte[] block(boolean last, int number, byte... data) {
        byte[] block = new byte[7 + data.length];
        block[0] = (byte) 0xE0;
        block[1] = (byte) (last ? 0x80 : 0);
        block[2] = (byte) (number >> 8);
        block[3] = (byte) number;
        block[6] = (byte) data.length;
        System.arraycopy(data, 0, block, 7, data.length);
        return block;
    }

    private List<byte[]> blocks() {
        List<byte[]> blocks = new ArrayList<>();
        for (int at = 0; at < message.length; at += 50) {
            int end = Math.min(at + 50, message.length);
            blocks.add(block(end == message.length, at / 50 + 1, Arrays.copyOfRange(message, at, end)));
        }
        return blocks;
    }

    @Test
    void joinsBlocksInAnyOrderAndRepeated() {
        List<byte[]> blocks = blocks();
        Collections.reverse(blocks);
        BlockReassembler reassembler = new BlockReassembler(DecodeLimits.DEFAULT);
        assertThat(reassembler.add(blocks.get(0))).isEmpty();
        for (byte[] block : blocks.subList(0, blocks.size() - 1)) {
            assertThat(reassembler.add(block)).isEmpty();
        }
        assertThat(reassembler.add(blocks.get(blocks.size() - 1)))
                .hasValueSatisfying(whole -> assertThat(whole).isEqualTo(message));
    }

    @Test
    void joinsConsecutiveBlocks() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        blocks().forEach(all::writeBytes);
        assertThat(BlockReassembler.isBlock(all.toByteArray())).isTrue();
        assertThat(BlockReassembler.isBlock(message)).isFalse();
        assertThat(BlockReassembler.join(all.toByteArray(), DecodeLimits.DEFAULT))
                .isEqualTo(message);
        byte[] cut = Arrays.copyOf(all.toByteArray(), 57);
        assertThatThrownBy(() -> BlockReassembler.join(cut, DecodeLimits.DEFAULT))
                .isInstanceOf(GbcsRefusal.class)
                .hasMessageContaining("missing");
    }

    @Test
    void refusesContradictions() {
        BlockReassembler reassembler = new BlockReassembler(DecodeLimits.DEFAULT);
        reassembler.add(block(false, 1, (byte) 1));
        assertThatThrownBy(() -> reassembler.add(block(false, 1, (byte) 2))).hasMessageContaining("same bytes");
        reassembler.add(block(true, 3, (byte) 3));
        assertThatThrownBy(() -> reassembler.add(block(false, 4, (byte) 4))).hasMessageContaining("last block");
        assertThatThrownBy(() -> reassembler.add(block(true, 2, (byte) 4))).hasMessageContaining("last block");
        assertThatThrownBy(() -> reassembler.add(block(false, 0, (byte) 4))).hasMessageContaining("begin at 1");
        assertThatThrownBy(() -> reassembler.add(new byte[] {(byte) 0xE0, 0, 0, 2, 0, 0, 5, 1}))
                .isInstanceOf(GbcsRefusal.class);
        assertThatThrownBy(() -> reassembler.add(new byte[] {(byte) 0xE0, 0, 0, 2, 0, 0, 1, 1, 1}))
                .hasMessageContaining("left over");
    }

    @Test
    void refusesBlocksBeyondTheLimits() {
        BlockReassembler reassembler = new BlockReassembler(new DecodeLimits(10, 5, 5, 100));
        reassembler.add(block(false, 1, (byte) 1, (byte) 2, (byte) 3));
        reassembler.add(block(false, 2, (byte) 1, (byte) 2, (byte) 3));
        reassembler.add(block(false, 3, (byte) 1, (byte) 2, (byte) 3));
        assertThatThrownBy(() -> reassembler.add(block(false, 4, (byte) 1, (byte) 2)))
                .hasMessageContaining("PST-3002");
    }
}
