package org.postern.ledger.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.postern.catalogue.Sha256;
import org.postern.ledger.LedgerException;

/**
 * Compresses stored documents. Format: the number of a {@link Dictionary} in one byte, the document's length in four
 * bytes, its SHA-256 in 32 bytes, and then the document, compressed with raw deflate (RFC 1951) and that dictionary, or
 * uncompressed with number 0 if that is shorter. A document that is read is checked against length and digest, so that
 * a damaged document is never mistaken for another or an empty one. Safe for use by several threads. The caller of a
 * write packs the documents before the writer's transaction. Public for tests that inspect the file.
 */
public final class Packer implements AutoCloseable {

    /**
     * For documents of this length a lower level saves no time, because most of the time is spent on the dictionary.
     */
    private static final int LEVEL = 6;

    private static final int DIGEST_AT = 5;
    private static final int DIGEST_LENGTH = 32;
    private static final int HEAD = DIGEST_AT + DIGEST_LENGTH;
    /** Maximum number of bytes that one byte of deflate can expand to. */
    private static final long MAX_INFLATION = 1032;
    /** Pooled compressors; each uses about 300 kB. If more threads need one at the same time, new ones are created. */
    private static final int POOL_SIZE = 16;

    private volatile @Nullable LedgerException damage;
    private final BlockingQueue<Deflater> deflaters = new ArrayBlockingQueue<>(POOL_SIZE);
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(POOL_SIZE);

    /** The packed form of a document. */
    byte[] pack(Dictionary dictionary, byte[] document) {
        byte[] packed = new byte[HEAD + document.length];
        Deflater deflater = Optional.ofNullable(deflaters.poll()).orElseGet(() -> new Deflater(LEVEL, true));
        deflater.reset();
        deflater.setDictionary(dictionary.text());
        deflater.setInput(document);
        deflater.finish();
        int length = deflater.deflate(packed, HEAD, document.length);
        boolean shorter = dictionary != Dictionary.NONE && deflater.finished() && length < document.length;
        if (!deflaters.offer(deflater)) {
            deflater.end();
        }
        if (!shorter) {
            System.arraycopy(document, 0, packed, HEAD, document.length);
        }
        ByteBuffer.wrap(packed)
                .put(shorter ? dictionary.number() : Dictionary.NONE.number())
                .putInt(document.length)
                .put(Sha256.of(document));
        return shorter ? Arrays.copyOf(packed, HEAD + length) : packed;
    }

    /** The packed form of a document, if there is a document. */
    Optional<byte[]> pack(Dictionary dictionary, Optional<byte[]> document) {
        return document.map(bytes -> pack(dictionary, bytes));
    }

    /**
     * The document in a packed form.
     *
     * @param name name of the document, for the fault
     * @throws LedgerException DOCUMENT_DAMAGED if it differs from the document that was packed
     */
    public byte[] unpack(byte[] packed, String name) {
        try {
            return unpacked(packed, name);
        } catch (LedgerException e) {
            damage = e;
            throw e;
        }
    }

    /** The fault of the damaged document that was found last. */
    Optional<LedgerException> damage() {
        return Optional.ofNullable(damage);
    }

    private byte[] unpacked(byte[] packed, String name) {
        if (packed.length < HEAD) {
            throw damaged(name, packed.length + " bytes");
        }
        int length = ByteBuffer.wrap(packed, 1, Integer.BYTES).getInt();
        Dictionary dictionary = Dictionary.of(packed[0]).orElseThrow(() -> damaged(name, "dictionary " + packed[0]));
        long maxLength = (packed.length - HEAD) * (dictionary == Dictionary.NONE ? 1 : MAX_INFLATION);
        if (length < 0 || length > maxLength) {
            throw damaged(name, "a length of " + length);
        }
        byte[] document = dictionary == Dictionary.NONE
                ? Arrays.copyOfRange(packed, HEAD, packed.length)
                : inflated(packed, dictionary, length, name);
        if (document.length != length
                || !MessageDigest.isEqual(Sha256.of(document), Arrays.copyOfRange(packed, DIGEST_AT, HEAD))) {
            throw damaged(name, "a different digest");
        }
        return document;
    }

    private byte[] inflated(byte[] packed, Dictionary dictionary, int length, String name) {
        Inflater inflater = Optional.ofNullable(inflaters.poll()).orElseGet(() -> new Inflater(true));
        try {
            inflater.reset();
            inflater.setDictionary(dictionary.text());
            inflater.setInput(packed, HEAD, packed.length - HEAD);
            // one byte more than the length, so that a longer document is detected
            byte[] room = new byte[length + 1];
            int got = inflater.inflate(room);
            if (got != length || !inflater.finished() || inflater.getRemaining() > 0) {
                throw damaged(name, "a different length");
            }
            return Arrays.copyOf(room, length);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw damaged(name, "not valid deflate data");
        } finally {
            if (!inflaters.offer(inflater)) {
                inflater.end();
            }
        }
    }

    /** The SHA-256 of the document in a packed form, 64 lower-case hex digits. */
    static String sha256Of(byte[] packed) {
        return HexFormat.of().formatHex(packed, DIGEST_AT, HEAD);
    }

    static LedgerException damaged(String name, String found) {
        return new LedgerException(
                LedgerException.Kind.DOCUMENT_DAMAGED,
                name,
                "the length and SHA-256 that were recorded when it was written",
                found,
                "keep the database, and restore the document or the ledger from a copy");
    }

    @Override
    public void close() {
        for (Deflater deflater = deflaters.poll(); deflater != null; deflater = deflaters.poll()) {
            deflater.end();
        }
        for (Inflater inflater = inflaters.poll(); inflater != null; inflater = inflaters.poll()) {
            inflater.end();
        }
    }
}
