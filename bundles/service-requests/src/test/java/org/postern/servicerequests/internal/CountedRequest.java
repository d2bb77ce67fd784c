package org.postern.servicerequests.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.postern.catalogue.Channel;
import org.postern.catalogue.DeviceType;
import org.postern.ledger.RequestState;
import org.postern.servicerequests.Admission;
import org.postern.servicerequests.Submission;

/**
 * Sends requests through the whole line, one after the other, after a first one that has made the counters and caches
 * what they are later.
 */
public final class CountedRequest implements BiConsumer<Path, String> {

    /**
     * A callback may arrive before the DCC's acknowledgement, which needs more operations: the test uses the minimum.
     */
    private static final int REQUESTS = 3;

    private final Runnable begins;
    private final Runnable ended;

    /** Called before a counted request is submitted, and after it has been completed. */
    public CountedRequest(Runnable begins, Runnable ended) {
        this.begins = begins;
        this.ended = ended;
    }

    @Override
    public void accept(Path folder, String service) {
        try (FullLifeCycle line = new FullLifeCycle(folder, FullLifeCycle.pki(folder.resolve("pki")))) {
            delivered(line, service, "first");
            for (int i = 0; i < REQUESTS; i++) {
                begins.run();
                delivered(line, service, "counted-" + i);
                ended.run();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delivered(FullLifeCycle line, String service, String key) throws InterruptedException {
        String json = "{\"service\":\"" + service + "\",\"device\":\""
                + line.simulator
                        .population()
                        .devices(DeviceType.ESME)
                        .get(0)
                        .deviceId()
                        .dashed() + "\",\"role\":\"IS\"}";
        Admission admission = line.line.admit(new Submission(
                Channel.HTTP,
                Submission.Format.JSON,
                json.getBytes(StandardCharsets.UTF_8),
                Optional.empty(),
                Optional.of(key),
                Optional.empty(),
                "http"));
        String id = ((Admission.Accepted) admission).id();
        if (line.await(id, RequestState.DELIVERED).state() != RequestState.DELIVERED) {
            throw new IllegalStateException(line.ledger.path(id).toString());
        }
        line.awaitIdle();
    }
}
