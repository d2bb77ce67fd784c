package org.postern.ledger.internal;

import java.nio.file.Path;
import java.time.Clock;
import org.postern.ledger.Change;
import org.postern.ledger.RequestState;

/** The program that {@link LedgerCrashTest} kills: writes, and prints what was acknowledged. */
final class CrashingWriter {

    private CrashingWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        JdbcLedger ledger = new JdbcLedger(LedgerOptions.sqlite(Path.of(arguments[0])), Clock.systemUTC());
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (; ; ) {
                    long counter = ledger.counters().next(LedgerContract.USER);
                    say("C " + counter);
                    String id = ledger.admit(LedgerContract.request(counter, null, "content"))
                            .id();
                    say("A " + id);
                    ledger.apply(Change.of(id).to(RequestState.SENT, ""));
                    say("S " + id);
                }
            });
            threads[t].start();
        }
        threads[0].join();
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
