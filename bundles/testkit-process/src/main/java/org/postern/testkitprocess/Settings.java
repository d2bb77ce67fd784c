package org.postern.testkitprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.SimulatorPki;

/** The settings of an appliance for a simulator's throwaway PKI: values by key, by the name of the file in etc/. */
public final class Settings {

    private Settings() {}

    public static Map<String, Map<String, String>> of(SimulatorPki pki, Ports ports) throws IOException {
        Path postern = pki.folder().toAbsolutePath().resolve("postern");
        Map<String, Map<String, String>> files = new LinkedHashMap<>();
        files.put(
                "org.postern.hsm.software.cfg",
                Map.of(
                        "production",
                        "false",
                        "keyStore",
                        postern.resolve("vault/keys.p12").toString(),
                        "passwordFile",
                        postern.resolve("vault/keys.password").toString(),
                        "keys",
                        String.join(", ", Files.readAllLines(postern.resolve("vault/keys.txt")))));
        files.put(
                "org.postern.inventory.cfg",
                Map.of(
                        "devicesFile",
                        postern.resolve("inventory.csv").toString(),
                        "certificatesFolder",
                        postern.resolve("certificates").toString(),
                        "signersFolder",
                        postern.resolve("signers").toString()));
        Map<String, UserRole> roles = Map.of(
                "electricityimportsupplier",
                UserRole.IS,
                "gasimportsupplier",
                UserRole.GS,
                "electricitynetworkoperator",
                UserRole.ED);
        roles.forEach((name, role) -> files.put(
                "org.postern.role." + name + ".cfg",
                Map.of("userId", SimulatorPki.user(role).dashed())));
        files.put(
                "org.postern.servicerequests.cfg",
                Map.of(
                        "accessControlBroker", SimulatorPki.ACCESS_CONTROL_BROKER.dashed(),
                        "acbSigners", SimulatorPki.ACCESS_CONTROL_BROKER.dashed(),
                        "transformSigners", SimulatorPki.TRANSFORM.dashed()));
        String tls = postern.resolve("tls").toString();
        Map<String, String> client = new LinkedHashMap<>(stores(tls, "client"));
        client.put("baseUrl", "https://127.0.0.1:" + ports.dcc());
        files.put("org.postern.gateway.cfg", client);
        Map<String, String> server = new LinkedHashMap<>(stores(tls, "server"));
        server.put("port", Integer.toString(ports.callback()));
        files.put("org.postern.receiveresponse.cfg", server);
        files.put("org.postern.intake.cfg", Map.of("httpPort", Integer.toString(ports.http())));
        // the supplier of the tests collects every result at one queue, also those of requests submitted by HTTP
        files.put("org.postern.delivery.cfg", Map.of("copyHours", "72"));
        files.put("org.postern.broker.cfg", Map.of("acceptorPort", Integer.toString(ports.broker())));
        files.put("org.apache.karaf.shell.cfg", Map.of("sshPort", Integer.toString(ports.ssh())));
        return files;
    }

    private static Map<String, String> stores(String tls, String key) {
        return Map.of(
                "keyStore",
                tls + "/" + key + ".p12",
                "keyStorePasswordFile",
                tls + "/password",
                "trustStore",
                tls + "/trust.p12",
                "trustStorePasswordFile",
                tls + "/password");
    }
}
