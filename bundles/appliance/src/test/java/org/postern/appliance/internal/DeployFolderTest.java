package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

class DeployFolderTest {

    @TempDir
    Path folder;

    private static byte[] jar() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "org.postern.trial");
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    /** A jar that is still being copied changes from one poll to the next. */
    @Test
    void aCutOffJarIsNamedOnceItHasStoppedGrowing() throws Exception {
        byte[] whole = jar();
        Path file = folder.resolve("trial.jar");
        DeployFolder deploy = new DeployFolder(null, folder);

        for (int length = whole.length / 2; length < whole.length / 2 + 3; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            deploy.poll();
            assertThat(deploy.remarks()).isEmpty();
        }
        deploy.poll();
        assertThat(deploy.remarks()).singleElement().asString().contains("PST-7110", "trial.jar");
        assertThat(deploy.trouble()).as("the appliance works all the same").isEmpty();

        Files.write(file, whole);
        deploy.poll();
        assertThat(deploy.remarks()).isEmpty();
    }

    @Test
    void otherFilesAreNoJars() throws Exception {
        Files.writeString(folder.resolve("README"), "drop jars here");
        DeployFolder deploy = new DeployFolder(null, folder);
        deploy.poll();
        deploy.poll();
        assertThat(deploy.remarks()).isEmpty();
    }

    /**
     * A framework with these bundles, which records what is installed, and removes bundles when they are uninstalled.
     */
    private static final class Framework {

        private final Map<Long, Map<String, Object>> bundles = new TreeMap<>();
        private final List<String> installed = new ArrayList<>();
        private int refusals;
        private String broken = "";
        private String unresolved = "";
        private final Hashtable<String, String> headers = new Hashtable<>();

        @SuppressWarnings("unchecked")
        private static <T> T fake(Class<T> type, java.util.function.BiFunction<String, Object[], Object> answer) {
            return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                Object given = answer.apply(method.getName(), args);
                if (given instanceof Throwable thrown) {
                    throw thrown;
                }
                return given;
            });
        }

        private Bundle bundle(long id, String location) {
            return fake(Bundle.class, (method, args) -> switch (method) {
                case "getBundleId" -> id;
                case "getLocation" -> location;
                case "getSymbolicName" -> "org.postern.trial";
                case "getHeaders" -> headers;
                case "start" -> location.equals(unresolved) ? new BundleException("a package is missing") : null;
                case "adapt" -> fake(BundleStartLevel.class, (name, any) -> null);
                case "uninstall" -> {
                    if (refusals-- > 0) {
                        yield new BundleException("not now");
                    }
                    bundles.remove(id);
                    yield null;
                }
                default -> null;
            });
        }

        private BundleContext context() {
            return fake(BundleContext.class, (method, args) -> switch (method) {
                case "getBundles" ->
                    bundles.entrySet().stream()
                            .map(each -> bundle(each.getKey(), ""))
                            .toArray(Bundle[]::new);
                case "getBundle" -> bundles.containsKey((Long) args[0]) ? bundle((Long) args[0], "") : null;
                case "installBundle" -> install((String) args[0]);
                default -> null;
            });
        }

        private Object install(String location) {
            installed.add(location);
            if (location.equals(broken)) {
                return new BundleException("broken inside");
            }
            long id = 7L + installed.size();
            bundles.put(id, Map.of());
            return bundle(id, location);
        }
    }

    private final Framework framework = new Framework();

    private void gone(DeployFolder deploy, Path file) {
        deploy.restore("org.postern.trial", file.toFile().toURI().toString());
    }

    @Test
    void anotherCopyTakesThePlaceOfOneThatIsGoneAtTheAddressThatFileInstallGivesIt() throws Exception {
        Path copy = Files.write(folder.resolve("copy.jar"), jar());
        DeployFolder deploy = new DeployFolder(framework.context(), folder);
        gone(deploy, folder.resolve("trial.jar"));
        assertThat(framework.installed)
                .as("with another address it would be there twice")
                .containsExactly(copy.toFile().toURI().toString());
        gone(deploy, folder.resolve("trial.jar"));
        assertThat(framework.installed).as("it is there").hasSize(1);
    }

    /** {@code bundle:uninstall} is a decision of the administrator. */
    @Test
    void whatWasUninstalledAlthoughItsFileIsThereStaysUninstalled() throws Exception {
        Path file = Files.write(folder.resolve("trial.jar"), jar());
        Files.write(folder.resolve("copy.jar"), jar());
        gone(new DeployFolder(framework.context(), folder), file);
        assertThat(framework.installed).isEmpty();
    }

    @Test
    void afterACopyThatCannotBeInstalledTheNextIsTried() throws Exception {
        Path broken = Files.write(folder.resolve("a.jar"), jar());
        Path whole = Files.write(folder.resolve("b.jar"), jar());
        framework.broken = broken.toFile().toURI().toString();
        gone(new DeployFolder(framework.context(), folder), folder.resolve("trial.jar"));
        assertThat(framework.installed)
                .containsExactly(framework.broken, whole.toFile().toURI().toString());
        assertThat(framework.bundles).hasSize(1);
    }

    /** If it stayed installed, it would count as the copy that was looked for. */
    @Test
    void aCopyThatCannotBeStartedIsTakenAwayBeforeTheNextIsTried() throws Exception {
        Path unresolved = Files.write(folder.resolve("a.jar"), jar());
        Path whole = Files.write(folder.resolve("b.jar"), jar());
        framework.unresolved = unresolved.toFile().toURI().toString();
        gone(new DeployFolder(framework.context(), folder), folder.resolve("trial.jar"));
        assertThat(framework.installed)
                .containsExactly(framework.unresolved, whole.toFile().toURI().toString());
        assertThat(framework.bundles).hasSize(1);
    }

    @Test
    void aFragmentIsInstalledAndNotStarted() throws Exception {
        Path copy = Files.write(folder.resolve("copy.jar"), jar());
        framework.headers.put(Constants.FRAGMENT_HOST, "org.postern.host");
        framework.unresolved = copy.toFile().toURI().toString();
        gone(new DeployFolder(framework.context(), folder), folder.resolve("trial.jar"));
        assertThat(framework.bundles).hasSize(1);
    }

    @Test
    void anUninstallThatFailsIsTriedAgain() throws Exception {
        Path copy = Files.write(folder.resolve("copy.jar"), jar());
        DeployFolder deploy = new DeployFolder(framework.context(), folder);
        gone(deploy, folder.resolve("trial.jar"));
        Files.delete(copy);
        framework.refusals = 1;
        deploy.poll();
        assertThat(framework.bundles).as("it failed").hasSize(1);
        deploy.poll();
        assertThat(framework.bundles).isEmpty();
    }

    /** File Install takes an unpacked bundle too, whatever its folder is called. */
    @Test
    void aFolderIsNoCutOffJar() throws Exception {
        Files.createDirectory(folder.resolve("trial.jar"));
        DeployFolder deploy = new DeployFolder(null, folder);
        deploy.poll();
        deploy.poll();
        assertThat(deploy.remarks()).isEmpty();
    }
}
