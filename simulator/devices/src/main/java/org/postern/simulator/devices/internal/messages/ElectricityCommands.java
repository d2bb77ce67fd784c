package org.postern.simulator.devices.internal.messages;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.internal.electricity.commands.DlmsAnswers;
import org.postern.simulator.devices.internal.electricity.commands.DlmsChanges;
import org.postern.simulator.devices.internal.prepayment.TopUps;
import org.postern.simulator.devices.internal.schedule.SplitCommand;
import org.postern.simulator.devices.internal.state.DeviceState;

/** DLMS/COSEM commands: of electricity meters, hubs and whatever else is no gas device. */
final class ElectricityCommands implements CommandFamily<DlmsPayload.AccessRequest> {

    private final DlmsAnswers answers;
    private final DlmsChanges changes = new DlmsChanges();

    ElectricityCommands(UseCaseTable useCases, Clock clock) {
        this.answers = new DlmsAnswers(useCases, clock);
    }

    @Override
    public Payload failure(DlmsPayload.AccessRequest request) {
        return Failures.dlms(request);
    }

    @Override
    public Optional<String> token(DlmsPayload.AccessRequest request) {
        return TopUpAnswers.token(request);
    }

    @Override
    public Payload refusal(DlmsPayload.AccessRequest request, TopUps.Verdict verdict) {
        return TopUpAnswers.refusal(request, verdict);
    }

    @Override
    public SplitCommand<DlmsPayload.AccessRequest> split(
            DeviceState meter,
            GroupingHeader header,
            DlmsPayload.AccessRequest request,
            Consumer<DlmsPayload.AccessRequest> apply) {
        return changes.split(meter.pending(), header, request, apply);
    }

    @Override
    public Payload answer(
            DeviceState meter, int messageCode, DlmsPayload.AccessRequest request, UnaryOperator<Bytes> encrypt) {
        return answers.answer(meter, messageCode, request, encrypt);
    }

    @Override
    public Stream<CollectionSize> sizes() {
        return answers.sizes();
    }

    @Override
    public void keyedIn(DeviceState meter, String digits) {
        answers.answer(meter, TopUpAnswers.CODE, TopUpAnswers.electricity(digits), plain -> plain);
    }
}
