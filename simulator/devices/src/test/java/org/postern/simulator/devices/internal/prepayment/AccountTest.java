package org.postern.simulator.devices.internal.prepayment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.simulator.devices.internal.measure.Series;

/** An account that remembers few changes one by one beside one that remembers all. */
class AccountTest {

    private static final Instant FIRST = Instant.parse("2021-02-03T10:00:00Z");
    private static final int CHANGES = 200;
    private static final int BOUND = 5;
    private static final Account.Terms TERMS = new Account.Terms(27_500, 24_000, 9_000, 3_000, 1_000);

    private final List<Instant> times = new ArrayList<>();
    private Account all;
    private Account few;
    private Account none;

    private void begin(long seed) {
        boolean prepaid = seed % 2 == 1;
        Series used = new Series(seed, Series.Shape.load().get("household"), 1_000_000, 9_000);
        all = new Account(seed, prepaid, used, TERMS, CHANGES);
        few = new Account(seed, prepaid, used, TERMS, BOUND);
        none = new Account(seed, prepaid, used, TERMS, BOUND);
        Random random = new Random(seed);
        Instant time = FIRST;
        for (int i = 0; i < CHANGES; i++) {
            Account.Change change = Account.Change.values()[random.nextInt(Account.Change.values().length)];
            long amount = random.nextInt(2_000_000);
            all.change(time, change, amount, "token " + i);
            few.change(time, change, amount, "token " + i);
            times.add(time);
            time = time.plusSeconds(random.nextInt(4) == 0 ? 0 : random.nextInt(400_000));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void fromTheOldestChangeOnItIsWhatItWouldBeWithAll(long seed) {
        begin(seed);
        assertThat(few.size()).isLessThanOrEqualTo(BOUND);
        List<Instant> later = new ArrayList<>(times.subList(CHANGES - few.size() - 1, CHANGES));
        for (int day = 1; day < 500; day += 7) {
            later.add(times.get(CHANGES - 1).plusSeconds(day * 86_400L));
        }
        assertThat(few.run(later, 700)).isEqualTo(all.run(later, 700));
        assertThat(few.at(later.get(0), 0)).isEqualTo(all.at(later.get(0), 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void beforeTheFirstChangeNothingIsDifferent(long seed) {
        begin(seed);
        List<Instant> readings = List.of(FIRST.minusSeconds(86_400), FIRST.minusSeconds(1), times.get(CHANGES - 1));
        assertThat(few.run(readings, 0)).isEqualTo(all.run(readings, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void amongTheChangesThatWereSummedItIsTheAccountWithoutCommands(long seed) {
        begin(seed);
        Instant amid = times.get(CHANGES / 2);
        assertThat(few.at(amid, 0)).isEqualTo(none.at(amid, 0));
    }
}
