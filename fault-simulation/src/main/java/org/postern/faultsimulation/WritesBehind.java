package org.postern.faultsimulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.postern.ledger.Ledger;

/**
 * The ledger's writes that nobody waits for ({@code applyBehind}, {@code deliveredBehind}), on the timeline in place of the writer's
 * thread: each is written before any later write, or after some milliseconds, and is lost where the process is killed before. Everything
 * else goes to the ledger as it is.
 */
final class WritesBehind {

    private static final String BEHIND = "Behind";
    private static final Set<String> WRITES = Set.of("admit", "admitTopUp", "apply", "advance", "settle", "store", "quarantine", "delivered",
            "deliveryFailed", "clockPutBack");
    private static final Duration LONGEST = Duration.ofMillis(10);

    private final World world;
    private final Appliance appliance;
    private final Ledger real;
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    private WritesBehind(World world, Appliance appliance, Ledger real) {
        this.world = world;
        this.appliance = appliance;
        this.real = real;
    }

    static Ledger of(World world, Appliance appliance, Ledger real) {
        WritesBehind behind = new WritesBehind(world, appliance, real);
        return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) ->
                behind.call(method, arguments));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.endsWith(BEHIND)) {
            return later(Ledger.class.getMethod(name.substring(0, name.length() - BEHIND.length()), method.getParameterTypes()), arguments);
        }
        if (WRITES.contains(name)) {
            write();
        }
        return at(method, arguments);
    }

    private Object at(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private CompletableFuture<Object> later(Method method, Object[] arguments) {
        CompletableFuture<Object> future = new CompletableFuture<>();
        waiting.add(() -> {
            Object result;
            try {
                result = at(method, arguments);
            } catch (Throwable e) {
                if (appliance.alive()) {
                    future.completeExceptionally(e);
                }
                return;
            }
            if (appliance.alive()) {
                future.complete(result);
            }
        });
        world.timeline().after(world.dice("behind").between(Duration.ofMillis(1), LONGEST), this::write);
        return future;
    }

    private void write() {
        while (appliance.alive() && !waiting.isEmpty()) {
            waiting.poll().run();
        }
    }
}
