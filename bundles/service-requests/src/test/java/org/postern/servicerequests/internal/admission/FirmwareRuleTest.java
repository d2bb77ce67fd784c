package org.postern.servicerequests.internal.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Channel;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.inventory.standalone.InventoryFiles;
import org.postern.ledger.Change;
import org.postern.ledger.NewRequest;
import org.postern.ledger.OpenLedger;
import org.postern.ledger.Origin;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.ledger.Target;
import org.postern.ledger.standalone.LedgerFiles;

/** Firmware activation (DUIS service 11.3) with its hash. */
class FirmwareRuleTest {

    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");
    private static final Eui64 ACB = Eui64.parse("90B3D51F30000002");
    private static final Eui64 METER = Eui64.parse("00DB123456789001");
    private static final byte[] IMAGE = "an image".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private OpenLedger ledger;
    private long counter;

    @BeforeEach
    void open() throws Exception {
        ledger = LedgerFiles.open(folder.resolve("ledger.db"), Clock.systemUTC());
        Files.writeString(
                folder.resolve("devices.csv"),
                "deviceId,deviceType,variant,attributes\n00DB123456789001,ESME,,\n00DB123456789002,GSME,,\n"
                        + "00DB123456789003,,,\n");
        Files.writeString(
                folder.resolve("firmware.csv"), "sha256,deviceType,version\n" + sha256(IMAGE) + ",ESME,1.2.3\n");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private FirmwareRule rule(boolean withList) {
        return new FirmwareRule(
                InventoryFiles.devices(
                        folder.resolve("devices.csv"),
                        withList ? Optional.of(folder.resolve("firmware.csv")) : Optional.empty(),
                        Duration.ofHours(1),
                        Clock.systemUTC()),
                ledger,
                new DuisReader(DuisLimits.DEFAULT));
    }

    private DuisRequest activation(Eui64 device, String hash, String... time) {
        DuisElement leaf = DuisElement.leaf("FirmwareHash", hash);
        return new DuisRequest(
                new RequestId(USER, device, ++counter),
                CommandVariant.CV4,
                "11.3",
                "11.3",
                time.length == 0
                        ? DuisElement.of("ActivateFirmware", leaf)
                        : DuisElement.of("ActivateFirmware", DuisElement.leaf("ExecutionDateTime", time[0]), leaf));
    }

    private String refusal(FirmwareRule rule, DuisRequest request) {
        PosternException e = catchThrowableOfType(PosternException.class, () -> rule.check(request));
        assertThat(e).isNotNull();
        assertThat(e.fault().field()).isEqualTo("Body/ActivateFirmware/FirmwareHash");
        return e.fault().code();
    }

    @Test
    void withoutAListOnlyTheFormOfTheHashMatters() {
        assertThatCode(() -> rule(false).check(activation(METER, "00".repeat(32))))
                .doesNotThrowAnyException();
        assertThat(refusal(rule(false), activation(METER, "00".repeat(31)))).isEqualTo("PST-2160");
        assertThat(refusal(rule(false), activation(METER, "zz".repeat(32)))).isEqualTo("PST-2160");
        assertThat(refusal(rule(false), activation(METER, ""))).isEqualTo("PST-2160");
    }

    @Test
    void withAListTheImageHasToBeOnItAndForTheDevicesType() throws Exception {
        String hash = sha256(IMAGE);
        assertThatCode(() -> rule(true).check(activation(METER, hash.toUpperCase(java.util.Locale.ROOT))))
                .doesNotThrowAnyException();
        assertThat(refusal(rule(true), activation(METER, "00".repeat(32)))).isEqualTo("PST-2161");
        assertThat(refusal(rule(true), activation(Eui64.parse("00DB123456789002"), hash)))
                .isEqualTo("PST-2162");
        assertThat(refusal(rule(true), activation(Eui64.parse("00DB123456789003"), hash)))
                .as("of no known type")
                .isEqualTo("PST-2162");
        assertThat(refusal(rule(true), activation(Eui64.parse("00DB123456789009"), hash)))
                .as("not in the inventory")
                .isEqualTo("PST-2162");
        assertThatCode(() -> rule(true).check(activation(METER, "00".repeat(32), "3000-12-31T00:00:00.00Z")))
                .as("a cancellation")
                .doesNotThrowAnyException();
    }

    private RequestRecord kept(DuisRequest request) {
        String id = ledger.admit(new NewRequest(
                        new Origin(Channel.HTTP, Optional.empty(), Optional.empty(), "", "xml"),
                        new byte[] {1},
                        Optional.of(request.requestId()),
                        new Target(
                                Optional.of(UserRole.IS),
                                Optional.of(request.serviceReferenceVariant()),
                                Optional.of(request.variant()),
                                Optional.of(request.requestId().target())),
                        Lane.BULK,
                        Optional.of(DuisWriter.write(request).toArray()),
                        request.executionDateTime(),
                        Optional.<Instant>empty(),
                        Optional.empty()))
                .id();
        return ledger.find(id).orElseThrow();
    }

    private void distributed(Eui64 user, byte[] image, String version, String devices, boolean success) {
        RequestRecord record = kept(new DuisRequest(
                new RequestId(user, ACB, ++counter),
                CommandVariant.CV8,
                "11.1",
                "11.1",
                DuisElement.of(
                        "UpdateFirmware",
                        DuisElement.leaf("FirmwareImage", Base64.getEncoder().encodeToString(image)),
                        DuisElement.leaf("FirmwareVersion", version),
                        DuisElement.leaf("DeviceIDList", devices))));
        ledger.apply(Change.of(record.id())
                .success(success)
                .to(RequestState.SENT, "")
                .to(success ? RequestState.RESPONDED : RequestState.REFUSED, ""));
    }

    @Test
    void anotherImageThanTheOneLastDistributedToTheDeviceIsRemarkedOn() throws Exception {
        FirmwareRule rule = rule(false);
        String hash = sha256(IMAGE);
        assertThat(rule.remark(activation(METER, hash)))
                .as("nothing was distributed")
                .isEmpty();
        distributed(USER, IMAGE, "00000001", METER.dashed() + " 00-DB-12-34-56-78-90-02", true);
        assertThat(rule.remark(activation(METER, hash))).isEmpty();
        byte[] newer = "a newer image".getBytes(StandardCharsets.UTF_8);
        distributed(USER, newer, "00000002", METER.dashed(), true);
        String newest = sha256(newer);
        assertThat(rule.remark(activation(METER, hash)))
                .hasValueSatisfying(remark ->
                        assertThat(remark).contains("version 00000002").containsIgnoringCase(newest));
        assertThat(rule.remark(activation(METER, sha256(newer)))).isEmpty();
        // refused ones, other suppliers' and other devices' say nothing
        distributed(USER, IMAGE, "00000003", METER.dashed(), false);
        distributed(Eui64.parse("90B3D51F30010009"), IMAGE, "00000004", METER.dashed(), true);
        distributed(USER, IMAGE, "00000005", "00-DB-12-34-56-78-90-02", true);
        assertThat(rule.remark(activation(METER, sha256(newer)))).isEmpty();
        assertThat(rule.remark(activation(METER, hash, "3000-12-31T00:00:00.00Z")))
                .as("a cancellation")
                .isEmpty();
    }
}
