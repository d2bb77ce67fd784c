package org.postern.parsecorrelate.internal.mmc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device may send a structure with too few elements: the conversion reports which one is missing. */
class MissingElementTest {

    private static final Tables TABLES = Tables.load();
    private static final Source EMPTY = new Source.Listed(List.of());

    private static final Conversion.Context CONTEXT = new Conversion.Context() {
        @Override
        public @Nullable Source at(Row.Path path) {
            return null;
        }

        @Override
        public int counter() {
            return 1;
        }

        @Override
        public @Nullable String useCase(int messageCode) {
            return null;
        }

        @Override
        public void noValue(String meaning) {}

        @Override
        public void remark(String text) {}
    };

    @ParameterizedTest
    @CsvSource({
        "credit-list mode, 0",
        "period-prices 8, 0",
        "block-prices, 0",
        "demand-period, 3",
        "billing-calendar, 0"
    })
    void anEntryWithoutElementsIsRefusedWithTheMissingElement(String conversion, String element) {
        assertThatThrownBy(() -> convert(conversion, new Source.Listed(List.of(EMPTY))))
                .isInstanceOf(UnexpectedValueException.class)
                .hasMessage("element " + element + " is expected");
    }

    @ParameterizedTest
    @CsvSource({
        "position 1, 1",
        "certificate, encoded",
        "gas-periodicity, billingPeriodDuration",
        "certificate-type 1, 1"
    })
    void aStructureWithoutElementsIsRefusedWithTheMissingElement(String conversion, String element) {
        assertThatThrownBy(() -> convert(conversion, EMPTY))
                .isInstanceOf(UnexpectedValueException.class)
                .hasMessage("element " + element + " is expected");
    }

    private static void convert(String conversion, Source source) {
        List<String> words = List.of(conversion.split(" "));
        Conversions.of(words.get(0), words.subList(1, words.size()), TABLES)
                .conversion()
                .apply(source, CONTEXT);
    }
}
