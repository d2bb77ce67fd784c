package org.postern.ledger.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.postern.ledger.LedgerException;

/**
 * A process that opens and closes its own database's file, and then continues to admit requests; it is killed by its
 * parent.
 */
final class LockDroppingWriter {

    private LockDroppingWriter() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(file), Clock.systemUTC());
        String first = ledger.admit(LedgerContract.request(1, null, "a")).id();
        Files.readAllBytes(file);
        System.out.println(first);
        System.in.read();
        for (int i = 2; i < 12; i++) {
            try {
                System.out.println(
                        ledger.admit(LedgerContract.request(i, null, "a")).id());
            } catch (LedgerException e) {
                System.out.println(e.fault().code());
            }
        }
        System.out.println("end");
        Thread.sleep(60_000);
    }
}
