package org.postern.simulator.devices.internal.messages;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.internal.gas.commands.GbzAnswers;
import org.postern.simulator.devices.internal.gas.commands.GbzChanges;
import org.postern.simulator.devices.internal.prepayment.TopUps;
import org.postern.simulator.devices.internal.schedule.SplitCommand;
import org.postern.simulator.devices.internal.state.DeviceState;

/** ZigBee commands: of gas meters and their proxies. */
final class GasCommands implements CommandFamily<GbzPayload.Components> {

    private final GbzAnswers answers;
    private final GbzChanges changes = new GbzChanges();

    GasCommands(UseCaseTable useCases, Clock clock) {
        this.answers = new GbzAnswers(useCases, clock);
    }

    @Override
    public Payload failure(GbzPayload.Components request) {
        return Failures.gbz(request);
    }

    @Override
    public Optional<String> token(GbzPayload.Components request) {
        return TopUpAnswers.token(request);
    }

    @Override
    public Payload refusal(GbzPayload.Components request, TopUps.Verdict verdict) {
        return TopUpAnswers.refusal(request, verdict);
    }

    @Override
    public SplitCommand<GbzPayload.Components> split(
            DeviceState meter,
            GroupingHeader header,
            GbzPayload.Components request,
            Consumer<GbzPayload.Components> apply) {
        return changes.split(meter.pending(), header, request, apply);
    }

    @Override
    public Payload answer(
            DeviceState meter, int messageCode, GbzPayload.Components request, UnaryOperator<Bytes> encrypt) {
        return answers.answer(meter, messageCode, request, encrypt);
    }

    @Override
    public Stream<CollectionSize> sizes() {
        return answers.sizes();
    }

    @Override
    public void keyedIn(DeviceState meter, String digits) {
        answers.answer(meter, TopUpAnswers.CODE_GAS, TopUpAnswers.gas(digits), plain -> plain);
    }
}
