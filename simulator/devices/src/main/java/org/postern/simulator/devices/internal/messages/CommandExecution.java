package org.postern.simulator.devices.internal.messages;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Table;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsDateTime;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.Supplement;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.CommandResult;
import org.postern.simulator.devices.FutureDatedCommand;
import org.postern.simulator.devices.internal.asn1.Asn1Answers;
import org.postern.simulator.devices.internal.prepayment.TopUps;
import org.postern.simulator.devices.internal.schedule.Instruction;
import org.postern.simulator.devices.internal.schedule.ScheduledCommand;
import org.postern.simulator.devices.internal.schedule.SplitCommand;
import org.postern.simulator.devices.internal.security.Certificates;
import org.postern.simulator.devices.internal.state.DeviceState;

/** What a device does with a command: at once or when its time has come, from the message to its protected answer. */
public final class CommandExecution {

    private static final int CLOCK_RELIABLE = 0x00;
    private static final int CLOCK_RELIABLE_FROM_GSME = 0x04;

    private final MessageProtection protection;
    private final ElectricityCommands electricity;
    private final GasCommands gas;
    private final Asn1Answers security;
    private final Clock clock;
    /** Message codes of responses that say when they were made. */
    private final Set<Integer> timed;

    /** @param root that all devices trust */
    public CommandExecution(
            MessageProtection protection,
            SharedSecretCache secrets,
            UseCaseTable useCases,
            X509Certificate root,
            Clock clock) {
        this.protection = protection;
        this.electricity = new ElectricityCommands(useCases, clock);
        this.gas = new GasCommands(useCases, clock);
        this.security = new Asn1Answers(useCases, root, secrets, clock);
        this.clock = clock;
        this.timed = Table.resource(CommandExecution.class, "timed-responses.tsv", "code").rows().stream()
                .map(row -> row.hex("code", 4))
                .collect(Collectors.toSet());
    }

    private record Answer(Payload payload, Optional<ScheduledCommand> later, Optional<TopUps.Verdict> topUp) {}

    /**
     * Carries the command out, or takes it to carry it out later, and answers it; empty where its counter is not above
     * the floor that the device has for the originator.
     *
     * @param fails the device does nothing and answers that it could not
     */
    Optional<CommandResult> carryOut(DeviceState meter, GbcsMessage command, boolean fails) {
        synchronized (meter) {
            long floor = meter.anchors().floorOf(command.header().originator());
            if (floor > 0 && Long.compareUnsigned(command.header().counter(), floor) <= 0) {
                return Optional.empty();
            }
            GroupingHeader answered = header(meter, command);
            Answer answer = answer(meter, command, encryption(meter, command, answered), fails);
            answer.later().ifPresent(later -> later.instructions().forEach(meter.pending()::keep));
            boolean signed = protection.signsResponse(
                    answered.messageCode(), command.signature().isPresent());
            return Optional.of(new CommandResult(
                    protection.protect(meter, answered, answer.payload(), signed),
                    answer.later().map(later -> new Later(meter, later)),
                    answer.topUp().map(CommandExecution::word)));
        }
    }

    private UnaryOperator<Bytes> encryption(DeviceState meter, GbcsMessage command, GroupingHeader answered) {
        return protection.encryption(
                meter,
                answered.supplementaryParty().orElse(answered.target()),
                answered.supplementaryOriginatorCounter().orElse(answered.counter()),
                command.header().supplement().certificate().flatMap(Certificates::read));
    }

    private Answer answer(DeviceState meter, GbcsMessage command, UnaryOperator<Bytes> encrypt, boolean fails) {
        return command.payload()
                .fold(
                        d -> answer(electricity, meter, command, (DlmsPayload.AccessRequest) d, encrypt, fails),
                        g -> answer(gas, meter, command, (GbzPayload.Components) g, encrypt, fails),
                        a -> {
                            Asn1Answers.Answer made = security.answer(meter, command, fails);
                            return new Answer(made.payload(), made.later(), Optional.empty());
                        },
                        o -> {
                            throw new IllegalStateException("a command of an unknown protocol");
                        });
    }

    private static <P extends Payload> Answer answer(
            CommandFamily<P> family,
            DeviceState meter,
            GbcsMessage command,
            P request,
            UnaryOperator<Bytes> encrypt,
            boolean fails) {
        if (fails) {
            return new Answer(family.failure(request), Optional.empty(), Optional.empty());
        }
        GroupingHeader header = command.header();
        Optional<TopUps.Verdict> verdict =
                family.token(request).map(token -> meter.topUps().check(token, OptionalLong.of(header.counter())));
        if (verdict.isPresent() && verdict.get() != TopUps.Verdict.ACCEPTED) {
            return new Answer(family.refusal(request, verdict.get()), Optional.empty(), verdict);
        }
        int code = header.messageCode();
        SplitCommand<P> split =
                family.split(meter, header, request, later -> family.answer(meter, code, later, encrypt));
        return new Answer(family.answer(meter, code, split.now(), encrypt), split.later(), verdict);
    }

    /** To a User whose certificate came with the command, the device answers with a counter of its own. */
    private GroupingHeader header(DeviceState meter, GbcsMessage command) {
        Supplement asked = command.header().supplement();
        GroupingHeader header = asked.certificate().isEmpty()
                ? command.header().response()
                : command.header()
                        .response()
                        .withSupplement(Supplement.of(
                                asked.party().orElseThrow(), asked.counter().orElseThrow(), meter.nextCounter()));
        if (!timed.contains(header.messageCode())) {
            return header;
        }
        DlmsDateTime now = DlmsDateTime.of(clock.instant(), false);
        DeviceType type = meter.device().type();
        return header.withDateTime(
                type == DeviceType.GPF
                        ? now.withClockStatus(CLOCK_RELIABLE)
                        : type == DeviceType.GSME ? now.withClockStatus(CLOCK_RELIABLE_FROM_GSME) : now);
    }

    /** A command that a device will carry out at a later time, with the device. */
    private final class Later implements FutureDatedCommand {

        private final DeviceState meter;
        private final ScheduledCommand command;

        Later(DeviceState meter, ScheduledCommand command) {
            this.meter = meter;
            this.command = command;
        }

        @Override
        public Instant at() {
            return command.at();
        }

        @Override
        public int count() {
            return command.count();
        }

        @Override
        public boolean pending() {
            return command.instructions().stream().anyMatch(meter.pending()::holds);
        }

        @Override
        public Optional<Effect> takeEffect(int i, boolean may) {
            synchronized (meter) {
                Instruction instruction = command.instructions().get(i);
                if (!meter.pending().due(instruction)) {
                    return Optional.empty();
                }
                long counter = meter.nextCounter();
                Instruction.Outcome outcome = instruction.takeEffect(may, clock.instant(), counter);
                GroupingHeader header = GroupingHeader.alert(
                        counter, meter.device().deviceId(), command.recipient(), instruction.alertCode());
                return Optional.of(
                        new Effect(outcome.actioned(), protection.protect(meter, header, outcome.payload(), true)));
            }
        }
    }

    /** A token is keyed in at the meter: it is checked, and where it is right, added to the balance as by a command. */
    String keypad(DeviceState meter, String digits) {
        synchronized (meter) {
            TopUps.Verdict verdict = meter.topUps().check(digits, OptionalLong.empty());
            if (verdict == TopUps.Verdict.ACCEPTED) {
                (meter.zigbee() ? gas : electricity).keyedIn(meter, digits);
            }
            return word(verdict);
        }
    }

    /** How full the collections of each device are. */
    public Stream<CollectionSize> sizes() {
        return Stream.concat(electricity.sizes(), gas.sizes());
    }

    private static String word(TopUps.Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
