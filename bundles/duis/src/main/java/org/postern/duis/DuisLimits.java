package org.postern.duis;

/**
 * The limits beyond which a document is refused (PST-1010, PST-1011).
 *
 * @param maxBytes size of the document in bytes; the largest permitted request, a firmware image, has about 15 MB
 * @param maxDepth maximum nesting of elements
 * @param maxElements total number of elements
 * @param maxAttributes attributes and namespace declarations on one element
 */
public record DuisLimits(int maxBytes, int maxDepth, int maxElements, int maxAttributes) {

    /** 16 MiB, 32 deep, 200,000 elements, 32 attributes. */
    public static final DuisLimits DEFAULT = new DuisLimits(16 * 1024 * 1024, 32, 200_000, 32);

    public DuisLimits {
        if (maxBytes < 1 || maxDepth < 4 || maxElements < 10 || maxAttributes < 4) {
            throw DuisException.of(
                    DuisFault.LIMITS_TOO_SMALL,
                    "limits",
                    "at least 1 byte, 4 deep, 10 elements, 4 attributes",
                    "less",
                    "raise the limit");
        }
    }

    /** The same limits with another size. */
    public DuisLimits withMaxBytes(int bytes) {
        return new DuisLimits(bytes, maxDepth, maxElements, maxAttributes);
    }
}
