package org.postern.parsecorrelate.internal.mmc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.parsecorrelate.MmcElement;

/**
 * Converts a decoded value to a value of MMC: a function of a small closed set with its arguments already bound (see
 * {@link Conversions}).
 */
@FunctionalInterface
interface Conversion {

    /**
     * The result: a text, or elements to be put into the target, or nothing.
     *
     * @param text null if there is none
     * @param elements null if there are none
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
     * @param context access to other nodes of the message
     * @throws UnexpectedValueException if the source is not of the expected kind
     */
    Result apply(Source source, Context context);

    /** What a conversion may read besides its source, and how it reports what it leaves out. */
    interface Context {

        /** The node at the path, relative to the node of the row; null if there is none. */
        @Nullable
        Source at(Row.Path path);

        /** 1-based counter of the innermost repetition. */
        int counter();

        /** Name of the use case of that message code; null if it is not known. */
        @Nullable
        String useCase(int messageCode);

        /** Reports that the number is reserved for "no value", and why; the row then yields nothing. */
        void noValue(String meaning);

        /** Reports that a value was read whose meaning neither GBCS nor the MMC schema defines. */
        void remark(String text);
    }
}
