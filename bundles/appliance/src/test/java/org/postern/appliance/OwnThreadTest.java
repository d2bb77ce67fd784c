package org.postern.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class OwnThreadTest {

    private static final ThreadLocal<String> LEFT_BEHIND = new ThreadLocal<>();

    @Test
    void worksElsewhereAndLeavesNothingOnTheCallersThread() throws Exception {
        ClassLoader loader = new URLClassLoader(new URL[0]);
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        Thread worker = OwnThread.call("worker", loader, () -> {
            LEFT_BEHIND.set("a library's cache");
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(loader);
            return Thread.currentThread();
        });

        assertThat(worker).isNotSameAs(Thread.currentThread());
        assertThat(worker.isAlive()).isFalse();
        assertThat(LEFT_BEHIND.get()).isNull();
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void whatTheWorkThrowsReachesTheCallerAsItIs() {
        IOException checked = new IOException("no disk");
        Error error = new LinkageError("no class");

        assertThatThrownBy(() -> OwnThread.call("worker", null, () -> {
                    throw checked;
                }))
                .isSameAs(checked);
        assertThatThrownBy(() -> OwnThread.call("worker", null, () -> {
                    throw error;
                }))
                .isSameAs(error);
    }

    @Test
    void anInterruptWaitsForTheEndOfTheWork() throws Exception {
        Thread.currentThread().interrupt();

        assertThat(OwnThread.<String>call("worker", null, () -> "done")).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }
}
