package org.postern.duis;

/**
 * What a document may cost before it is refused (PST-1010, PST-1011).
 *
 * @param maxBytes size of the document; the largest legal request, a firmware image, is about 15 MB
 * @param maxDepth elements inside one another
 * @param maxElements elements in all
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
