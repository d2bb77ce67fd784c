package org.postern.camelruntime;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ShutdownStrategy;

/**
 * A Camel context for the routes of one bundle.
 *
 * <p>Camel looks classes up by name in many places. In OSGi the caller's classes and Camel's own are in different
 * bundles, so the class loader of the context searches camel-runtime first (components, languages, converters) and the
 * calling bundle second (its processors). The thread's context class loader is set the same way while routes start and
 * stop.
 *
 * <p>Stopping waits at most ten seconds for exchanges in progress. The broker redelivers the messages of interrupted
 * exchanges, because every queue is consumed in a transaction.
 */
public final class OsgiCamelContext extends DefaultCamelContext {

    private static final long SHUTDOWN_SECONDS = 10;

    private final ClassLoader loader;

    /**
     * Builds the context without starting it.
     *
     * @param name the context's name, shown in logs and metrics
     * @param caller a class of the bundle whose routes this context runs
     */
    public OsgiCamelContext(String name, Class<?> caller) {
        super(false);
        this.loader = new RuntimeThenCaller(
                OsgiCamelContext.class.getClassLoader(),
                Objects.requireNonNull(caller).getClassLoader());
        getCamelContextExtension().setName(Objects.requireNonNull(name));
        setApplicationContextClassLoader(loader);
        withLoader(this::build);
        ShutdownStrategy shutdown = getShutdownStrategy();
        shutdown.setTimeUnit(TimeUnit.SECONDS);
        shutdown.setTimeout(SHUTDOWN_SECONDS);
        shutdown.setShutdownNowOnTimeout(true);
        shutdown.setLogInflightExchangesOnTimeout(false);
        // Bodies are Service Requests: they must not reach the log through the message history.
        setLogExhaustedMessageBody(false);
        setMessageHistory(false);
    }

    @Override
    public void start() {
        withLoader(super::start);
    }

    @Override
    public void stop() {
        withLoader(super::stop);
    }

    private void withLoader(Runnable action) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            action.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Camel's classes first, then the caller's. */
    private static final class RuntimeThenCaller extends ClassLoader {

        private final ClassLoader caller;

        RuntimeThenCaller(ClassLoader runtime, ClassLoader caller) {
            super(runtime);
            this.caller = caller;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            return caller.loadClass(name);
        }

        @Override
        protected java.net.URL findResource(String name) {
            return caller.getResource(name);
        }
    }
}
