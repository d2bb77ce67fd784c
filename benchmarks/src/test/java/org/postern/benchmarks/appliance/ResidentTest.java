package org.postern.benchmarks.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ResidentTest {

    @Test
    void theLineOfTheResidentMemoryIsFoundAmongTheOthers() throws IOException {
        assertThat(Resident.kibibytes("VmHWM:\t  900000 kB\nVmRSS:\t  421376 kB\nRssAnon:\t  380000 kB\n"))
                .isEqualTo(421_376);
    }

    @Test
    void aProcessWithoutThatLineIsNoFigure() {
        assertThatThrownBy(() -> Resident.kibibytes("Name:\tkthreadd\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("VmRSS");
    }
}
