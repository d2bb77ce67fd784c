package org.postern.console.internal.command;

import static org.postern.console.internal.CommandOutput.row;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.console.internal.CommandOutput;
import org.postern.console.internal.ConsoleFault;
import org.postern.console.internal.PosternCommand;
import org.postern.console.internal.Services;
import org.postern.inventory.DeviceFacts;
import org.postern.inventory.DeviceInventory;
import org.postern.securitylogging.Outcome;
import org.postern.securitylogging.SecurityEvent;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.TopUpAmount;
import org.postern.servicerequests.TopUpOrder;
import org.postern.servicerequests.TopUps;

/**
 * {@code dcc:top-up DEVICE AMOUNT}: prints the twenty digits at once, whether or not the DCC can be reached; the
 * request 2.2 is sent automatically.
 */
@Service
@Command(
        scope = "dcc",
        name = "top-up",
        description =
                "Top a prepayment meter up: prints the 20 digits at once, and sends them as soon as the DCC can be reached")
public final class TopUpCommand extends PosternCommand {

    private static final Map<DeviceType, UserRole> SUPPLIERS =
            Map.of(DeviceType.ESME, UserRole.IS, DeviceType.GSME, UserRole.GS);

    @Argument(index = 0, name = "DEVICE", description = "Device ID of the meter", required = true)
    @Completion(DeviceCompleter.class)
    String device;

    @Argument(index = 1, name = "AMOUNT", description = "Pounds and pence such as 12.50", required = true)
    String amount;

    @Option(name = "--pence", description = "AMOUNT is in whole pence, 1 to 8191")
    boolean pence;

    @Option(name = "--pounds", description = "AMOUNT is in whole pounds, 1 to 8191")
    boolean pounds;

    @Option(
            name = "--role",
            description =
                    "User Role or User ID; by default that of the meter's supplier, if the inventory lists the meter")
    @Completion(RoleCompleter.class)
    String role;

    @Option(
            name = "--correlation-id",
            aliases = "--correlation",
            description = "Your own id: repeated with the same amount it is the same top-up and shows the same digits")
    String correlation;

    @Override
    protected void run(Services here, CommandOutput output) {
        if (pence && pounds) {
            throw new PosternException(ConsoleFault.ARGUMENT.fault(
                    "--pence", "one of --pence and --pounds", "both", "give one, or neither"));
        }
        Eui64 meter = Eui64.parse(device);
        TopUpAmount value =
                pence ? TopUpAmount.pence(amount) : pounds ? TopUpAmount.pounds(amount) : TopUpAmount.of(amount);
        // always an id, so that a command whose outcome is not known can be repeated without a second credit
        String id = correlation == null ? "console-" + UUID.randomUUID() : correlation;
        TopUpOrder order = new TopUpOrder(
                Channel.CONSOLE,
                role == null ? supplier(here, meter) : role,
                meter,
                value,
                Optional.empty(),
                Optional.of(id),
                user());
        here.need(SecurityLog.class).append(new SecurityEvent.CommandGiven(user(), "dcc:top-up", Outcome.DONE));
        Optional<Fault> refused = here.need(TopUps.class)
                .topUp(order)
                .fold(
                        accepted -> {
                            show(accepted, id, output);
                            return Optional.empty();
                        },
                        refusal -> {
                            output.part(
                                    "refused",
                                    row(
                                            "id",
                                            refusal.id(),
                                            "refused",
                                            refusal.fault().code(),
                                            "fault",
                                            output.forScripts(refusal.fault()),
                                            "worthRepeating",
                                            refusal.worthRepeating(),
                                            "correlation",
                                            id));
                            if (refusal.worthRepeating()) {
                                output.remark("Repeat the command with --correlation-id " + id
                                        + ": whether or not this one was carried out, it is one top-up.");
                            }
                            return Optional.of(refusal.fault());
                        });
        output.end();
        if (refused.isPresent()) {
            throw new PosternException(refused.get());
        }
    }

    private static void show(Admission.Accepted accepted, String correlation, CommandOutput output) {
        Optional<String> digits = accepted.token().map(token -> token.value());
        output.part(
                "token",
                row(
                        "utrn",
                        digits,
                        "digits",
                        accepted.token().map(token -> token.grouped()),
                        "id",
                        accepted.id(),
                        "requestId",
                        accepted.requestId(),
                        "again",
                        accepted.repeated(),
                        "correlation",
                        correlation));
        output.remark(
                "The customer can key the digits in now. The request 2.2 takes them to the meter as soon as the DCC accepts it, even if");
        output.remark("that is hours from now; the second of the two has no effect. See dcc:show " + accepted.id()
                + " for its state.");
    }

    private static String supplier(Services here, Eui64 meter) {
        return here.find(DeviceInventory.class)
                .flatMap(inventory -> inventory.find(meter))
                .flatMap(DeviceFacts::deviceType)
                .map(SUPPLIERS::get)
                .map(Enum::name)
                .orElseThrow(() -> new PosternException(ConsoleFault.ARGUMENT.fault(
                        "--role",
                        "the supplier's User Role",
                        "not given, and the inventory does not list the device as a meter",
                        "add --role IS or --role GS")));
    }
}
