package org.postern.duis.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.RequestId;
import org.postern.duis.DocumentMutations;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisException;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisWriter;
import org.postern.testkit.Rtds;

/**
 * Compares the fast path with the general parser, which accepts every document that the fast path accepts, with the
 * same tree, digest and signature.
 */
class PlainReaderTest {

    private static final long SEED = Long.getLong("postern.seed", 20261129L);
    private static final int MUTANTS = Integer.getInteger("postern.plain.mutants", 60_000);
    private static final RequestId ID = RequestId.parse("90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A0:1000");
    private static final String ROOT = "<sr:Request xmlns:sr=\"" + DuisElement.DUIS + "\" schemaVersion=\"5.4\">";

    private final PlainReader plain = new PlainReader(DuisLimits.DEFAULT);
    private final DocumentParser parser = new DocumentParser(DuisLimits.DEFAULT);
    private final DuisSigner signer =
            new DuisSigner(new X500Principal("CN=Z9,OU=07"), BigInteger.valueOf(42), info -> new byte[64]);
    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void theParserAcceptsEveryPlainDocumentWithTheSameResult() throws Exception {
        System.out.println("seed " + SEED);
        DocumentMutations mutations = new DocumentMutations(SEED);
        List<byte[]> documents = new ArrayList<>(List.of(
                signed(DuisElement.of("EnableSupply")),
                signed(DuisElement.of(
                        "Update", DuisElement.leaf("A", "1").with("index", "2").with("b", ">"), DuisElement.of("B")))));
        documents.add(text(documents.get(0))
                .replace("><", ">\n  <")
                .replace("<ds:SignedInfo>\n  ", "<ds:SignedInfo>")
                .getBytes(StandardCharsets.UTF_8));
        if (Rtds.present()) {
            for (Path file : Rtds.required().requests()) {
                documents.add(signer.sign(
                        DuisWriter.write(new DuisReader(DuisLimits.DEFAULT).readRequest(Files.readAllBytes(file)))));
                documents.add(Files.readAllBytes(file));
            }
        }
        for (int i = 0; i < MUTANTS; i++) {
            byte[] document = documents.get(i % documents.size());
            compare(document.length > 8000 ? document : mutations.change(document, 2));
        }
        System.out.println("plain: " + outcomes);
        assertThat(outcomes.get("tree taken")).isGreaterThan(MUTANTS / 10);
        assertThat(outcomes.get("tree left")).isGreaterThan(MUTANTS / 10);
        assertThat(outcomes.get("signed taken")).isGreaterThan(MUTANTS / 50);
    }

    private void compare(byte[] document) {
        DuisElement tree = plain.root(document);
        outcomes.merge(tree == null ? "tree left" : "tree taken", 1, Integer::sum);
        if (tree != null) {
            assertThat(tree)
                    .as(text(document))
                    .isEqualTo(parser.parse(document, false).root());
        }
        SignedDocument signed = plain.signed(document);
        outcomes.merge(signed == null ? "signed left" : "signed taken", 1, Integer::sum);
        if (signed != null) {
            SignedDocument whole = SignedDocument.of(parser.parse(document, true));
            assertThat(signed.root()).as(text(document)).isEqualTo(whole.root());
            assertThat(signed.digest()).as(text(document)).isEqualTo(whole.digest());
            assertThat(signed.signedInfo()).as(text(document)).isEqualTo(whole.signedInfo());
            assertThat(signed.signature().digest())
                    .as(text(document))
                    .isEqualTo(whole.signature().digest());
            assertThat(signed.signature().value())
                    .as(text(document))
                    .isEqualTo(whole.signature().value());
            assertThat(signed.signature().issuer())
                    .as(text(document))
                    .isEqualTo(whole.signature().issuer());
            assertThat(signed.signature().serial())
                    .as(text(document))
                    .isEqualTo(whole.signature().serial());
        }
    }

    // otherwise the fast path would have no effect, and no other test would fail
    @Test
    void everyReferenceRequestWrittenByDuisWriterIsPlain() throws Exception {
        for (Path file : Rtds.required().requests()) {
            DuisRequest request = new DuisReader(DuisLimits.DEFAULT).readRequest(Files.readAllBytes(file));
            assertThat(plain.signed(signer.sign(DuisWriter.write(request))))
                    .as(file.getFileName().toString())
                    .isNotNull();
        }
    }

    @Test
    void aDocumentTruncatedAtAnyPositionIsLeftToTheParser() {
        byte[] whole = signed(DuisElement.of("EnableSupply"));
        for (int length = 0; length < whole.length; length++) {
            assertThat(plain.signed(Arrays.copyOf(whole, length)))
                    .as("length " + length)
                    .isNull();
        }
        assertThat(plain.signed(whole)).isNotNull();
    }

    // refusals because of a limit are left to the parser; at a limit both accept the document, beyond it neither does
    @Test
    void beyondALimitEverythingIsLeftToTheParser() {
        for (int count : new int[] {460, 480, 500, 510, 520, 600}) {
            StringBuilder body = new StringBuilder(ROOT).append("<sr:Body>");
            for (int i = 0; i < count; i++) {
                body.append("<sr:N").append(i).append("/>");
            }
            checkLimit(
                    DuisLimits.DEFAULT, body.append("</sr:Body></sr:Request>").toString());
        }
        for (int depth = 2; depth < 70; depth++) {
            checkLimit(
                    new DuisLimits(1 << 20, 33, 1000, 32),
                    ROOT + "<sr:A>".repeat(depth) + "</sr:A>".repeat(depth) + "</sr:Request>");
            checkLimit(
                    new DuisLimits(1 << 20, 500, 40, 32),
                    ROOT + "<sr:A>".repeat(depth) + "</sr:A>".repeat(depth) + "</sr:Request>");
        }
        for (int length : new int[] {100, 8000, 8190, 8200, 16_370, 16_380, 16_384, 16_390, 20_000}) {
            checkLimit(DuisLimits.DEFAULT, ROOT + "<sr:" + "n".repeat(length) + "/></sr:Request>");
            checkLimit(DuisLimits.DEFAULT, ROOT + "<sr:A a=\"" + "n".repeat(length) + "\"/></sr:Request>");
            checkLimit(
                    DuisLimits.DEFAULT,
                    ROOT.replace(" schema", " a=\"" + "n".repeat(length) + "\" schema") + "<sr:A/></sr:Request>");
        }
        for (int count = 1; count < 40; count++) {
            StringBuilder attributes = new StringBuilder();
            for (int i = 10; i < 10 + count; i++) {
                attributes.append(" a").append(i).append("=\"\"");
            }
            checkLimit(DuisLimits.DEFAULT, ROOT + "<sr:A" + attributes + "/></sr:Request>");
            checkLimit(DuisLimits.DEFAULT, ROOT.replace(" schema", attributes + " schema") + "<sr:A/></sr:Request>");
        }
        assertThat(outcomes.get("taken")).isGreaterThan(30);
        assertThat(outcomes.get("left")).isGreaterThan(30);
    }

    private void checkLimit(DuisLimits limits, String document) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        DuisElement tree = new PlainReader(limits).root(bytes);
        outcomes.merge(tree == null ? "left" : "taken", 1, Integer::sum);
        DuisElement whole = null;
        try {
            whole = new DocumentParser(limits).parse(bytes, false).root();
        } catch (DuisException refused) {
            // in this case neither may accept it
        }
        if (tree != null) {
            assertThat(tree).isEqualTo(whole);
        }
    }

    private byte[] signed(DuisElement body) {
        return signer.sign(DuisWriter.write(new DuisRequest(ID, CommandVariant.CV4, "7.1", "7.1", body)));
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }
}
