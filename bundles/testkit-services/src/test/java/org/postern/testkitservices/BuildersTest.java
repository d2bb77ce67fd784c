package org.postern.testkitservices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisWriter;
import org.postern.duis.JsonRequests;
import org.postern.duis.RequestForm;
import org.postern.duis.RequestRules;

/** The appliance's readers accept what the builders make. */
class BuildersTest {

    private static final Eui64 METER = Eui64.parse("00DB123456789012");

    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final DuisReader reader = new DuisReader(DuisLimits.DEFAULT);
    private final Requests profile = Requests.of("4.8.1")
            .to(METER)
            .counted(77)
            .with(DuisElement.of(
                    "ReadLogPeriod",
                    DuisElement.leaf("StartDateTime", "2026-11-01T00:00:00.00Z"),
                    DuisElement.leaf("EndDateTime", "2026-11-02T00:00:00.00Z")));

    @Test
    void aDocumentIsReadBackAndConformsToTheRules() {
        DuisRequest read = reader.readRequest(profile.xml());
        assertThat(read).isEqualTo(profile.request());
        assertThat(read.requestId().counter()).isEqualTo(77);
        assertThat(read.requestId().target()).isEqualTo(METER);
        new RequestRules(catalogue).check(read);
    }

    @Test
    void theJsonFormHasTheSameBody() {
        RequestForm read = new JsonRequests(catalogue, DuisLimits.DEFAULT).read(profile.jsonBytes(UserRole.IS));
        assertThat(read.service().variant()).isEqualTo("4.8.1");
        assertThat(read.body()).isEqualTo(profile.request().body());
    }

    @Test
    void anAnswerIsReadBack() {
        RequestId id = profile.request().requestId();
        DuisResponse answer = Answers.to(id, "4.8.1").code("E1").response();
        DuisResponse read = reader.readResponse(DuisWriter.write(answer).toArray());
        assertThat(read).isEqualTo(answer);
        assertThat(read.responseId()).contains(id.responseId());
    }

    @Test
    void anInventoryHasWhatItWasGiven() {
        Devices devices = Devices.none().with(METER, DeviceType.GSME);
        assertThat(devices.find(METER).orElseThrow().deviceType()).contains(DeviceType.GSME);
        assertThat(devices.size()).isEqualTo(1);
        assertThat(devices.without(METER).find(METER)).isEmpty();
    }

    @Test
    void aLedgerWithoutTargetReportsWhichMethodWasCalled() {
        assertThatThrownBy(() -> new ForwardingLedger().find("r1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("find");
    }
}
