package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class ServiceCatalogueTest {

    private static final String HEADING =
            "variant\treference\tname\tcritical\tonDemand\tdating\tschedulable\tnonDevice\t"
                    + "roles\tbody\tcommandVariants\tuseCases\tlane\ttarget\tcommander\n";
    private static final String GOOD =
            "7.1\t7.1\tSupply on\tyes\tyes\tNONE\tno\tno\tIS\tEnableSupply\t4,5\tECS42\tPREPAYMENT\t30\tUSER\n";

    private final ServiceCatalogue catalogue = new ServiceCatalogue();

    // The counts of DUIS 5.4.
    @Test
    void containsEveryServiceOfDuis54WithItsCountsOfCriticalAndNonDevice() {
        assertThat(catalogue.rows()).hasSize(129);
        assertThat(catalogue.rows()).filteredOn(ServiceRow::critical).hasSize(37);
        assertThat(catalogue.rows()).filteredOn(ServiceRow::nonDevice).hasSize(16);
        assertThat(catalogue.rows())
                .filteredOn(r -> r.futureDating() == FutureDating.DSP)
                .hasSize(45);
        assertThat(catalogue.rows())
                .filteredOn(r -> r.futureDating() == FutureDating.DEVICE)
                .hasSize(11);
        assertThat(catalogue.rows()).filteredOn(ServiceRow::schedulable).hasSize(14);
    }

    // for these, the reference messages contain only commands of the Access Control Broker or the CoS Party
    @Test
    void knowsWhichServicesAnotherPartyCommands() {
        assertThat(catalogue.rows())
                .filteredOn(ServiceRow::commandedByOther)
                .extracting(ServiceRow::variant)
                .containsExactly("6.21", "6.23", "6.24.1", "8.5", "8.12.2");
    }

    @Test
    void findsARowByVariantByBodyAndByReference() {
        ServiceRow enable = catalogue.require("7.1");
        assertThat(enable.firstVariant()).isEqualTo(CommandVariant.CV4);
        assertThat(enable.roles()).containsExactly(UserRole.IS);
        assertThat(enable.useCases()).containsExactly("ECS42");
        assertThat(catalogue.byBodyElement("EnableSupply")).contains(enable);
        assertThat(catalogue.byReference("4.1"))
                .extracting(ServiceRow::variant)
                .containsExactly("4.1.1", "4.1.2", "4.1.3", "4.1.4");
        assertThat(catalogue.byReference("99")).isEmpty();
        assertThat(catalogue.byBodyElement("SignedPreCommand")).isEmpty();
    }

    @Test
    void refusesAnUnknownVariantWithAFault() {
        assertThatThrownBy(() -> catalogue.require("6.19"))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-1003"));
    }

    @Test
    void anotherValidTableIsAccepted() {
        assertThat(read(HEADING + "# comment\n\n" + GOOD).rows()).hasSize(1);
    }

    @Test
    void statesFileLineAndColumnOfAWrongRow() {
        assertBroken(HEADING + GOOD + GOOD, "services.tsv:3 variant");
        assertBroken(HEADING + GOOD.replace("\tIS\t", "\tXX\t"), "services.tsv:2 roles");
        assertBroken(HEADING + GOOD.replace("4,5", "1,5"), "services.tsv:2 commandVariants");
        assertBroken(HEADING + GOOD.replace("4,5", "4,9"), "services.tsv:2 commandVariants");
        assertBroken(HEADING + GOOD.replace("\t30\t", "\t-1\t"), "services.tsv:2 target");
        assertBroken(HEADING + GOOD.replace("\tUSER", "\tOTHER"), "services.tsv:2 commander");
        assertBroken(HEADING + GOOD.replace("\tUSER", "\t-"), "services.tsv:2 commander");
        assertBroken(HEADING + GOOD.replace("\tUSER", "\tME"), "services.tsv:2 commander");
        assertBroken(HEADING + GOOD.replace("NONE", "SOMETIMES"), "services.tsv:2 dating");
        assertBroken(HEADING + GOOD.replace("\tyes\tyes", "\tmaybe\tyes"), "services.tsv:2 critical");
        assertBroken(HEADING + GOOD.replace("ECS42", "-"), "services.tsv:2 useCases");
        assertBroken(HEADING + GOOD + GOOD.replace("7.1\t7.1", "7.2\t7.2"), "services.tsv:3 body");
        assertBroken(HEADING + "7.1\t7.1\n", "services.tsv:2 row");
        assertBroken("variant\tname\n", "services.tsv:1 heading");
        assertBroken("", "services.tsv:1 heading");
        assertBroken(HEADING, "services.tsv:1 variant");
    }

    private static void assertBroken(String text, String place) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(PosternException.class, e -> {
            assertThat(e.fault().code()).isEqualTo("PST-1004");
            assertThat(e.fault().field()).isEqualTo(place);
        });
    }

    private static ServiceCatalogue read(String text) {
        return ServiceCatalogue.read("services.tsv", new BufferedReader(new StringReader(text)));
    }
}
