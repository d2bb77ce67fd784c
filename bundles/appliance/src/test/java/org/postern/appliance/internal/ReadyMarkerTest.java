package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.postern.appliance.ApplianceFault;
import org.postern.catalogue.Fault;
import org.postern.catalogue.PartHealth;
import org.postern.testkit.Await;

@Timeout(60)
class ReadyMarkerTest {

    @TempDir
    Path folder;
    private volatile boolean trouble;

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) ->
                switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == args[0];
                    case "annotationType" -> type;
                    default -> answers.get(method.getName());
                });
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        Await.until(what, Duration.ofSeconds(30), condition);
    }

    @Test
    void aReadyFileThatCannotBeWrittenIsWrittenOnceItCan() throws Exception {
        Path ready = folder.resolve("data/ready");
        ServiceReference<?>[] broker = {fake(ServiceReference.class, Map.of())};
        BundleContext bundle = fake(BundleContext.class, Map.of("getServiceReferences", broker, "getAllServiceReferences", broker,
                "getBundles", new Bundle[0]));
        ReadyMarker marker = new ReadyMarker(bundle, fake(ReadyMarker.Config.class,
                Map.of("readyFile", ready.toString(), "parts", "broker=(name=postern)")));
        try {
            until("ready at first", () -> Files.exists(ready));
            marker.addPart(new PartHealth() {
                @Override
                public String part() {
                    return "broker";
                }

                @Override
                public Optional<Fault> trouble() {
                    return trouble ? Optional.of(ApplianceFault.FILE_NOT_OPEN.fault("broker", "away")) : Optional.empty();
                }
            });
            trouble = true;
            until("not ready while a part is in trouble", () -> !Files.exists(ready));
            Files.delete(ready.getParent());
            Files.writeString(ready.getParent(), "in the way");
            trouble = false;
            until("ready, whatever the file", marker::ready);
            marker.update();
            Files.delete(ready.getParent());
            until("the file is written once it can be", () -> Files.exists(ready));
            assertThat(ready).content().contains("pid=" + ProcessHandle.current().pid());
        } finally {
            marker.stop();
        }
        assertThat(ready).doesNotExist();
    }
}
