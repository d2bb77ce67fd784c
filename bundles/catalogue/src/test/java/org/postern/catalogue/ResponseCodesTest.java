package org.postern.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseCodesTest {

    @Test
    void knowsTheCodesOfDuis54() {
        ResponseCodes codes = ResponseCodes.standard();
        assertThat(codes.rows()).hasSize(194);
        assertThat(codes.of("I0").meaning()).isEqualTo(ResponseClass.DONE);
        assertThat(codes.of("E20").retry()).isTrue();
        assertThat(codes.of("E21").meaning()).isEqualTo(ResponseClass.UNKNOWN_OUTCOME);
        assertThat(codes.rows())
                .filteredOn(ResponseCode::retry)
                .extracting(ResponseCode::code)
                .containsExactly("E20");
    }

    // for a non-device service, I99 is a success without a result
    @Test
    void anAcknowledgementOfANonDeviceRequestIsFinal() {
        ResponseCodes codes = ResponseCodes.standard();
        assertThat(codes.classify("I99", CommandVariant.CV8)).isEqualTo(ResponseClass.DONE);
        assertThat(codes.classify("I99", CommandVariant.CV5)).isEqualTo(ResponseClass.WAIT);
    }

    @Test
    void anUnknownCodeIsManualAndNeverRetried() {
        ResponseCode unknown = ResponseCodes.standard().of("E987654");
        assertThat(unknown.meaning()).isEqualTo(ResponseClass.MANUAL);
        assertThat(unknown.retry()).isFalse();
    }

    @Test
    void anOperatorsFileReplacesAndAddsRows(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("codes.tsv");
        Files.writeString(file, "code\tclass\tretry\ttext\nE40\tRETRY\tyes\tBusy\nE7777\tBUSINESS\tno\tNew\n");
        ResponseCodes codes = ResponseCodes.withOverrides(file);
        assertThat(codes.of("E40").retry()).isTrue();
        assertThat(codes.of("E7777").meaning()).isEqualTo(ResponseClass.BUSINESS);
        assertThat(codes.of("I0").meaning()).isEqualTo(ResponseClass.DONE);
        assertThat(codes.rows()).hasSize(195);
    }

    @Test
    void anInvalidOrMissingFileIsRefusedWithAFault(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("codes.tsv");
        Files.writeString(file, "code\tclass\tretry\ttext\nE21\tUNKNOWN_OUTCOME\tyes\tNever\n");
        assertThatThrownBy(() -> ResponseCodes.withOverrides(file))
                .isInstanceOfSatisfying(PosternException.class, e -> {
                    assertThat(e.fault().code()).isEqualTo("PST-1004");
                    assertThat(e.fault().field()).endsWith("codes.tsv:2 retry");
                });
        assertThatThrownBy(() -> ResponseCodes.withOverrides(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        PosternException.class,
                        e -> assertThat(e.fault().code()).isEqualTo("PST-1005"));
    }
}
