package org.postern.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.catalogue.Channel;
import org.postern.catalogue.InboundIdentity;
import org.postern.ledger.InboundDocument;
import org.postern.ledger.InboundRecord;
import org.postern.ledger.LedgerException;
import org.postern.ledger.NewRequest;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.Target;

/**
 * What every engine must keep to of texts that others chose: refused or cut alike, and never taken for a database away.
 */
abstract class TextContract extends FutureDatedLedgerContract {

    static String[] correlationIdsThatCannotBeHeld() {
        return new String[] {"c".repeat(301), "c\0"};
    }

    @ParameterizedTest
    @MethodSource("correlationIdsThatCannotBeHeld")
    void aCorrelationIdThatCannotBeHeldIsAFaultOfTheRequest(String id) {
        for (Runnable call : new Runnable[] {
            () -> ledger.admit(request(1, id, "a")),
            () -> ledger.admitTopUp(request(1L << 32, id, "a"), false),
            () -> ledger.findByCorrelation(Channel.JMS, id)
        }) {
            assertThatThrownBy(call::run).isInstanceOfSatisfying(LedgerException.class, e -> {
                assertThat(e.kind()).isEqualTo(LedgerException.Kind.NOT_HOLDABLE);
                assertThat(e.fault().field()).isEqualTo("correlation id");
                assertThat(e.fault().mayPass()).isFalse();
            });
        }
    }

    @Test
    void theLongestCorrelationIdIsStoredAndFound() {
        String id = "\u00e9".repeat(300);
        String request = ledger.admit(request(1, id, "a")).id();
        assertThat(ledger.findByCorrelation(Channel.JMS, id))
                .map(RequestRecord::id)
                .contains(request);
    }

    @Test
    void informationalTextsAreTruncatedAndRefusalsAreStored() {
        NewRequest plain = request(1, null, "a");
        String principal = "file:" + "n".repeat(250);
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.FILE, Optional.empty(), Optional.empty(), principal, "json"),
                        plain.original(),
                        Optional.empty(),
                        new Target(
                                Optional.empty(),
                                Optional.of("4.1.1" + "1".repeat(30)),
                                Optional.empty(),
                                Optional.empty()),
                        plain.lane(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("PST-1003 service: no such service \0" + "x".repeat(3000)),
                        Optional.empty()))
                .id();
        RequestRecord found = ledger.find(id).orElseThrow();
        assertThat(found.origin().principal()).isEqualTo(principal.substring(0, 200));
        assertThat(found.target().service()).contains("4.1.1" + "1".repeat(15));
        assertThat(found.progress().cause()).hasSize(2000).startsWith("PST-1003 service: no such service \uFFFDxxx");
    }

    @Test
    void aReceivedDocumentIsStoredWhateverItsLabels() {
        String id = ledger.store(new InboundDocument(
                        new InboundIdentity("long labels"),
                        Optional.empty(),
                        "K".repeat(100),
                        "E" + "9".repeat(40),
                        bytes("body"),
                        NOW,
                        "CN=" + "s".repeat(400)))
                .id();
        InboundRecord found = ledger.inbound(id).orElseThrow();
        assertThat(found.kind()).isEqualTo("K".repeat(80));
        assertThat(found.responseCode()).isEqualTo("E" + "9".repeat(19));
        assertThat(found.signer()).hasSize(300);
    }
}
