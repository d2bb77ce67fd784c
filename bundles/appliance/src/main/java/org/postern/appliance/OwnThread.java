package org.postern.appliance;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Starts and stops an embedded library on a thread that ends with the work. Components are activated on threads of the
 * framework, which live as long as the process; Netty, Artemis and Camel leave values in the thread-locals of whoever
 * starts them, and threads that they make inherit its context class loader. Each such value would keep the class loader
 * of a bundle that was refreshed.
 */
public final class OwnThread {

    static {
        // the JDK starts this thread at the first delay that anybody asks for, with the loader of whoever that is
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
     * Does the work and waits for its end, whatever interrupts the caller.
     *
     * @param name the thread's name while it works
     * @param loader the context class loader for the work, and for the threads that it starts
     * @param work what to do
     * @return what the work gives
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
