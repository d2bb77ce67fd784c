package org.postern.servicerequests.internal;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.postern.simulator.pki.SimulatorPki;

/** A complete life cycle for each test, with a temporary PKI for each class. */
abstract class OnFullLifeCycle {

    @TempDir
    static Path pkiFolder;

    static SimulatorPki pki;

    @TempDir
    Path folder;

    FullLifeCycle line;

    @BeforeAll
    static void throwawayPki() {
        pki = FullLifeCycle.pki(pkiFolder);
    }

    @BeforeEach
    void open() throws Exception {
        line = new FullLifeCycle(folder, pki);
    }

    @AfterEach
    void close() throws Exception {
        line.close();
    }
}
