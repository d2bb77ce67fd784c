package org.postern.parsecorrelate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postern.catalogue.Eui64;
import org.postern.gbcs.DlmsData;
import org.postern.gbcs.DlmsPayload;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Supplement;

/**
 * A response to this User that is encrypted for a party whose key this User does not have (GBCS section 8): this User
 * can check its MAC only.
 */
class StillEncryptedTest {

    private static final Eui64 OTHER = Eui64.parse("0A110000000000FF");
    private static final int REGISTERS = 0x0027;

    private final OwnMessages own = new OwnMessages();

    private ParsedMessage parsed(DlmsPayload.ResponseItem... items) {
        GroupingHeader header = new GroupingHeader(
                2, 9, OwnMessages.ESME, OwnMessages.SUPPLIER, Optional.empty(), REGISTERS, Supplement.of(OTHER, 9, 9));
        return own.parser().parse(own.wrapped(header, DlmsPayload.AccessResponse.of(9, List.of(items))));
    }

    private DlmsPayload.ResponseItem item() {
        return own.protectedItem(
                OwnMessages.response(REGISTERS, OwnMessages.ESME, OwnMessages.SUPPLIER, 9),
                DlmsData.structure(DlmsData.u32(1)));
    }

    @Test
    void theResultCodesInTheClearAreReadAndSuccessIsNotClaimedInTheMmc() {
        ParsedMessage parsed = parsed(item());
        assertThat(parsed.proven()).as(parsed.reason()).isTrue();
        assertThat(parsed.hasEncryptedParts()).isTrue();
        assertThat(parsed.allDecrypted()).isFalse();
        assertThat(parsed.success()).isEmpty();
        assertThat(parsed.resultsInTheClear()).contains(true);
        assertThat(parsed.reason()).contains("is still encrypted");
        assertThat(new String(parsed.mmc().orElseThrow().xml(), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("MessageSuccess")
                .contains("format=\"encrypted\"");
    }

    @Test
    void moreResultsThanTheUseCaseHasItemsAreNotEvaluated() {
        ParsedMessage parsed = parsed(item(), item());
        assertThat(parsed.unsuccessful()).isTrue();
        assertThat(parsed.resultsInTheClear()).isEmpty();
    }

    @Test
    void aFullyReadResponseHasNoSeparateResultOfTheCodesInTheClear() {
        GroupingHeader header = OwnMessages.response(REGISTERS, OwnMessages.ESME, OwnMessages.SUPPLIER, 9);
        ParsedMessage parsed = own.parser()
                .parse(own.wrapped(
                        header,
                        DlmsPayload.AccessResponse.of(
                                9, List.of(own.protectedItem(header, DlmsData.structure(DlmsData.u32(1)))))));
        assertThat(parsed.allDecrypted()).isTrue();
        assertThat(parsed.resultsInTheClear()).isEmpty();
    }
}
