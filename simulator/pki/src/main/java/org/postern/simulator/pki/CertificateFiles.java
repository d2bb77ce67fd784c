package org.postern.simulator.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;

/** Certificates of the throwaway PKI as base64 of their DER, as DUIS and the inventory carry them. */
public final class CertificateFiles {

    private final Path folder;

    public CertificateFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * The certificate of a party.
     *
     * @param kind {@code ds}, {@code ka} or {@code pp-ka}
     * @throws PosternException PST-9002 where there is none
     */
    public String base64(Eui64 party, String kind) {
        return base64(party.fileName() + "-" + kind);
    }

    /** The certificate in that file, without its ending. */
    public String base64(String name) {
        try {
            return Files.readAllLines(folder.resolve(name + ".pem")).stream()
                    .filter(line -> !line.startsWith("-----"))
                    .map(String::strip)
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new PosternException(
                    SimulatorFault.PKI_FILE.fault(
                            name + ".pem", "a certificate of the throwaway PKI", "cannot be read"),
                    e);
        }
    }
}
