package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class MissingTest {

    @Test
    void whatIsMissingSkipsTheTestAndSaysSo() {
        for (String value : new String[] {null, "", "false", "1"}) {
            assertThatThrownBy(() -> Missing.end("no data at /x", "POSTERN_REQUIRE_REFERENCE", value))
                    .as("value %s", value)
                    .isInstanceOf(TestAbortedException.class)
                    .hasMessage("no data at /x");
        }
    }

    @Test
    void whereNothingMayBeMissingTheTestFailsAndNamesTheVariable() {
        assertThatThrownBy(() -> Missing.end("no data at /x", "POSTERN_REQUIRE_REFERENCE", "true"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("no data at /x")
                .hasMessageContaining("POSTERN_REQUIRE_REFERENCE=true");
    }
}
