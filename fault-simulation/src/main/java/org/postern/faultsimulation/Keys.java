package org.postern.faultsimulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.UseCaseTable;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.ledger.internal.LedgerOptions;
import org.postern.parsecorrelate.MappingCatalogue;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * What all runs share, unchanged: throwaway keys, the devices, tables, an empty ledger. The keys are the same in every
 * process.
 */
final class Keys {

    /** When every run begins. */
    static final Instant START = Instant.parse("2026-01-05T06:00:00Z");

    private static final int POPULATION = 3;
    private static final int HOMES = 8;

    final SimulatorPki pki;
    final EcProvider ec = EcProvider.fastest();
    final MappingCatalogue mappings = MappingCatalogue.load(UseCaseTable.load());
    final Path emptyLedger;

    /**
     * Checking certificates by the JDK's own classes takes a sixth of a run on JDK 17, so the product's native provider
     * is used for it.
     */
    private static void checkFaster(EcProvider.Kind there) {
        if (there == EcProvider.Kind.ACCP) {
            try {
                Security.insertProviderAt(
                        (Provider) Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
                                .getField("INSTANCE")
                                .get(null),
                        1);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** @param folder an empty folder, on a fast disk */
    Keys(Path folder) {
        // each run opens the key store anew; a password that is costly to guess has no use here
        System.setProperty("keystore.pkcs12.keyPbeIterationCount", "100");
        System.setProperty("keystore.pkcs12.certPbeIterationCount", "100");
        System.setProperty("keystore.pkcs12.macIterationCount", "100");
        // each thread would keep a reference to the last connections that it used, and so to the whole run; in OSGi the
        // pool
        // uses weak references by itself
        System.setProperty("com.zaxxer.hikari.useWeakReferences", "true");
        checkFaster(ec.kind());
        Clock clock = Clock.fixed(START.minusSeconds(86_400), ZoneOffset.UTC);
        pki = SimulatorPki.create(
                folder.resolve("pki"), new Population(POPULATION, HOMES), clock, new SeededKeys("PKI"));
        emptyLedger = folder.resolve("empty/ledger.db");
        try {
            Files.createDirectories(emptyLedger.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new JdbcLedger(LedgerOptions.sqlite(emptyLedger), clock).close();
    }
}
