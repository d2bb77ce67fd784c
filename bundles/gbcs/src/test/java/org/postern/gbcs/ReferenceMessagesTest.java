package org.postern.gbcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postern.testkit.Rtds;

/** Every message of the reference data, through the codec. */
class ReferenceMessagesTest {

    @Test
    void everyMessageDecodesAndEncodesToTheSameBytes() {
        Rtds rtds = Rtds.required();
        GbcsCodec codec = new GbcsCodec();
        Map<MessageKind, Integer> kinds = new EnumMap<>(MessageKind.class);
        List<String> failures = new ArrayList<>();
        for (Path file : rtds.messages()) {
            byte[] bytes = Rtds.hex(file);
            try {
                GbcsMessage message = codec.decode(bytes);
                if (!java.util.Arrays.equals(codec.encode(message), bytes)) {
                    failures.add(file.getFileName() + ": encodes to other bytes");
                }
                kinds.merge(message.kind(), 1, Integer::sum);
            } catch (GbcsRefusal e) {
                failures.add(file.getFileName() + ": " + e.getMessage());
            }
        }
        assertThat(failures).isEmpty();
        assertThat(kinds)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        MessageKind.PRECOMMAND,
                        120,
                        MessageKind.COMMAND,
                        336,
                        MessageKind.RESPONSE,
                        338,
                        MessageKind.ALERT,
                        65));
    }
}
