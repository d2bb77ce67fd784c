package org.postern.servicerequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.catalogue.PosternException;
import org.postern.servicerequests.TopUpAmount.Unit;

/** Thirteen bits of pence or whole pounds. */
class TopUpAmountTest {

    @ParameterizedTest
    @CsvSource({
        "0.01, PENCE, 1",
        "12.50, PENCE, 1250",
        "12.5, PENCE, 1250",
        "20, PENCE, 2000",
        "81.91, PENCE, 8191",
        "82, POUNDS, 82",
        "82.00, POUNDS, 82",
        "100.0, POUNDS, 100",
        "8191, POUNDS, 8191"
    })
    void poundsAndPenceBecomeTheClassThatCarriesThem(String text, Unit unit, int value) {
        assertThat(TopUpAmount.of(text)).isEqualTo(new TopUpAmount(unit, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "81.92",
                "100.50",
                "8192",
                "8191.01",
                "999999999",
                "-1",
                "+1",
                "1.234",
                "1,50",
                ".5",
                "5.",
                "",
                " 5",
                "1e2",
                "£5",
                "\u0661",
                "NaN"
            })
    void whatNoTokenCarriesIsRefused(String text) {
        assertThatThrownBy(() -> TopUpAmount.of(text))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-2250"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "8192", "-1", "1.0", "", "99999999999"})
    void wholeNumbersAreInRange(String text) {
        assertThatThrownBy(() -> TopUpAmount.pence(text)).hasMessageContaining("PST-2250");
        assertThatThrownBy(() -> TopUpAmount.pounds(text)).hasMessageContaining("PST-2250");
    }

    @Test
    void nothingIsNotAdvisedToBePaidInSeveralTokens() {
        assertThatThrownBy(() -> TopUpAmount.of("0")).hasMessageContaining("at least one penny");
        assertThatThrownBy(() -> TopUpAmount.pence("8192")).hasMessageContaining("several tokens");
    }

    @Test
    void digitsAreReadInFoursAndNeitherTheyNorTheAmountShowThemselves() {
        TopUpDigits digits = new TopUpDigits("73946144332040217315");
        assertThat(digits.grouped()).isEqualTo("7394 6144 3320 4021 7315");
        assertThat(digits.toString()).doesNotContain("7394");
        assertThat(TopUpAmount.pounds("123").toString()).doesNotContain("123");
        assertThat(new Admission.Accepted("r", "a:b:1", false, java.util.Optional.of(digits)).toString())
                .doesNotContain("7394");
    }
}
