package org.postern.servicerequests.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExpiringCacheTest {

    private final AtomicLong now = new AtomicLong();
    private final ExpiringCache<String, String> kept = new ExpiringCache<>(10, String::length, now::get);

    @Test
    void aTakenValueIsRemoved() {
        kept.put("a", "12345");
        assertThat(kept.get("a")).contains("12345");
        assertThat(kept.take("a")).contains("12345");
        assertThat(kept.take("a")).isEmpty();
        assertThat(kept.get("a")).isEmpty();
    }

    @Test
    void whereThereIsNoRoomWhatIsThereStays() {
        kept.put("a", "12345");
        kept.put("b", "123456");
        assertThat(kept.get("a")).isPresent();
        assertThat(kept.get("b")).isEmpty();
        kept.put("c", "12345");
        assertThat(kept.get("c")).isPresent();
    }

    @Test
    void anotherValueOfTheSameKeyTakesTheRoomOfTheFirst() {
        kept.put("a", "1234567890");
        kept.put("a", "0987654321");
        assertThat(kept.get("a")).contains("0987654321");
        kept.put("a", "longer than all");
        assertThat(kept.get("a")).as("a value that is not the last one is none").isEmpty();
    }

    @Test
    void whatNobodyTakesIsThereForAMinuteAndNoLonger() {
        kept.put("a", "12345");
        kept.put("b", "123");
        now.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThat(kept.get("a")).isPresent();
        now.addAndGet(1);
        assertThat(kept.get("a")).isEmpty();
        assertThat(kept.take("a")).isEmpty();
        kept.replace("b", value -> {
            throw new AssertionError("too old");
        });
        assertThat(kept.totalWeight()).isZero();
    }

    @Test
    void whatNobodyTakesIsDroppedWithoutAnotherValue() {
        kept.put("a", "12345");
        now.addAndGet(TimeUnit.SECONDS.toNanos(30));
        kept.put("b", "123");
        now.addAndGet(TimeUnit.SECONDS.toNanos(31));
        kept.removeOld();
        assertThat(kept.totalWeight()).isEqualTo(3);
        assertThat(kept.get("b")).isPresent();
    }

    @Test
    void aValueIsReplacedOrDropped() {
        kept.put("a", "12345");
        kept.replace("a", value -> java.util.Optional.of(value + "6"));
        assertThat(kept.get("a")).contains("123456");
        kept.replace("a", value -> java.util.Optional.empty());
        assertThat(kept.get("a")).isEmpty();
        assertThat(kept.totalWeight()).isZero();
    }

    @Test
    void whatNobodyTakesMakesRoomAfterAMinute() {
        kept.put("a", "1234567890");
        now.addAndGet(TimeUnit.SECONDS.toNanos(60));
        kept.put("b", "1");
        assertThat(kept.get("a")).isPresent();
        now.addAndGet(1);
        kept.put("b", "1");
        assertThat(kept.get("a")).isEmpty();
        assertThat(kept.get("b")).isPresent();
    }
}
