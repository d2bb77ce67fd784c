package org.postern.faultsimulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.postern.catalogue.Lane;
import org.postern.ledger.Change;
import org.postern.ledger.Counters;
import org.postern.ledger.Ledger;
import org.postern.ledger.RequestRecord;

/**
 * The ledger's writes that no caller waits for ({@code applyAsync}, {@code deliveredAsync}): they are in the writer's
 * queue until a write that a caller waits for takes them into its group, or until some milliseconds of the timeline
 * have passed; real time moves none. They are lost where the process is killed before. Everything else goes to the
 * ledger as it is.
 */
final class AsyncWrites {

    private static final String ASYNC = "Async";
    private static final Duration LONGEST = Duration.ofMillis(50);
    /** A write that a caller waits for, and that changes nothing. */
    private static final String NO_DELIVERY = "none";

    private final World world;
    private final Appliance appliance;
    private final Ledger real;
    private final WriterAtRest writer;
    private int waiting;
    /** Of those that wait, the ones that are of no top-up. */
    private int ordinary;

    private AsyncWrites(World world, Appliance appliance, Ledger real, WriterAtRest writer) {
        this.world = world;
        this.appliance = appliance;
        this.real = real;
        this.writer = writer;
    }

    static Ledger of(World world, Appliance appliance, Ledger real, WriterAtRest writer) {
        AsyncWrites behind = new AsyncWrites(world, appliance, real, writer);
        return over(Ledger.class, behind::call);
    }

    private static <T> T over(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.of(method, arguments)));
    }

    private interface Call {
        Object of(Method method, Object[] arguments) throws Throwable;
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        boolean first = first(arguments);
        if (first && ordinary > 0) {
            world.faults().injected(Faults.Kind.TOP_UP_FIRST);
            world.trace().add(Faults.Kind.TOP_UP_FIRST.words() + " " + method.getName() + " " + ordinary);
        }
        Object result = done(real, method, arguments);
        if (result instanceof Counters counters) {
            return over(Counters.class, (count, with) -> done(counters, count, with));
        }
        return method.getName().endsWith(ASYNC) ? later((CompletableFuture<?>) result, first ? 0 : 1) : result;
    }

    /** With all that it has had done on the writer's thread. */
    private Object done(Object target, Method method, Object[] arguments) throws Throwable {
        writer.enter();
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            writer.leave();
        }
    }

    /** Of a top-up: such writes go before all others. */
    private static boolean first(Object[] arguments) {
        return arguments != null
                && Stream.of(arguments)
                        .anyMatch(argument -> argument == Lane.PREPAYMENT
                                || argument instanceof RequestRecord request && request.lane() == Lane.PREPAYMENT
                                || argument instanceof Change change && change.prepaymentLane());
    }

    /** Not completed once the process is gone. */
    private CompletableFuture<Object> later(CompletableFuture<?> written, int more) {
        waiting++;
        ordinary += more;
        world.timeline().after(world.choices("behind").between(Duration.ofMillis(1), LONGEST), this::write);
        CompletableFuture<Object> heard = new CompletableFuture<>();
        var unused = written.whenComplete((BiConsumer<Object, Throwable>) (result, failure) -> {
            waiting--;
            ordinary -= more;
            if (appliance.alive()) {
                if (failure == null) {
                    heard.complete(result);
                } else {
                    heard.completeExceptionally(failure);
                }
            }
        });
        return heard;
    }

    private void write() {
        if (appliance.alive() && waiting > 0) {
            writer.enter();
            try {
                real.deliveryFailed(NO_DELIVERY, Instant.EPOCH);
            } catch (RuntimeException e) {
                world.trace().add("behind: " + e.getClass().getSimpleName());
            } finally {
                writer.leave();
            }
        }
    }
}
