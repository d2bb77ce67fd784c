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
 * The form in which documents are kept: the number of a {@link Dictionary} in one byte, the document's length in four,
 * its SHA-256 in 32, and then the document, raw deflate (RFC 1951) with that dictionary, or as it is under number 0
 * where that is shorter. What is read is compared with length and digest, so that a damaged document is never taken for
 * another or for an empty one. Safe between threads; packing is done by the caller of a write, before its turn with the
 * one writer. Public for tests that look into the file.
 */
public final class Packer implements AutoCloseable {

    /** For documents of our length a lower level saves no time: most of it goes into the dictionary. */
    private static final int LEVEL = 6;

    private static final int DIGEST_AT = 5;
    private static final int DIGEST_LENGTH = 32;
    private static final int HEAD = DIGEST_AT + DIGEST_LENGTH;
    /** No more than this becomes of one byte of deflate. */
    private static final long MOST_OF_A_BYTE = 1032;
    /** Each holds some 300 kB; more than this many threads at once make new ones. */
    private static final int KEPT = 16;

    private volatile @Nullable LedgerException damage;
    private final BlockingQueue<Deflater> deflaters = new ArrayBlockingQueue<>(KEPT);
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);

    /** The kept form of a document. */
    byte[] pack(Dictionary dictionary, byte[] document) {
        byte[] kept = new byte[HEAD + document.length];
        Deflater deflater = Optional.ofNullable(deflaters.poll()).orElseGet(() -> new Deflater(LEVEL, true));
        deflater.reset();
        deflater.setDictionary(dictionary.text());
        deflater.setInput(document);
        deflater.finish();
        int length = deflater.deflate(kept, HEAD, document.length);
        boolean shorter = dictionary != Dictionary.NONE && deflater.finished() && length < document.length;
        if (!deflaters.offer(deflater)) {
            deflater.end();
        }
        if (!shorter) {
            System.arraycopy(document, 0, kept, HEAD, document.length);
        }
        ByteBuffer.wrap(kept)
                .put(shorter ? dictionary.number() : Dictionary.NONE.number())
                .putInt(document.length)
                .put(Sha256.of(document));
        return shorter ? Arrays.copyOf(kept, HEAD + length) : kept;
    }

    /** The kept form of a document, if there is one. */
    Optional<byte[]> pack(Dictionary dictionary, Optional<byte[]> document) {
        return document.map(bytes -> pack(dictionary, bytes));
    }

    /**
     * The document of a kept form.
     *
     * @param name what it is, for the fault
     * @throws LedgerException DOCUMENT_DAMAGED where the kept form is not that of the document that was packed
     */
    public byte[] unpack(byte[] kept, String name) {
        try {
            return unpacked(kept, name);
        } catch (LedgerException e) {
            damage = e;
            throw e;
        }
    }

    /** The damaged document that was found last. */
    Optional<LedgerException> damage() {
        return Optional.ofNullable(damage);
    }

    private byte[] unpacked(byte[] kept, String name) {
        if (kept.length < HEAD) {
            throw damaged(name, kept.length + " bytes");
        }
        int length = ByteBuffer.wrap(kept, 1, Integer.BYTES).getInt();
        Dictionary dictionary = Dictionary.of(kept[0]).orElseThrow(() -> damaged(name, "dictionary " + kept[0]));
        long most = (kept.length - HEAD) * (dictionary == Dictionary.NONE ? 1 : MOST_OF_A_BYTE);
        if (length < 0 || length > most) {
            throw damaged(name, "a length of " + length);
        }
        byte[] document = dictionary == Dictionary.NONE
                ? Arrays.copyOfRange(kept, HEAD, kept.length)
                : inflated(kept, dictionary, length, name);
        if (document.length != length
                || !MessageDigest.isEqual(Sha256.of(document), Arrays.copyOfRange(kept, DIGEST_AT, HEAD))) {
            throw damaged(name, "another digest");
        }
        return document;
    }

    private byte[] inflated(byte[] kept, Dictionary dictionary, int length, String name) {
        Inflater inflater = Optional.ofNullable(inflaters.poll()).orElseGet(() -> new Inflater(true));
        try {
            inflater.reset();
            inflater.setDictionary(dictionary.text());
            inflater.setInput(kept, HEAD, kept.length - HEAD);
            // one byte of room beyond the length, so that what goes on beyond it is seen
            byte[] room = new byte[length + 1];
            int got = inflater.inflate(room);
            if (got != length || !inflater.finished() || inflater.getRemaining() > 0) {
                throw damaged(name, "another length");
            }
            return Arrays.copyOf(room, length);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw damaged(name, "no deflate");
        } finally {
            if (!inflaters.offer(inflater)) {
                inflater.end();
            }
        }
    }

    /** The SHA-256 of the document of a kept form, 64 lower-case hex digits. */
    static String sha256Of(byte[] kept) {
        return HexFormat.of().formatHex(kept, DIGEST_AT, HEAD);
    }

    static LedgerException damaged(String name, String found) {
        return new LedgerException(
                LedgerException.Kind.DOCUMENT_DAMAGED,
                name,
                "the length and SHA-256 that were noted when it was written",
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
