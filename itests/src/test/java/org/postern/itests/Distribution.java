package org.postern.itests;

import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.karaf.options.KarafDistributionOption;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkitprocess.Ports;
import org.postern.testkitprocess.Settings;

/** The distribution of this build as a Pax Exam container, with a throwaway PKI and ports that are free. */
final class Distribution {

    private Distribution() {}

    /**
     * The container, and the settings of a simulator that may be installed in it.
     *
     * @param more additional settings: values by key, by the name of the file in etc/
     */
    static Option[] withSimulatorsPki(Map<String, Map<String, String>> more) throws IOException {
        String m2 = System.getProperty("m2.repo");
        Path pki = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "pki");
        List<Option> options = new ArrayList<>(List.of(
                karafDistributionConfiguration()
                        .frameworkUrl(setUp().toUri().toString())
                        .name("Postern")
                        .karafVersion(System.getProperty("karaf.version"))
                        .unpackDirectory(new File("target/exam"))
                        .useDeployFolder(false),
                keepRuntimeFolder(),
                KarafDistributionOption.configureConsole().ignoreLocalConsole().ignoreRemoteShell(),
                editConfigurationFilePut("etc/org.ops4j.pax.url.mvn.cfg", "org.ops4j.pax.url.mvn.localRepository", m2),
                editConfigurationFilePut(
                        "etc/org.ops4j.pax.url.mvn.cfg",
                        "org.ops4j.pax.url.mvn.defaultRepositories",
                        "file:${karaf.home}/${karaf.default.repository}@id=system.repository@snapshots,file:" + m2
                                + "@id=m2@snapshots")));
        Ports ports = Ports.free();
        Map<String, Map<String, String>> files =
                Settings.of(SimulatorPki.create(pki, RoleTraffic.HOMES, Clock.systemUTC()), ports);
        files.put(
                "org.postern.simulator.cfg",
                Map.of(
                        "pkiFolder",
                        pki.toString(),
                        "port",
                        Integer.toString(ports.dcc()),
                        "callbackUrl",
                        "https://127.0.0.1:" + ports.callback() + "/smartdcc/duis"));
        files.putAll(more);
        files.forEach((file, values) ->
                values.forEach((key, value) -> options.add(editConfigurationFilePut("etc/" + file, key, value))));
        return options.toArray(Option[]::new);
    }

    /**
     * Makes an archive in which bin/postern-setup has created the settings, since Pax Exam runs no script after
     * unpacking.
     */
    private static Path setUp() throws IOException {
        Path work = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "set-up");
        Path archive = work.resolve("distribution.tar.gz");
        String script =
                "tar -xzf \"$1\" && cd postern-* && bin/postern-setup && cd .. && tar -cf - postern-* | gzip -1 > \"$2\" && rm -rf postern-*";
        Process run = new ProcessBuilder(
                        "sh", "-ec", script, "sh", System.getProperty("postern.distribution"), archive.toString())
                .directory(work.toFile())
                .redirectErrorStream(true)
                .start();
        String printed = new String(run.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (run.waitFor() != 0) {
                throw new IOException("the archive cannot be set up: " + printed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return archive;
    }
}
