package org.postern.faultsimulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.Eui64;
import org.postern.faultsimulation.disk.SimulatedDisk;
import org.postern.ledger.internal.JdbcLedger;
import org.postern.ledger.internal.LedgerOptions;

/**
 * What the ledger keeps beside its database is there after a power cut: a name that was moved is safe once its folder
 * was flushed.
 */
class PowerCutTest {

    private static final Eui64 ORIGINATOR = Eui64.parse("90B3D51F30990000");
    private static final int CUTS = 40;

    @TempDir
    Path folder;

    @Test
    void noCutTakesAWatermarkThatCountersWereGivenUnder() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        Random random = new Random(1);
        try (JdbcLedger ledger = open(disk)) {
            for (int i = 0; i < 3; i++) {
                long given = ledger.counters().next(ORIGINATOR);
                for (int cut = 0; cut < CUTS; cut++) {
                    Path mark = disk.cut(random).disk().path("/state/counters.watermark");
                    assertThat(mark).exists();
                    List<String> lines = Files.readAllLines(mark);
                    assertThat(lines)
                            .filteredOn(line -> !line.startsWith("#"))
                            .anySatisfy(line -> assertThat(Long.parseLong(line.substring(line.indexOf('=') + 1)))
                                    .isGreaterThanOrEqualTo(given));
                }
            }
        }
    }

    @Test
    void noCutTakesTheNoteOfTheNewestIds() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        Random random = new Random(1);
        open(disk).close();
        for (int cut = 0; cut < CUTS; cut++) {
            assertThat(disk.cut(random).disk().path("/state/ledger.mark")).exists();
        }
    }

    private JdbcLedger open(SimulatedDisk disk) {
        return new JdbcLedger(
                new LedgerOptions(
                        "jdbc:sqlite:" + folder.resolve("ledger.db"),
                        "",
                        "",
                        2,
                        16,
                        1,
                        Optional.of(disk.path("/state/counters.watermark"))),
                Clock.systemUTC());
    }
}
