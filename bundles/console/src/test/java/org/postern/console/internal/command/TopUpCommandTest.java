package org.postern.console.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;
import org.postern.ledger.LedgerException;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.KeyAliases;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpDigits;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.UserRoleProfile;
import org.postern.servicerequests.UserRoles;

/** {@code dcc:top-up}, {@code dcc:counters}, {@code dcc:raise-counter}. */
class TopUpCommandTest {

    private static final Eui64 METER = Eui64.parse("00DB1234567890A0");
    private static final Eui64 USER = Eui64.parse("90B3D51F30010000");

    private final Map<Class<?>, Object> services = new HashMap<>();
    private final Services here = new Services() {
        @Override
        public <T> Optional<T> find(Class<T> type) {
            return Optional.ofNullable(type.cast(services.get(type)));
        }
    };
    private final List<TopUpOrder> orders = new ArrayList<>();
    private final List<SecurityEvent> logged = new ArrayList<>();
    private final List<String> raised = new ArrayList<>();
    private long last = 41L << 32;
    private Admission answer = new Admission.Accepted(
            "r-1",
            USER.dashed() + ":" + METER.dashed() + ":4294967296",
            false,
            Optional.of(new TopUpDigits("73946144332040217315")));
    private String output = "";

    @BeforeEach
    void services() {
        provide(TopUps.class, Map.of("topUp", a -> {
            orders.add((TopUpOrder) a[0]);
            return answer;
        }));
        provide(SecurityLog.class, Map.of("append", a -> {
            logged.add((SecurityEvent) a[0]);
            return 1L;
        }));
        provide(
                DeviceInventory.class,
                Map.of(
                        "find",
                        a -> a[0].equals(METER)
                                ? Optional.of(DeviceFacts.of(METER, DeviceType.ESME))
                                : Optional.empty()));
        provide(
                UserRoles.class,
                Map.of(
                        "all",
                        a -> List.of(new UserRoles.Status(
                                UserRole.IS,
                                "supplier",
                                true,
                                "",
                                Optional.of(new UserRoleProfile(
                                        UserRole.IS,
                                        USER,
                                        Set.of(),
                                        new KeyAliases("x", Optional.empty(), Optional.empty(), Optional.empty()),
                                        "q"))))));
        Counters counters = proxy(
                Counters.class,
                Map.of(
                        "highest",
                        a -> 5000L,
                        "highestPrepayment",
                        a -> last,
                        "raise",
                        a -> raised.add(a[0] + " " + a[1]),
                        "raisePrepayment",
                        a -> {
                            raised.add(a[0] + " " + a[1] + " " + a[2]);
                            last = (long) a[2];
                            return null;
                        }));
        provide(Ledger.class, Map.of("counters", a -> counters));
    }

    private <T> void provide(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        services.put(type, proxy(type, answers));
    }

    private static <T> T proxy(Class<T> type, Map<String, Function<Object[], Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object given = answers.get(method.getName()).apply(arguments);
                    return method.getReturnType() == void.class ? null : given;
                }));
    }

    private String print(PosternCommand command, boolean json) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            command.in(here, new PrintStream(bytes, true, StandardCharsets.UTF_8), json)
                    .execute();
        } finally {
            output = bytes.toString(StandardCharsets.UTF_8);
        }
        return output;
    }

    private Fault fault(PosternCommand command) {
        return catchThrowableOfType(PosternException.class, () -> print(command, false))
                .fault();
    }

    private static TopUpCommand topUp(String device, String amount) {
        TopUpCommand command = new TopUpCommand();
        command.device = device;
        command.amount = amount;
        return command;
    }

    @Test
    void theDigitsAreShownInFoursWithTheIdsAndWhatWillHappen() throws Exception {
        TopUpCommand command = topUp(METER.hex(), "12.50");
        command.correlation = "till-7";
        assertThat(print(command, false))
                .contains("7394 6144 3320 4021 7315", "r-1", "4294967296", "key the digits in now", "dcc:show r-1");
        assertThat(orders).singleElement().satisfies(order -> {
            assertThat(order.by()).isEqualTo("IS");
            assertThat(order.meter()).isEqualTo(METER);
            assertThat(order.amount()).isEqualTo(new TopUpAmount(TopUpAmount.Unit.PENCE, 1250));
            assertThat(order.channel()).isEqualTo(Channel.CONSOLE);
            assertThat(order.correlationId()).contains("till-7");
            assertThat(order.replyTo()).isEmpty();
        });
        assertThat(logged).extracting(SecurityEvent::id).containsExactly("SL-303");
        assertThat(print(topUp(METER.hex(), "12.50"), true))
                .contains("\"utrn\":\"73946144332040217315\"", "\"id\":\"r-1\"", "\"again\":false");
    }

    @Test
    void unitsAndRoleMayBeGiven() throws Exception {
        TopUpCommand command = topUp("00-DB-12-34-56-78-90-A9", "20");
        command.pounds = true;
        command.role = "GS";
        print(command, false);
        TopUpCommand small = topUp(METER.hex(), "7");
        small.pence = true;
        print(small, false);
        assertThat(orders)
                .extracting(TopUpOrder::amount)
                .containsExactly(
                        new TopUpAmount(TopUpAmount.Unit.POUNDS, 20), new TopUpAmount(TopUpAmount.Unit.PENCE, 7));
        assertThat(orders.get(0).by()).isEqualTo("GS");
    }

    @Test
    void whatIsWrongIsNamedBeforeAnythingIsDone() {
        assertThat(fault(topUp("00-DB-12-34-56-78-90-A9", "20")).field()).isEqualTo("--role");
        assertThat(fault(topUp(METER.hex(), "100.50")).code()).isEqualTo("PST-2250");
        assertThat(fault(topUp("meter", "5")).code()).isEqualTo("PST-1001");
        TopUpCommand both = topUp(METER.hex(), "5");
        both.pence = true;
        both.pounds = true;
        assertThat(fault(both).code()).isEqualTo("PST-7091");
        assertThat(orders).isEmpty();
        assertThat(logged).isEmpty();
    }

    @Test
    void aRefusalFailsTheCommandAndSaysWhetherToTryAgain() {
        answer = Admission.Refused.temporary(LedgerException.Kind.UNAVAILABLE.fault("ledger", "c"));
        assertThat(fault(topUp(METER.hex(), "5")).code()).isEqualTo("PST-6001");
        assertThat(output).contains("PST-6001").containsPattern("worthRepeating +true");
        assertThat(output)
                .contains("Repeat the command with --correlation-id "
                        + orders.get(0).correlationId().orElseThrow());
        assertThat(fault(topUp(METER.hex(), "5")).code()).isEqualTo("PST-6001");
        assertThat(orders.get(1).correlationId())
                .as("each command is a top-up of its own")
                .isNotEqualTo(orders.get(0).correlationId());
    }

    @Test
    void countersAreShownForUsersAndForAMeter() throws Exception {
        assertThat(print(new CountersCommand(), false)).contains("IS", USER.dashed(), "5000");
        CountersCommand meter = new CountersCommand();
        meter.device = METER.hex();
        meter.role = USER.hex();
        assertThat(print(meter, true)).contains("\"last top-up counter\":" + (41L << 32), "\"n\":41");
        CountersCommand nobody = new CountersCommand();
        nobody.role = "GS";
        assertThat(fault(nobody).code()).isEqualTo("PST-7091");
    }

    private static RaiseCounterCommand raise(String floor, String device) {
        RaiseCounterCommand command = new RaiseCounterCommand();
        command.role = "is";
        command.floor = floor;
        command.device = device;
        return command;
    }

    @Test
    void raisingIsOnRecordAndAJumpBeyondTenBitsIsToldOf() throws Exception {
        assertThat(print(raise("9000", null), false)).contains("5000");
        assertThat(print(raise(Long.toString(60L << 32), METER.hex()), false))
                .contains(Long.toString(60L << 32))
                .doesNotContain("jumps");
        assertThat(print(raise(Long.toString(1084L << 32), METER.hex()), false)).contains("jumps", "keyed in");
        assertThat(raised)
                .containsExactly(
                        USER + " 9000",
                        USER + " " + METER + " " + (60L << 32),
                        USER + " " + METER + " " + (1084L << 32));
        assertThat(logged).hasSize(3).allSatisfy(event -> {
            assertThat(event.id()).isEqualTo("SL-404");
            assertThat(event.object()).startsWith(USER.dashed());
        });
    }

    @Test
    void aFloorThatIsNoCounterIsRefusedAndChangesNothing() {
        for (String floor : List.of("0", "-1", "many", "9223372036854775808")) {
            assertThat(fault(raise(floor, null)).field()).isEqualTo("FLOOR");
        }
        assertThat(fault(raise("41", METER.hex())).action()).contains("multiply");
        assertThat(raised).isEmpty();
        assertThat(logged).isEmpty();
    }
}
