package org.postern.parsecorrelate.internal.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postern.gbcs.DlmsPayload.Operation;
import org.postern.gbcs.MessageKind;
import org.postern.gbcs.UseCaseTable;

/** An object in a rule has the SMETS name that the table of items has for it. */
class UseCaseNamesTest {

    private static final Pattern OBJECT = Pattern.compile("\\b(set|act|get|select) `([^` {]+)(?: ([^`]+))?`");
    private static final Map<String, Operation> OPERATIONS =
            Map.of("set", Operation.SET, "act", Operation.ACTION, "get", Operation.GET, "select", Operation.GET);

    private final Map<String, Set<String>> names = new HashMap<>();

    @Test
    void everyObjectThatTheItemsNameHasThatName() throws IOException {
        for (UseCaseTable.UseCase use : UseCaseTable.load().all()) {
            for (UseCaseTable.DlmsItem item : use.dlms()) {
                if (item.direction() == MessageKind.COMMAND && !item.name().isEmpty()) {
                    Set<String> of = names.computeIfAbsent(
                            item.operation().orElseThrow() + " " + target(item), t -> new HashSet<>());
                    of.add(item.title());
                    of.add(item.name());
                }
            }
        }
        List<String> wrong = new ArrayList<>();
        int named = 0;
        for (String file : TransformTable.FILES) {
            Matcher object = OBJECT.matcher(text(file + ".rules"));
            while (object.find()) {
                Set<String> known =
                        names.getOrDefault(OPERATIONS.get(object.group(1)) + " " + object.group(2), Set.of());
                String name = object.group(3) == null ? "" : object.group(3);
                named += name.isEmpty() ? 0 : 1;
                if (name.isEmpty() ? !known.isEmpty() : !known.contains(name)) {
                    wrong.add(object.group() + " is one of " + known);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(named).isEqualTo(421);
    }

    private static String target(UseCaseTable.DlmsItem item) {
        var target = item.target().orElseThrow();
        return target.classId() + "/" + target.obis() + "/" + target.index();
    }

    private static String text(String file) throws IOException {
        try (InputStream in = UseCaseNamesTest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
