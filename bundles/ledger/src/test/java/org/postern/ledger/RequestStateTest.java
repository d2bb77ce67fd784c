package org.postern.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestStateTest {

    private static Set<RequestState> reachable(RequestState from) {
        Set<RequestState> seen = EnumSet.noneOf(RequestState.class);
        Deque<RequestState> left = new ArrayDeque<>(from.next());
        while (!left.isEmpty()) {
            RequestState state = left.pop();
            if (seen.add(state)) {
                left.addAll(state.next());
            }
        }
        return seen;
    }

    @Test
    void everyStateIsReachedFromTheFirst() {
        Set<RequestState> all = EnumSet.allOf(RequestState.class);
        all.remove(RequestState.RECEIVED);
        assertThat(reachable(RequestState.RECEIVED)).isEqualTo(all);
    }

    // states only move forward
    @Test
    void noStateLeadsBackToItself() {
        for (RequestState state : RequestState.values()) {
            assertThat(reachable(state)).doesNotContain(state);
        }
    }

    @Test
    void everyStateLeadsToAnEnd() {
        for (RequestState state : RequestState.values()) {
            assertThat(state.isEnd() || reachable(state).stream().anyMatch(RequestState::isEnd))
                    .as(state.name())
                    .isTrue();
        }
        assertThat(RequestState.NOT_CORRELATED.isEnd()).isTrue();
        assertThat(RequestState.DELIVERED.isEnd()).isTrue();
    }

    // the reason the product exists: nothing uncorrelated is ever signed or sent
    @Test
    void aCriticalRequestIsSignedOnlyAfterItWasCorrelated() {
        for (RequestState state : RequestState.values()) {
            if (state.mayBecome(RequestState.COMMAND_SIGNED)) {
                assertThat(state).isEqualTo(RequestState.CORRELATED);
            }
        }
        assertThat(RequestState.NOT_CORRELATED.next()).isEmpty();
    }

    @Test
    void theDocumentedTableIsThisOne() throws java.io.IOException {
        java.util.List<String> rows = java.nio.file.Files.readAllLines(
                        org.postern.testkit.Rtds.projectRoot().resolve("docs/request-states.md"))
                .stream()
                .filter(line -> line.matches("\\| [A-Z_]+ \\|.*"))
                .toList();
        assertThat(rows).hasSize(RequestState.values().length);
        for (RequestState state : RequestState.values()) {
            String next = state.isEnd()
                    ? "(final)"
                    : EnumSet.copyOf(state.next()).stream()
                            .map(Enum::name)
                            .collect(java.util.stream.Collectors.joining(", "));
            assertThat(rows.get(state.ordinal()))
                    .startsWith("| " + state + " |")
                    .endsWith("| " + next + " |");
        }
    }
}
