package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.postern.dccsimulator.Population;
import org.postern.dccsimulator.SimulatorPki;
import org.postern.ecprovider.EcProvider;
import org.postern.ledger.internal.JdbcLedger;

/** What all runs of one process share and none changes: throwaway keys, the devices, an empty ledger. */
final class Keys {

    /** When every run begins. */
    static final Instant START = Instant.parse("2026-01-05T06:00:00Z");
    private static final int POPULATION = 3;
    private static final int HOMES = 8;

    final SimulatorPki pki;
    final EcProvider ec = EcProvider.fastest();
    final Path emptyLedger;

    /** @param folder an empty folder, on a fast disk */
    Keys(Path folder) {
        // each run opens the key store anew; that its password is dear to guess helps nobody here
        System.setProperty("keystore.pkcs12.keyPbeIterationCount", "100");
        System.setProperty("keystore.pkcs12.certPbeIterationCount", "100");
        System.setProperty("keystore.pkcs12.macIterationCount", "100");
        // each thread would hold the last connections that it used, and by them the whole run; in a bundle the pool does so by itself
        System.setProperty("com.zaxxer.hikari.useWeakReferences", "true");
        Clock clock = Clock.fixed(START.minusSeconds(86_400), ZoneOffset.UTC);
        pki = SimulatorPki.create(folder.resolve("pki"), new Population(POPULATION, HOMES), clock);
        emptyLedger = folder.resolve("empty/ledger.db");
        try {
            Files.createDirectories(emptyLedger.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new JdbcLedger(JdbcLedger.Options.sqlite(emptyLedger), clock).close();
    }
}
