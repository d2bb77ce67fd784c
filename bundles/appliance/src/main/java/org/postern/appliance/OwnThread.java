package org.postern.appliance;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Starts and stops an embedded library on a thread that ends when the work ends. Components are activated on threads of
 * the framework, which live as long as the process. Netty, Artemis and Camel leave values in the thread-locals of the
 * thread that starts them, and the threads that they create inherit its context class loader. Each such value would
 * keep the class loader of a refreshed bundle in memory.
 */
public final class OwnThread {

    static {
        // the JDK starts its delay thread at the first use, with the context class loader of the caller: so it is
        // started here with the system's
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            CompletableFuture.delayedExecutor(0, TimeUnit.SECONDS).execute(Thread::onSpinWait);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private OwnThread() {}

    /**
     * Does the work and waits until it ends, even if the caller is interrupted meanwhile.
     *
     * @param name the thread's name while it works
     * @param loader the context class loader for the work, and for the threads that it starts
     * @param work what to do
     * @return the result of the work
     * @throws Exception what the work throws
     */
    public static <T> T call(String name, ClassLoader loader, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    thread.join();
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
