package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevisions;
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
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == args[0];
                    case "annotationType" -> type;
                    case "adapt" ->
                        answers.get("adapt") instanceof Map<?, ?> several ? several.get(args[0]) : answers.get("adapt");
                    default -> answers.get(method.getName());
                });
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        Await.until(what, Duration.ofSeconds(30), condition);
    }

    private static Bundle module(String name, int state, int level) {
        Map<Class<?>, Object> adapted = Map.of(
                BundleStartLevel.class,
                fake(BundleStartLevel.class, Map.of("getStartLevel", level)),
                BundleRevisions.class,
                fake(BundleRevisions.class, Map.of("getRevisions", List.of())));
        return fake(Bundle.class, Map.of("getSymbolicName", name, "getState", state, "adapt", adapted));
    }

    /** Before the start is complete, and while the process ends, no module is reported as not running. */
    @Test
    void modulesAreReportedAsNotRunningOnlyOnceTheStartIsComplete() throws Exception {
        Map<String, Object> level = new HashMap<>(Map.of("getStartLevel", 30));
        Map<String, Object> system =
                new HashMap<>(Map.of("getState", Bundle.STARTING, "adapt", fake(FrameworkStartLevel.class, level)));
        Map<String, Object> context =
                new HashMap<>(Map.of("getBundle", fake(Bundle.class, system), "getBundles", new Bundle[] {
                    module("org.postern.ledger", Bundle.RESOLVED, 40), module("org.other", Bundle.RESOLVED, 80)
                }));
        ReadyMarker marker = new ReadyMarker(
                fake(BundleContext.class, context),
                fake(
                        ReadyMarker.Config.class,
                        Map.of("readyFile", folder.resolve("ready").toString(), "parts", "ledger=(name=ledger)")));
        try {
            assertThat(marker.troubles()).containsOnlyKeys("ledger");
            system.put("getState", Bundle.ACTIVE);
            assertThat(marker.troubles()).as("features are still installed").containsOnlyKeys("ledger");
            context.put("getServiceReference", fake(ServiceReference.class, Map.of()));
            assertThat(marker.troubles()).as("its level has not come").containsOnlyKeys("ledger");
            level.put("getStartLevel", 100);
            assertThat(marker.troubles())
                    .containsOnlyKeys("ledger", "modules")
                    .hasEntrySatisfying(
                            "modules",
                            down -> assertThat(down)
                                    .startsWith("org.postern.ledger does not run")
                                    .doesNotContain("other"));
            assertThat(marker.parts()).containsEntry("modules", false);
            assertThat(marker.unexpected())
                    .as("its services come a moment after the last module")
                    .isFalse();
            system.put("getState", Bundle.STOPPING);
            assertThat(marker.troubles()).as("the process ends").containsOnlyKeys("ledger");
        } finally {
            marker.stop();
        }
    }

    @Test
    void aProcessThatIsNotReadyShowsThatItIsAlive() throws Exception {
        Path alive = folder.resolve("alive");
        Files.createFile(alive);
        Files.setLastModifiedTime(alive, FileTime.fromMillis(0));
        ReadyMarker marker = new ReadyMarker(
                fake(BundleContext.class, Map.of("getBundle", fake(Bundle.class, Map.of("getState", Bundle.STARTING)))),
                fake(
                        ReadyMarker.Config.class,
                        Map.of("readyFile", folder.resolve("ready").toString(), "parts", "ledger=(name=ledger)")));
        try {
            until("its file is of now", () -> Files.getLastModifiedTime(alive).toMillis() > 0);
            assertThat(marker.ready()).isFalse();
        } finally {
            marker.stop();
        }
        assertThat(alive).doesNotExist();
    }

    @Test
    void aReadyFileThatCannotBeWrittenIsWrittenOnceItCan() throws Exception {
        Path ready = folder.resolve("data/ready");
        ServiceReference<?>[] broker = {fake(ServiceReference.class, Map.of())};
        BundleContext bundle = fake(
                BundleContext.class,
                Map.of(
                        "getServiceReferences",
                        broker,
                        "getAllServiceReferences",
                        broker,
                        "getBundles",
                        new Bundle[0],
                        "getBundle",
                        fake(Bundle.class, Map.of("getState", Bundle.STARTING))));
        ReadyMarker marker = new ReadyMarker(
                bundle,
                fake(
                        ReadyMarker.Config.class,
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
                    return trouble
                            ? Optional.of(ApplianceFault.FILE_NOT_OPEN.fault("broker", "away"))
                            : Optional.empty();
                }
            });
            trouble = true;
            until("not ready while a part is in trouble", () -> !Files.exists(ready));
            Files.deleteIfExists(ready.resolveSibling("alive"));
            Files.delete(ready.getParent());
            Files.writeString(ready.getParent(), "in the way");
            trouble = false;
            until("ready, whatever the file", marker::ready);
            marker.update();
            Files.delete(ready.getParent());
            until("the file is written once it can be", () -> Files.exists(ready));
            assertThat(ready)
                    .content()
                    .contains("pid=" + ProcessHandle.current().pid());
        } finally {
            marker.stop();
        }
        assertThat(ready).doesNotExist();
    }
}
