package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The code of a fault, and whether it is transient, come from its entry in the registry. */
class FaultTest {

    private enum Some implements FaultCode {
        AWAY(FaultEntry.passes(
                "PST-9998",
                FaultActor.OPERATOR,
                "the disk is not available",
                "the disk is available",
                "check the disk")),
        WRONG(FaultEntry.stays("PST-9999", FaultActor.SUPPLIER, "a wrong number", "1 to 8", "give another number"));

        private final FaultEntry entry;

        Some(FaultEntry entry) {
            this.entry = entry;
        }

        @Override
        public FaultEntry entry() {
            return entry;
        }
    }

    @Test
    void theRegistryStatesWhetherAFaultIsTransient() {
        assertThat(Some.AWAY.fault("disk", "no answer").mayPass()).isTrue();
        assertThat(Some.WRONG.fault("number", "9").mayPass()).isFalse();
    }

    @Test
    void ruleAndRemedyComeFromTheRegistryUnlessTheyAreGiven() {
        assertThat(Some.WRONG.fault("number", "9"))
                .hasToString("PST-9999 number: 9 (rule: 1 to 8); give another number");
        assertThat(Some.WRONG.fault("number", "1 to 4 here", "9"))
                .hasToString("PST-9999 number: 9 (rule: 1 to 4 here); give another number");
        assertThat(Some.WRONG.fault("number", "1 to 4 here", "9", "give 4"))
                .hasToString("PST-9999 number: 9 (rule: 1 to 4 here); give 4");
        assertThat(Some.WRONG.fault("number", "9").code()).isEqualTo("PST-9999");
    }

    @Test
    void anEntryHasACodeAndEveryText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultEntry.stays("PST-12", FaultActor.DCC, "m", "r", "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultEntry.stays("PST-1234", FaultActor.DCC, " ", "r", "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultEntry.stays("PST-1234", FaultActor.DCC, "m", "r", ""));
    }
}
