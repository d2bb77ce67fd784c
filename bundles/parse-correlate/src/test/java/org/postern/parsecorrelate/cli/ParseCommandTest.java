package org.postern.parsecorrelate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Rtds;

class ParseCommandTest {

    private static final Path VECTORS =
            Rtds.projectRoot().resolve("bundles/gbcs/src/test/resources/org/postern/gbcs/vectors");
    private static final String KEYS = VECTORS.resolve("keys").toString();
    private static final String ACB = "0A11000000000002";

    @TempDir
    private Path folder;

    private final PrintStream console = System.out;
    private final PrintStream errors = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(console);
        System.setErr(errors);
    }

    private static String hex(String vector) throws IOException {
        return Files.readAllLines(VECTORS.resolve(vector + ".txt")).stream()
                .map(l -> l.substring(0, l.indexOf('#')))
                .collect(Collectors.joining())
                .replaceAll("\\s", "");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void one_line_per_file_with_these_fields_in_this_order() throws IOException {
        String file = file("A.HEX", hex("dlms-response-ecs17b") + "\n");
        assertThat(Pac.execute("parse", "--keys", KEYS, "--acb", ACB, "--out", folder.toString(), file))
                .isZero();
        assertThat(lines()).hasSize(1);
        assertThat(lines().get(0))
                .matches(Pattern.quote(
                                "{\"file\":\"" + file
                                        + "\",\"status\":\"ok\",\"kind\":\"RESPONSE\",\"messageCode\":\"0027\","
                                        + "\"useCase\":\"ECS17b\",\"originator\":\"0A22000000000001\",\"target\":\"0A11000000000001\",\"counter\":\"1005\","
                                        + "\"mac\":\"valid\",\"signature\":\"absent\",\"encrypted\":true,\"decrypted\":true,\"mmc\":\"written\",\"reason\":\"")
                        + "[^\"]*\",\"success\":true,\"flags\":\\[]}");
        assertThat(folder.resolve("A.HEX.xml")).content().contains("<ra:Value>305419896</ra:Value>");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void base64_is_read_too_and_the_mmc_of_one_file_goes_to_standard_error() throws IOException {
        String file = file(
                "b64.txt",
                Base64.getMimeEncoder().encodeToString(HexFormat.of().parseHex(hex("dlms-response-ecs17b"))));
        assertThat(Pac.execute("parse", "--keys", KEYS, "--acb", ACB, file)).isZero();
        assertThat(lines()).hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("<?xml").contains("305419896");
    }

    @Test
    void the_tree_holds_the_plain_text() throws IOException {
        String file = file("A.HEX", hex("dlms-response-ecs17b"));
        assertThat(Pac.execute("parse", "--keys", KEYS, "--acb", ACB, "--tree", "--out", folder.toString(), file))
                .isZero();
        assertThat(folder.resolve("A.HEX.json")).content().contains("\"plain\":{\"structure\":[{\"uint32\":305419896}");
    }

    @Test
    void without_keys_everything_is_decoded_and_nothing_authenticated() throws IOException {
        assertThat(Pac.execute(
                        "parse", file("A.HEX", hex("dlms-response-ecs17b")), file("B.HEX", hex("dlms-response-ecs38"))))
                .isZero();
        assertThat(lines().get(0))
                .contains("\"mac\":\"unchecked\",\"signature\":\"absent\",\"encrypted\":true,\"decrypted\":false");
        assertThat(lines().get(1))
                .contains("\"mac\":\"absent\",\"signature\":\"unchecked\",\"encrypted\":false,\"decrypted\":false");
    }

    @Test
    void one_refused_file_makes_exit_code_1_and_the_others_are_read() throws IOException {
        String bad = hex("dlms-response-ecs17b");
        int last = Integer.parseInt(bad.substring(bad.length() - 1), 16);
        String file = file("bad.HEX", bad.substring(0, bad.length() - 1) + Integer.toHexString(last ^ 1));
        assertThat(Pac.execute(
                        "parse",
                        "--keys",
                        KEYS,
                        "--acb",
                        ACB,
                        "--out",
                        folder.toString(),
                        file,
                        file("good.HEX", hex("dlms-response-ecs38")),
                        file("no.txt", "not a message!"),
                        file("short.HEX", "DD00"),
                        folder.resolve("missing").toString()))
                .isEqualTo(1);
        assertThat(lines()).hasSize(5);
        assertThat(lines().get(0))
                .contains("\"status\":\"refused\"")
                .contains("\"mac\":\"invalid\"")
                .contains("\"mmc\":\"none\"");
        assertThat(lines().get(1)).contains("\"status\":\"ok\"").contains("\"signature\":\"valid\"");
        assertThat(lines().get(2)).contains("\"status\":\"refused\"").contains("neither hex nor base64");
        assertThat(lines().get(3)).contains("\"status\":\"refused\"").contains("offset");
        assertThat(lines().get(4)).contains("cannot be read");
        assertThat(folder.resolve("bad.HEX.xml")).doesNotExist();
    }

    @Test
    void bad_arguments_end_with_2_and_leave_standard_output_empty() throws IOException {
        String file = file("A.HEX", hex("dlms-response-ecs38"));
        assertThat(Pac.execute("parse")).isEqualTo(2);
        assertThat(Pac.execute("parse", "--nonsense", file)).isEqualTo(2);
        assertThat(Pac.execute("parse", "--acb", "17", file)).isEqualTo(2);
        assertThat(Pac.execute("parse", "--keys", folder.resolve("none").toString(), file))
                .isEqualTo(2);
        assertThat(Pac.execute()).isEqualTo(2);
        assertThat(lines()).isEmpty();
    }

    @Test
    void coverage_counts_only_messages_that_a_test_of_this_build_read() {
        assertThat(Pac.execute("coverage")).isZero();
        assertThat(lines().get(0)).startsWith("code");
        assertThat(lines()).anyMatch(l -> l.startsWith("0027  ECS17b") && l.contains("rows"));
        // a code that is in no reference data
        assertThat(lines()).anyMatch(l -> l.startsWith("0117") && l.endsWith("no"));
    }
}
