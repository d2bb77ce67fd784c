package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Checks values and not only the form: {@code readings.csv} was derived by hand from the bytes of the reference
 * messages and the standard's item lists, with a decoder that is independent of this project.
 */
class ReadingsTest {

    private record Reading(String message, String path, String expected, String unit) {}

    private static List<Reading> readings() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                ReadingsTest.class.getResourceAsStream("readings.csv"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .skip(1)
                    .map(l -> l.split("\\|", 5))
                    .map(c -> new Reading(c[0], c[1], c[2], c[3]))
                    .toList();
        }
    }

    @Test
    void every_reading_is_the_value_in_the_bytes() throws Exception {
        Corpus corpus = new Corpus();
        List<Reading> readings = readings();
        Set<String> useCases =
                readings.stream().map(r -> r.message().split("_")[0]).collect(Collectors.toSet());
        assertThat(useCases).hasSizeGreaterThanOrEqualTo(60);
        org.junit.jupiter.api.Assertions.assertAll(readings.stream().map(r -> (Executable) () -> {
            String ending = r.message().contains("_ALERT") ? "_GBCS.HEX" : "_RESPONSE_GBCS.HEX";
            MmcElement body = corpus.parse(r.message() + ending)
                    .mmc()
                    .orElseThrow()
                    .root()
                    .find("Body")
                    .orElseThrow()
                    .children()
                    .get(0);
            MmcElement start = body.find("SMETSData")
                    .map(s -> s.children().get(0))
                    .orElseGet(() -> body.find("DeviceAlertContent/Payload").orElseThrow());
            assertThat(value(start, r.path()))
                    .as(r.message() + " " + r.path() + " " + r.unit())
                    .contains(r.expected());
        }));
    }

    /** Steps down; {@code Name[2]} is the second of that name, a last {@code @name} an attribute. */
    private static Optional<String> value(MmcElement start, String path) {
        int at = path.indexOf('@');
        MmcElement e = start;
        for (String step : (at < 0 ? path : path.substring(0, at)).split("/")) {
            int open = step.indexOf('[');
            String name = open < 0 ? step : step.substring(0, open);
            int number = open < 0 ? 1 : Integer.parseInt(step.substring(open + 1, step.length() - 1));
            Optional<MmcElement> next = e.children().stream()
                    .filter(c -> c.name().equals(name))
                    .skip(number - 1)
                    .findFirst();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            e = next.get();
        }
        return at < 0
                ? Optional.of(e.text())
                : Optional.ofNullable(e.attributes().get(path.substring(at + 1)));
    }
}
