package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"queue:postern.reply.crm", "topic:postern.alerts", "file:batch-1.csv-7?format=json"})
    void theTextFormIsReadBackUnchanged(String text) {
        assertThat(ReplyAddress.parse(text))
                .hasValueSatisfying(address -> assertThat(address).hasToString(text));
    }

    @Test
    void aNameWithoutKindIsAQueue() {
        assertThat(ReplyAddress.parse("postern.results"))
                .contains(new ReplyAddress(ReplyAddress.Kind.QUEUE, "postern.results", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file:../etc/users",
                "file:.hidden",
                "file:a/b",
                "queue:two words",
                "x?format=xml",
                "queue:postern.reply.*",
                "queue:postern.reply.#",
                "postern.reply.*?format=json",
                "queue:postern.*.crm",
                "topic:#",
                "queue:postern.reply.a::b",
                "queue:postern.reply.a,postern.reply.b",
                "queue:postern.reply.a\u0001"
            })
    void otherTextsAreNotAddresses(String text) {
        assertThat(ReplyAddress.parse(text)).isEmpty();
    }

    @Test
    void onlyAQueueNamedAsClientsNameThemIsTemporary() {
        String name = "48521c0a-28d4-4a90-973b-a4ad8e8264ef";
        assertThat(ReplyAddress.parse("queue:" + name).orElseThrow().temporary())
                .isTrue();
        assertThat(ReplyAddress.parse("topic:" + name).orElseThrow().temporary())
                .isFalse();
        assertThat(ReplyAddress.parse("queue:postern.reply." + name)
                        .orElseThrow()
                        .temporary())
                .isFalse();
    }

    @Test
    void suppliersMayNameTheirReplyQueuesOnly() {
        assertThat(ReplyAddress.parse("queue:postern.reply.crm").orElseThrow().openToSuppliers())
                .isTrue();
        assertThat(ReplyAddress.parse("queue:48521c0a-28d4-4a90-973b-a4ad8e8264ef")
                        .orElseThrow()
                        .openToSuppliers())
                .isTrue();
        assertThat(ReplyAddress.parse("queue:postern.dead").orElseThrow().openToSuppliers())
                .isFalse();
        assertThat(ReplyAddress.parse("queue:postern.requests").orElseThrow().openToSuppliers())
                .isFalse();
        assertThat(ReplyAddress.parse("queue:postern.work.DISPATCH.BULK")
                        .orElseThrow()
                        .openToSuppliers())
                .isFalse();
        assertThat(ReplyAddress.parse("topic:postern.alerts").orElseThrow().openToSuppliers())
                .isFalse();
    }
}
