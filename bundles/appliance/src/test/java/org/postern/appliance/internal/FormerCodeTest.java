package org.postern.appliance.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** In the framework that Karaf brings. */
class FormerCodeTest {

    private static final int CLASSES = 200;
    /** In each round two threads define every class; nearly every round shows the leak. */
    private static final int ROUNDS = 50;

    @TempDir
    private Path folder;

    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        String cache = folder.resolve("cache").toString();
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, cache));
        framework.start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void endedThreadsAreRemovedFromTheClassLocksOfABundle() throws Exception {
        Map<?, ?> kept = Map.of();
        for (int round = 0; round < ROUNDS && kept.isEmpty(); round++) {
            Bundle bundle =
                    framework.getBundleContext().installBundle("trial:" + round, new ByteArrayInputStream(jar(round)));
            assertThat(framework.adapt(FrameworkWiring.class).resolveBundles(List.of(bundle)))
                    .isTrue();
            kept = definedByTwo(bundle.adapt(BundleWiring.class).getClassLoader());
        }
        assertThat(kept)
                .as("the fault; where the framework has mended it, FormerCode has one task less")
                .isNotEmpty();

        new FormerCode(framework.getBundleContext()).release();

        assertThat(kept).isEmpty();
    }

    /** Two threads load each class at the same time, and end. */
    private static Map<?, ?> definedByTwo(ClassLoader loader) throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        Runnable load = () -> load(loader, together, failed);
        List<Thread> threads = List.of(new Thread(load), new Thread(load));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failed).isEmpty();
        Field locks = loader.getClass().getDeclaredField("m_classLocks");
        locks.setAccessible(true);
        return (Map<?, ?>) locks.get(loader);
    }

    private static void load(ClassLoader loader, CyclicBarrier together, List<Throwable> failed) {
        try {
            for (int i = 0; i < CLASSES; i++) {
                together.await();
                loader.loadClass("trial.C" + i);
            }
        } catch (Exception | LinkageError e) {
            failed.add(e);
        }
    }

    private byte[] jar(int version) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-d", folder.resolve("classes").toString()));
        for (int i = 0; i < CLASSES; i++) {
            arguments.add(Files.writeString(folder.resolve("C" + i + ".java"), "package trial; class C" + i + " { }")
                    .toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        Manifest manifest = new Manifest(new ByteArrayInputStream(
                ("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: trial\nBundle-Version: "
                                + version + "\n")
                        .getBytes(UTF_8)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (int i = 0; i < CLASSES; i++) {
                jar.putNextEntry(new JarEntry("trial/C" + i + ".class"));
                jar.write(Files.readAllBytes(folder.resolve("classes/trial/C" + i + ".class")));
            }
        }
        return bytes.toByteArray();
    }
}
