package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class StaleSettingsTest {

    @TempDir
    Path home;

    private final List<String> deleted = new ArrayList<>();

    private Configuration configuration(String pid, Map<String, ?> properties) {
        return (Configuration) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Configuration.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getPid" -> pid;
                    case "getProperties" -> new Hashtable<>(properties);
                    case "delete" -> {
                        deleted.add(pid);
                        yield null;
                    }
                    default -> throw new IllegalStateException(method.getName());
                });
    }

    @Test
    void settingsWhoseFileIsGoneAreDroppedAndNoOthers() throws Exception {
        Path etc = Files.createDirectory(home.resolve("etc"));
        Path kept = Files.writeString(etc.resolve("org.postern.hsm.pkcs11.cfg"), "");
        Files.writeString(etc.resolve("org.postern.moved.cfg"), "");
        Configuration[] all = {
            configuration(
                    "org.postern.hsm.pkcs11",
                    Map.of("felix.fileinstall.filename", kept.toUri().toString())),
            configuration(
                    "org.postern.hsm.software",
                    Map.of(
                            "felix.fileinstall.filename",
                            etc.resolve("org.postern.hsm.software.cfg").toUri().toString())),
            configuration(
                    "org.postern.moved",
                    Map.of(
                            "felix.fileinstall.filename",
                            home.resolve("before/etc/org.postern.moved.cfg")
                                    .toUri()
                                    .toString())),
            configuration("org.postern.made.by.hand", Map.of("a", "b"))
        };
        ConfigurationAdmin admin = (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConfigurationAdmin.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("listConfigurations");
                    assertThat(args[0]).isEqualTo("(service.pid=org.postern.*)");
                    return all;
                });
        new StaleSettings(admin, etc);
        assertThat(deleted).containsExactly("org.postern.hsm.software");
    }
}
