package org.postern.simulator.dcc.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postern.simulator.dcc.internal.gateway.FirstReplies.Found;
import org.postern.simulator.dcc.internal.gateway.FirstReplies.Standing;

class FirstRepliesTest {

    private final AtomicInteger made = new AtomicInteger();
    private final FirstReplies replies = new FirstReplies(4, 2);

    @Test
    void theSameBytesGetTheFirstReplyAndOtherBytesNone() {
        Found first = find("a", "1");
        assertThat(first.standing()).isEqualTo(Standing.FIRST);
        assertThat(find("a", "1")).isEqualTo(new Found(Standing.SAME_BYTES, first.reply()));
        assertThat(find("a", "2")).isEqualTo(new Found(Standing.OTHER_BYTES, Optional.empty()));
        assertThat(made).hasValue(1);
    }

    @Test
    void repliesAreForgottenBeforeRequests() {
        find("a", "1");
        find("b", "1");
        find("c", "1");
        assertThat(find("a", "1"))
                .as("known, but its reply is not kept")
                .isEqualTo(new Found(Standing.SAME_BYTES, Optional.empty()));
        assertThat(find("c", "1").reply()).isPresent();
        find("d", "1");
        find("e", "1");
        assertThat(find("b", "2").standing()).isEqualTo(Standing.OTHER_BYTES);
        assertThat(find("a", "1").standing())
                .as("older than what is remembered")
                .isEqualTo(Standing.FIRST);
    }

    @Test
    void whatWasNotAnsweredCanComeAgain() {
        assertThatThrownBy(() -> replies.find("a", "1", () -> {
                    throw new IllegalStateException("not made");
                }))
                .hasMessage("not made");
        assertThat(find("a", "2").standing()).isEqualTo(Standing.FIRST);
    }

    private Found find(String key, String digest) {
        return replies.find(key, digest, () -> Reply.status(200 + made.incrementAndGet()));
    }
}
