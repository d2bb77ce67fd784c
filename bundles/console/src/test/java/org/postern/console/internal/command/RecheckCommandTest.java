package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Lane;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.console.internal.Services;
import org.postern.inventory.DeviceFacts;
import org.postern.ledger.Evidence;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestDocuments;
import org.postern.ledger.RequestRecord;
import org.postern.ledger.RequestState;
import org.postern.testkit.Rtds;

class RecheckCommandTest {

    private static final Instant THEN = Instant.parse("2015-01-01T00:00:00Z");

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** A ledger that holds one correlated request. */
    private static Ledger ledger(byte[] document, byte[] preCommand, Evidence evidence) {
        RequestRecord record = new RequestRecord("r-1", Optional.of("x"), "http", Optional.empty(), Optional.empty(), "", "xml", Optional.of(UserRole.IS),
                Optional.of("7.1"), Optional.of(CommandVariant.CV4), Optional.empty(), Lane.PREPAYMENT, RequestState.SENT, "", Optional.empty(),
                Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty(), Optional.empty(), 0, THEN, THEN);
        return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (p, method, a) -> switch (method.getName()) {
            case "find" -> Optional.of(record);
            case "evidence" -> Optional.of(evidence);
            case "documents" -> Optional.of(new RequestDocuments(document, Optional.of(document), Optional.empty(), Optional.empty(),
                    Optional.of(preCommand), Optional.empty()));
            default -> throw new AssertionError(method.getName());
        });
    }

    private static String run(Ledger ledger) throws Exception {
        Services here = new Services() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                return Optional.of(type.cast(ledger));
            }
        };
        RecheckCommand command = new RecheckCommand();
        command.id = "r-1";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        command.in(here, new PrintStream(out, true, StandardCharsets.UTF_8), true).execute();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStoredCorrelationIsRepeatedAndAChangedPreCommandContradictsIt() throws Exception {
        Rtds rtds = Rtds.required();
        Path hex = rtds.messages("7.1_ECS42").stream().filter(f -> f.getFileName().toString().contains("PRECOMMAND")).findFirst().orElseThrow();
        String name = hex.getFileName().toString().replace("_PRECOMMAND_GBCS.HEX", "");
        byte[] document = read(rtds.requests().stream().filter(f -> f.getFileName().toString().startsWith(name + "_")).findFirst().orElseThrow());
        byte[] preCommand = Rtds.hex(hex);
        Evidence good = new Evidence("identical", "of the day", "{\"deviceId\":\"00DB1234567890A0\",\"deviceType\":\"ESME\",\"variant\":\"SINGLE\","
                + "\"attributes\":{}}", THEN, sha256(document), sha256(preCommand), "[]", Optional.of(new byte[64]));
        assertThat(run(ledger(document, preCommand, good))).contains("\"verdict\":\"identical\"", "\"agrees\":true");
        byte[] altered = preCommand.clone();
        altered[altered.length - 1] ^= 1;
        assertThatThrownBy(() -> run(ledger(document, altered, good))).isInstanceOf(PosternException.class).hasMessageStartingWith("PST-7093")
                .hasMessageContaining("verdict of the day was identical").hasMessageContaining("Pre-Command is not the one");
    }

    @Test
    void deviceFactsAreReadAsTheLifeCycleWritesThem() {
        assertThat(RecheckCommand.facts("{\"deviceId\":\"00DB1234567890A0\",\"deviceType\":\"GPF\",\"variant\":\"TWIN\",\"attributes\":{\"target\":\"GSME\"}}"))
                .isEqualTo(new DeviceFacts(Eui64.parse("00DB1234567890A0"), Optional.of(DeviceType.GPF), DeviceFacts.Variant.TWIN, Map.of("target", "GSME")));
        assertThat(RecheckCommand.facts("{\"deviceId\":\"00DB1234567890A0\",\"deviceType\":\"\",\"variant\":\"SINGLE\",\"attributes\":{}}"))
                .isEqualTo(DeviceFacts.unknown(Eui64.parse("00DB1234567890A0")));
        for (String bad : new String[] {"", "{}", "[", "{\"deviceId\":\"00DB1234567890A0\",\"deviceType\":\"TOASTER\"}"}) {
            assertThatThrownBy(() -> RecheckCommand.facts(bad)).isInstanceOf(PosternException.class);
        }
    }
}
