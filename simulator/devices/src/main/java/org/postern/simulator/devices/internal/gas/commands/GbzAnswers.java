package org.postern.simulator.devices.internal.gas.commands;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsRefusal;
import org.postern.gbcs.GbzPayload;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;
import org.postern.gbcs.ZclFields;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.internal.gas.GasRead;
import org.postern.simulator.devices.internal.gas.GasState;
import org.postern.simulator.devices.internal.gas.ZigbeeValues;
import org.postern.simulator.devices.internal.gas.commands.ZigbeeCall.Outcome;
import org.postern.simulator.devices.internal.state.DeviceState;

/**
 * What a gas meter or its proxy answers, component by component: attributes; commands with what was asked for, several
 * to one component where there is more; else a default response. The frame and whether a component is encrypted stand
 * in the use-case table; every answer has the sequence number of what it answers.
 */
public final class GbzAnswers {

    private static final int READ_ATTRIBUTES = 0x00;
    private static final int READ_ATTRIBUTES_RESPONSE = 0x01;
    private static final int DEFAULT_RESPONSE = 0x0B;
    private static final int ATTRIBUTES_FRAME = 0x08;
    private static final int COMMAND_FRAME = 0x19;
    /** Clusters that the meter serves; of all others it is the client, to which things are published. */
    private static final List<Integer> SERVES = List.of(0x0702, 0x0705);

    private final UseCaseTable useCases;
    private final Clock clock;
    private final ZclFields fields = ZclFields.load();
    private final ZigbeeValues values = new ZigbeeValues();
    private final ZigbeeReads reads = new ZigbeeReads(values);
    private final ZigbeeWrites writes = new ZigbeeWrites(values);
    private final GasState.Beginning beginning = GasState.Beginning.load(values.thresholds(), values.terms());
    private final Map<Integer, GasState> states = new ConcurrentHashMap<>();

    public GbzAnswers(UseCaseTable useCases, Clock clock) {
        this.useCases = useCases;
        this.clock = clock;
    }

    public GbzPayload.Components answer(
            DeviceState meter, int messageCode, GbzPayload.Components request, UnaryOperator<Bytes> encrypt) {
        List<UseCaseTable.GbzItem> rows =
                useCases.find(messageCode).map(u -> u.gbz(MessageKind.RESPONSE)).orElse(List.of());
        GasState state = states.computeIfAbsent(meter.device().premises(), p -> new GasState(meter, beginning));
        Answer answer = new Answer(rows, encrypt);
        synchronized (state) {
            GasRead read = new GasRead(meter, state, clock.instant());
            state.bringUp(read.now());
            List<ZigbeeCall> calls = new ArrayList<>();
            for (GbzPayload.Component asked : request.components()) {
                GbzPayload.ZclFrame frame = asked.frame();
                if (!frame.clusterSpecific() && frame.command() == READ_ATTRIBUTES) {
                    answer.add(
                            asked,
                            ATTRIBUTES_FRAME,
                            READ_ATTRIBUTES_RESPONSE,
                            values.read(read, asked.cluster(), asked.payload()));
                } else {
                    command(read, asked, answer, calls);
                }
            }
            writes.calendars(read, calls);
            state.bringUp(read.now());
        }
        return GbzPayload.components(answer.components);
    }

    /** How full the collections of each home's gas meter are. */
    public Stream<CollectionSize> sizes() {
        return states.values().stream().flatMap(state -> {
            synchronized (state) {
                return state.sizes().stream();
            }
        });
    }

    private void command(GasRead read, GbzPayload.Component asked, Answer answer, List<ZigbeeCall> calls) {
        List<Sent> sent = new ArrayList<>();
        int status;
        try {
            ZigbeeCall call = new ZigbeeCall(
                    asked.cluster(),
                    asked.frame().command(),
                    asked.frame().fromServer(),
                    fields.fields(asked.cluster(), asked.frame(), asked.payload()),
                    asked.fromDate());
            Outcome outcome = reads.outcome(read, call).orElseGet(() -> writes.outcome(read, call));
            calls.add(call);
            status = outcome.status();
            for (ZigbeeCall.Reply reply : outcome.replies()) {
                int frame = answer.row(asked.cluster(), reply.command(), true)
                        .map(UseCaseTable.GbzItem::frame)
                        .orElse(COMMAND_FRAME);
                sent.add(new Sent(
                        frame,
                        reply.command(),
                        fields.payload(
                                asked.cluster(),
                                new GbzPayload.ZclFrame(frame, asked.frame().sequence(), reply.command()),
                                reply.fields())));
            }
        } catch (GbcsRefusal | NoSuchElementException otherForm) {
            sent.clear();
            status = Outcome.FAILURE;
        }
        if (sent.isEmpty()) {
            answer.standard(asked, status);
        }
        sent.forEach(s -> answer.add(asked, s.frame(), s.command(), s.payload()));
    }

    private record Sent(int frame, int command, Bytes payload) {}

    /** Components of one answer. */
    private static final class Answer {

        private final List<UseCaseTable.GbzItem> rows;
        private final UnaryOperator<Bytes> encrypt;
        private final List<GbzPayload.Component> components = new ArrayList<>();
        private int encrypted;

        Answer(List<UseCaseTable.GbzItem> rows, UnaryOperator<Bytes> encrypt) {
            this.rows = rows;
            this.encrypt = encrypt;
        }

        /** The table's row for that command of the answer. */
        Optional<UseCaseTable.GbzItem> row(int cluster, int command, boolean clusterSpecific) {
            return rows.stream()
                    .filter(r -> r.cluster() == cluster
                            && r.command() == command
                            && (r.frame() & 0x03) == (clusterSpecific ? 1 : 0))
                    .findFirst();
        }

        /** An answer in the frame that the table gives, else in that one. */
        void add(GbzPayload.Component asked, int frame, int command, Bytes payload) {
            Optional<UseCaseTable.GbzItem> row = row(asked.cluster(), command, (frame & 0x03) == 1);
            GbzPayload.ZclFrame header = new GbzPayload.ZclFrame(
                    row.map(UseCaseTable.GbzItem::frame).orElse(frame),
                    asked.frame().sequence(),
                    command);
            components.add(
                    row.filter(UseCaseTable.GbzItem::encrypted).isPresent()
                            ? GbzPayload.Component.encrypted(
                                    asked.cluster(), encrypted++, header, encrypt.apply(payload))
                            : GbzPayload.Component.of(asked.cluster(), header, payload));
        }

        /** A default response: which command, and how it went. */
        void standard(GbzPayload.Component asked, int status) {
            int frame = row(asked.cluster(), DEFAULT_RESPONSE, false)
                    .map(UseCaseTable.GbzItem::frame)
                    .orElse(SERVES.contains(asked.cluster()) ? ATTRIBUTES_FRAME : 0);
            components.add(GbzPayload.Component.of(
                    asked.cluster(),
                    new GbzPayload.ZclFrame(frame, asked.frame().sequence(), DEFAULT_RESPONSE),
                    Bytes.of(new byte[] {(byte) asked.frame().command(), (byte) status})));
        }
    }
}
