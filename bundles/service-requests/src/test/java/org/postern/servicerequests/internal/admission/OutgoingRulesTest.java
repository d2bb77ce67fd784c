package org.postern.servicerequests.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisFault;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.inventory.FirmwareList;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.testkitservices.ForwardingLedger;

/** What is held against our own document before it is on disk, and in which order. */
class OutgoingRulesTest {

    private static final RequestId ID = RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:7");
    private static final String LISTED = "AB".repeat(32);

    @TempDir
    Path folder;

    private final List<String> validated = new ArrayList<>();
    private PosternException schemaRefusal;
    private RuntimeException ledgerFailure =
            new LedgerException(LedgerException.Kind.UNAVAILABLE, "ledger", "on disk first", "disk full", "make room");

    private OutgoingRules rules(DuisLimits limits) {
        DeviceInventory inventory = new DeviceInventory() {
            @Override
            public Optional<DeviceFacts> find(Eui64 deviceId) {
                return Optional.of(DeviceFacts.of(ID.target(), DeviceType.ESME));
            }

            @Override
            public int size() {
                return 1;
            }

            @Override
            public Optional<FirmwareList> firmware() {
                return Optional.of(listed());
            }
        };
        Ledger ledger = new ForwardingLedger() {
            @Override
            protected void before(String method, Object... arguments) {
                throw ledgerFailure;
            }
        };
        return new OutgoingRules(limits, new FirmwareRule(inventory, ledger, new DuisReader(limits)), document -> {
            validated.add(new String(document, StandardCharsets.UTF_8));
            if (schemaRefusal != null) {
                throw schemaRefusal;
            }
        });
    }

    private FirmwareList listed() {
        try {
            return FirmwareList.read(Files.writeString(
                    folder.resolve("firmware.csv"), "sha256,deviceType,version\n" + LISTED + ",ESME,1\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DuisRequest activation(String hash) {
        return new DuisRequest(
                ID,
                CommandVariant.CV4,
                "11.3",
                "11.3",
                DuisElement.of("ActivateFirmware", DuisElement.leaf("FirmwareHash", hash)));
    }

    private static DuisRequest reading(String text) {
        return new DuisRequest(
                ID, CommandVariant.CV1, "4.1", "4.1.1", DuisElement.leaf("ReadInstantaneousImportRegisters", text));
    }

    private void refused(String code, DuisLimits limits, DuisRequest request) {
        assertThatThrownBy(() -> rules(limits).document(request))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo(code));
    }

    @Test
    void theFirmwareRuleHoldsForEveryActivationBeforeTheSchemaSeesIt() {
        refused("PST-2161", DuisLimits.DEFAULT, activation("CD".repeat(32)));
        refused("PST-2160", DuisLimits.DEFAULT, activation("CD"));
        assertThat(validated).isEmpty();
        assertThat(rules(DuisLimits.DEFAULT).document(activation(LISTED))).isNotEmpty();
        assertThat(validated)
                .singleElement()
                .satisfies(document -> assertThat(document).contains(LISTED));
    }

    @Test
    void whatTheSchemaRefusesIsRefused() {
        schemaRefusal = new PosternException(DuisFault.SCHEMA_INVALID.fault("Body", "not so"));
        refused("PST-1030", DuisLimits.DEFAULT, reading(""));
    }

    // its form was small enough, and the document that is made of it is not: it would wait for its first step for ever
    @Test
    void aDocumentThatNoLaterStepCouldReadIsRefused() {
        DuisLimits limits = DuisLimits.DEFAULT.withMaxBytes(700);
        assertThat(rules(limits).document(reading("short"))).hasSizeLessThan(700);
        refused("PST-1010", limits, reading("long".repeat(100)));
        refused("PST-1018", limits, reading("\u0001"));
        assertThat(validated).hasSize(1);
    }

    @Test
    void aRemarkThatCannotBeMadeIsNone() {
        assertThat(rules(DuisLimits.DEFAULT).remark(activation(LISTED))).isEmpty();
        // an image of an earlier request that is no Base64
        ledgerFailure = new IllegalArgumentException("Input byte array has wrong 4-byte ending unit");
        assertThat(rules(DuisLimits.DEFAULT).remark(activation(LISTED))).isEmpty();
        assertThat(rules(DuisLimits.DEFAULT).remark(reading(""))).isEmpty();
    }
}
