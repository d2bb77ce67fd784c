package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.parsecorrelate.MmcElement;

/**
 * From what was decoded to what MMC says: a named function of a small closed set, its arguments already in it (see
 * {@link Conversions}).
 */
@FunctionalInterface
interface Conversion {

    /**
     * What comes out: a text, or elements to be put inside the target, or nothing.
     *
     * @param text null where there is none
     * @param elements null where there are none
     */
    record Result(@Nullable String text, @Nullable List<MmcElement> elements) {

        static final Result NOTHING = new Result(null, null);

        static Result of(Object text) {
            return new Result(String.valueOf(text), null);
        }

        static Result of(List<MmcElement> elements) {
            return elements.isEmpty() ? NOTHING : new Result(null, elements);
        }

        boolean nothing() {
            return text == null && elements == null;
        }
    }

    /**
     * Converts.
     *
     * @param source never null
     * @param context where else to look
     * @throws Mismatch where the source is not what the conversion is for
     */
    Result apply(Source source, Context context);

    /** What a conversion may look at beside its source. */
    interface Context {

        /** The node at the path, seen from where the row stands; null where there is none. */
        @Nullable
        Source look(Row.Path path);

        /** 1-based counter of the innermost repetition. */
        int counter();

        /** Name of the use case of that message code; null where it is not known. */
        @Nullable
        String useCase(int messageCode);

        /** Notes that what stands there is reserved for no value, and why; the row then yields nothing. */
        void noValue(String meaning);

        /** Notes that something was read whose meaning neither GBCS nor the MMC schema settles. */
        void remark(String text);
    }
}
