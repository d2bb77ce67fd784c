package org.postern.appliance.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** A jar that is still being copied changes from one look to the next. */
    @Test
    void aCutOffJarIsNamedOnceItHasStoppedGrowing() throws Exception {
        byte[] whole = jar();
        Path file = folder.resolve("trial.jar");
        DeployFolder deploy = new DeployFolder(null, folder);

        for (int length = whole.length / 2; length < whole.length / 2 + 3; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            deploy.look();
            assertThat(deploy.remarks()).isEmpty();
        }
        deploy.look();
        assertThat(deploy.remarks()).singleElement().asString().contains("PST-7110", "trial.jar");
        assertThat(deploy.trouble()).as("the appliance works all the same").isEmpty();

        Files.write(file, whole);
        deploy.look();
        assertThat(deploy.remarks()).isEmpty();
    }

    @Test
    void otherFilesAreNoJars() throws Exception {
        Files.writeString(folder.resolve("README"), "drop jars here");
        DeployFolder deploy = new DeployFolder(null, folder);
        deploy.look();
        deploy.look();
        assertThat(deploy.remarks()).isEmpty();
    }
}
