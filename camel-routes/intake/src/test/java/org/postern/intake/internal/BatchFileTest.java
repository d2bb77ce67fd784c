package org.postern.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchFileTest {

    @TempDir
    Path folder;

    @Test
    void topUpsAreLinesOfACsvFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("paid.csv"),
                "service,device,role,topUp.amount,topUp.pence\n2.2,00-01,IS,12.50,\n2.2,00-02,GS,,700\n");
        try (BatchFile batch = new BatchFile(file, "paid.csv", 1000)) {
            assertThat(text(batch.next()))
                    .isEqualTo(
                            "{\"service\":\"2.2\",\"device\":\"00-01\",\"role\":\"IS\",\"topUp\":{\"amount\":\"12.50\"}}");
            assertThat(text(batch.next()))
                    .isEqualTo(
                            "{\"service\":\"2.2\",\"device\":\"00-02\",\"role\":\"GS\",\"topUp\":{\"pence\":\"700\"}}");
            assertThat(batch.next()).isNull();
        }
    }

    private static String text(BatchFile.Piece piece) {
        return new String(piece.bytes().orElseThrow(), StandardCharsets.UTF_8);
    }
}
