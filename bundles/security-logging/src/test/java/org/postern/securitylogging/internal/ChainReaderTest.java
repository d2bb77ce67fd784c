package org.postern.securitylogging.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.securitylogging.LoggedEvent;
import org.postern.securitylogging.SecurityLogException;
import org.postern.securitylogging.Verification;

/** Findings of the verification, with their positions, in logs that the test writes record by record. */
class ChainReaderTest {

    private static final String EVENT = "SL-206";
    private static final String FIRST = "security-00000001.log";
    private static final String SECOND = "security-00000002.log";

    @TempDir
    Path folder;

    private HandMadeLog made;

    @BeforeEach
    void begin() {
        made = new HandMadeLog(folder);
    }

    private Verification verify() {
        return ChainReader.verify(folder, 0, null);
    }

    /** Positions of all findings, {@code file:line}. */
    private List<String> places() {
        return verify().findings().stream()
                .map(f -> f.segment() + ":" + f.line())
                .toList();
    }

    private String onlyProblem() {
        List<Verification.Finding> findings = verify().findings();
        assertThat(findings).hasSize(1);
        return findings.get(0).problem();
    }

    private HandMadeLog firstSegment() throws Exception {
        return made.add(Records.OPENED).add(EVENT).add(Records.SEALED).end();
    }

    @Test
    void ofAnIntactLogTheNumberOfRecordsAndTheLastOneAreReported() throws Exception {
        firstSegment().add(Records.OPENED).add(EVENT).end().head();
        assertThat(verify()).isEqualTo(new Verification(5, 2, 5, made.hash(), List.of()));
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void aFolderWithoutALogIsIntactAndEmpty() {
        assertThat(verify()).isEqualTo(new Verification(0, 0, 0, "0".repeat(64), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "x y", "3 a b", "1234567890123456789 a", "-3 a"})
    void aHeadThatCannotBeReadIsAFinding(String head) throws Exception {
        firstSegment().head(head);
        assertThat(places()).containsExactly("head:0");
        assertThat(onlyProblem()).contains("missing or unreadable");
        Files.delete(folder.resolve("head"));
        assertThat(places()).containsExactly("head:0");
    }

    @Test
    void theRecordOfTheHeadHasToExistWithItsHash() throws Exception {
        made.add(Records.OPENED);
        String early = made.number + " " + made.hash();
        made.add(EVENT).end();
        made.head(early);
        assertThat(verify().findings())
                .as("a head that is older than the last record")
                .isEmpty();
        made.head("2 " + "0".repeat(64));
        assertThat(places()).containsExactly("head:0");
        assertThat(onlyProblem()).startsWith("record 2 is not");
        made.head("3 " + made.hash());
        assertThat(places()).containsExactly("head:0");
        assertThat(onlyProblem()).startsWith("record 3 was written").endsWith("2");
    }

    @Test
    void anAnchorIsARecordWithItsHash() throws Exception {
        made.add(Records.OPENED);
        String hash = made.hash();
        made.add(EVENT).end().head();
        assertThat(ChainReader.verify(folder, 1, hash).findings()).isEmpty();
        assertThat(ChainReader.verify(folder, 1, hash.toUpperCase(java.util.Locale.ROOT))
                        .findings())
                .isEmpty();
        assertThat(ChainReader.verify(folder, 2, hash).findings())
                .singleElement()
                .isEqualTo(new Verification.Finding("anchor", 0, anchorProblem(2, hash)));
        assertThat(anchorProblem(2, hash)).startsWith("record 2 has another");
        assertThat(anchorProblem(3, hash)).startsWith("record 3").doesNotContain("has another");
    }

    private String anchorProblem(long number, String hash) {
        return ChainReader.verify(folder, number, hash).findings().get(0).problem();
    }

    @Test
    void aSegmentThatIsMissingAtTheBeginningIsFound() throws Exception {
        firstSegment().add(Records.OPENED).end().head();
        Files.delete(Segments.file(folder, 1));
        assertThat(places()).startsWith(SECOND + ":0", SECOND + ":1");
    }

    @Test
    void onlyTheLastSegmentMayEndWithinARecordOrBeUnsealed() throws Exception {
        made.add(Records.OPENED).end().add(Records.OPENED).end().head();
        assertThat(places()).as("unsealed").containsExactly(FIRST + ":0");
        made = new HandMadeLog(folder);
        firstSegment();
        Files.writeString(Segments.file(folder, 1), "torn", java.nio.file.StandardOpenOption.APPEND);
        made.add(Records.OPENED).end().head();
        assertThat(places()).as("torn").containsExactly(FIRST + ":4");
        made = new HandMadeLog(folder);
        firstSegment().add(Records.OPENED).head().text("torn").end();
        assertThat(verify().findings()).isEmpty();
        assertThat(verify().records()).isEqualTo(4);
    }

    @Test
    void aRecordAfterTheSealOrASecondOpeningIsFound() throws Exception {
        made.add(Records.OPENED).add(Records.SEALED).add(EVENT).end().head();
        assertThat(places()).containsExactly(FIRST + ":3");
        assertThat(verify().records()).isEqualTo(2);
        made = new HandMadeLog(folder);
        made.add(Records.OPENED).add(Records.OPENED).end().head();
        assertThat(places()).containsExactly(FIRST + ":2");
        made = new HandMadeLog(folder);
        made.add(EVENT).add(EVENT).end().head();
        assertThat(places()).containsExactly(FIRST + ":1");
        assertThat(verify().records()).isEqualTo(1);
    }

    @Test
    void aMissingOrRepeatedNumberIsFoundEvenIfTheHashesMatch() throws Exception {
        made.add(Records.OPENED).add(3, EVENT).add(EVENT).end().head();
        assertThat(places()).containsExactly(FIRST + ":2");
        assertThat(onlyProblem()).contains("record 3").contains("2");
        made = new HandMadeLog(folder);
        made.add(Records.OPENED).add(1, EVENT).end().head();
        assertThat(places()).containsExactly(FIRST + ":2");
        assertThat(verify().records()).isEqualTo(1);
    }

    @Test
    void aChangedRecordIsOneFindingAndTheFollowingRecordsAreChecked() throws Exception {
        made.add(Records.OPENED).add(EVENT).add(EVENT).add(EVENT).end().head();
        Path file = Segments.file(folder, 1);
        List<String> lines = new java.util.ArrayList<>(Files.readAllLines(file));
        lines.set(1, lines.get(1).replace("actor\":\"actor", "actor\":\"other"));
        lines.set(3, lines.get(3).replace("actor\":\"actor", "actor\":\"other"));
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertThat(places()).containsExactly(FIRST + ":2", FIRST + ":4");
        assertThat(verify().records()).isEqualTo(2);
    }

    @Test
    void aLineThatIsNotARecordIsAFindingAndNotAnError() throws Exception {
        String array =
                "{\"n\":2,\"at\":\"1970-01-01T00:00:00Z\",\"id\":\"SL-206\",\"actor\":\"a\",\"channel\":\"http\","
                        + "\"object\":\"o\",\"outcome\":\"DONE\",\"details\":{\"a\":[\"b\"]}}";
        made.add(Records.OPENED)
                .text("rubbish\n")
                .text("0".repeat(64) + " " + array + "\n")
                .add(EVENT)
                .end()
                .head();
        assertThat(places()).containsExactly(FIRST + ":2", FIRST + ":3");
        assertThat(verify().records()).isEqualTo(2);
        assertThat(ChainReader.tail(Segments.all(folder), 9)).hasSize(2);
    }

    @Test
    void recordsThatWereMissingWhenTheLogWasOpenedRemainAFinding() throws Exception {
        made.add(Records.OPENED).add(Records.MISSING).add(EVENT).end().head();
        assertThat(places()).containsExactly(FIRST + ":2");
        assertThat(onlyProblem()).contains("77");
        assertThat(verify().records()).isEqualTo(2);
        assertThat(ChainReader.end(folder).findings())
                .as("the log can be continued")
                .isEmpty();
    }

    @Test
    void aLineOfAnyLengthIsReadToItsEnd() throws Exception {
        made.add(Records.OPENED)
                .text("x".repeat(200_000) + "\n")
                .add(EVENT)
                .end()
                .head();
        assertThat(places()).containsExactly(FIRST + ":2");
    }

    @Test
    void theEndOfALogIsThePositionForTheNextRecord() throws Exception {
        assertThat(ChainReader.end(folder).segment()).isZero();
        assertThat(ChainReader.end(folder).sealed()).isTrue();
        firstSegment();
        long first = made.number;
        made.add(Records.OPENED).add(EVENT).head();
        String hash = made.hash();
        made.text("torn").end();
        ChainReader.End end = ChainReader.end(folder);
        assertThat(end.segment()).isEqualTo(2);
        assertThat(end.last()).isEqualTo(first + 2);
        assertThat(java.util.HexFormat.of().formatHex(end.link())).isEqualTo(hash);
        assertThat(end.sealed()).isFalse();
        assertThat(end.torn()).isEqualTo(4);
        assertThat(end.length()).isEqualTo(Files.size(Segments.file(folder, 2)) - 4);
        assertThat(end.findings()).isEmpty();
        assertThat(end.head()).isEqualTo(first + 2);
        for (String unreadable : List.of("", "5", "5 " + "A".repeat(64), "1234567890123456789 " + hash)) {
            made.head(unreadable);
            assertThat(ChainReader.end(folder).head()).isZero();
        }
        Files.delete(folder.resolve("head"));
        assertThat(ChainReader.end(folder).head()).isZero();
    }

    @Test
    void anEndThatDoesNotFollowFromTheSegmentBeforeIsAFinding() throws Exception {
        firstSegment();
        made.link = Records.GENESIS;
        made.add(Records.OPENED).end();
        assertThat(ChainReader.end(folder).findings()).hasSize(1);
    }

    @Test
    void theLastRecordsAreReadAcrossSegmentsOldestFirst() throws Exception {
        firstSegment()
                .add(Records.OPENED)
                .add(EVENT)
                .add(Records.SEALED)
                .end()
                .add(Records.OPENED)
                .end();
        List<Path> segments = Segments.all(folder);
        for (int count = 0; count <= 7; count++) {
            List<Long> expected = java.util.stream.LongStream.rangeClosed(8 - count, 7)
                    .boxed()
                    .toList();
            assertThat(ChainReader.tail(segments, count))
                    .extracting(LoggedEvent::number)
                    .isEqualTo(expected);
        }
        assertThat(ChainReader.tail(segments, 100)).hasSize(7);
    }

    @Test
    void aMissingFolderCannotBeVerified() {
        assertThat(catchThrowableOfType(
                                SecurityLogException.class, () -> ChainReader.verify(folder.resolve("none"), 0, null))
                        .fault()
                        .code())
                .isEqualTo("PST-8002");
    }

    @Test
    void onlyFilesWithTheNameOfASegmentAreReadInTheirOrder() throws Exception {
        for (long number : new long[] {10, 2, 12345678}) {
            Files.writeString(Segments.file(folder, number), "");
        }
        for (String other : List.of("security-1.log", "security-000000001.log", "security-00000003.log.bak")) {
            Files.writeString(folder.resolve(other), "");
        }
        assertThat(Segments.all(folder)).extracting(Segments::number).containsExactly(2L, 10L, 12345678L);
        assertThat(Segments.padded(123, 2)).isEqualTo("123");
        assertThat(Segments.padded(123, 3)).isEqualTo("123");
        assertThat(Segments.padded(123, 5)).isEqualTo("00123");
    }
}
