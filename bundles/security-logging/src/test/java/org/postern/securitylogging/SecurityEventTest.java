package org.postern.securitylogging;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SecurityEventTest {

    @Test
    void everyKindHasAnIdOfItsOwn() {
        Set<String> ids = new TreeSet<>();
        for (SecurityEvent.Kind kind : SecurityEvent.Kind.values()) {
            assertThat(kind.id()).matches("SL-\\d{3}");
            assertThat(ids.add(kind.id()))
                    .as("%s is the id of %s only", kind.id(), kind)
                    .isTrue();
        }
    }

    @Test
    void everyEventStatesItsChannelAndItsOutcome() throws ReflectiveOperationException {
        Set<SecurityEvent.Kind> seen = EnumSet.noneOf(SecurityEvent.Kind.class);
        for (Class<?> type : SecurityEvent.class.getPermittedSubclasses()) {
            SecurityEvent event = example(type);
            assertThat(event.channel()).as(type.getSimpleName()).isNotEmpty();
            assertThat(event.outcome()).as(type.getSimpleName()).isNotNull();
            assertThat(event.details()).as(type.getSimpleName()).isNotNull();
            assertThat(seen.add(event.kind()))
                    .as("%s is the kind of %s only", event.kind(), type)
                    .isTrue();
        }
        assertThat(seen).containsExactlyInAnyOrder(SecurityEvent.Kind.values());
    }

    private static SecurityEvent example(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(types).map(SecurityEventTest::value).toArray();
        return (SecurityEvent) type.getDeclaredConstructor(types).newInstance(values);
    }

    private static Object value(Class<?> type) {
        if (type == String.class || type == CharSequence.class) {
            return "text";
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == Outcome.class) {
            return Outcome.DONE;
        }
        return type == List.class ? List.of() : Map.of();
    }
}
