package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceEndpoint;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.ResponseBody;
import org.postern.duis.ResponsePayload;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.SharedSecretCache;
import org.postern.parsecorrelate.GbcsParser;
import org.postern.parsecorrelate.ParsedMessage;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Rtds;

/** What the simulator sends is what the appliance's parser reads, and what the official schema accepts. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AnswersAreReadableTest {

    @TempDir
    static Path folder;

    static Simulator simulator;
    static TestUser user;
    static GbcsParser parser;

    @BeforeAll
    static void start() throws Exception {
        EcProvider ec = EcProvider.fastest();
        SimulatorPki pki = SimulatorPki.create(folder, new Population(5, 7), Clock.systemUTC());
        user = new TestUser(pki, ec);
        simulator = new Simulator(
                SimulatorSettings.of(folder, user.callbackUrl())
                        .withPorts(0, -1)
                        .withPace(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(200)),
                ec,
                Clock.systemUTC());
        parser = GbcsParser.over(user, ec, new SharedSecretCache(100), SimulatorPki.ACCESS_CONTROL_BROKER);
    }

    @AfterAll
    static void stop() {
        simulator.close();
        user.close();
    }

    private static Eui64 device(DeviceType type, int number) {
        return simulator.population().devices(type).get(number).deviceId();
    }

    private static ParsedMessage read(UserRole role, Eui64 device, String srv, String body) throws Exception {
        DuisRequest request = user.request(role, device, CommandVariant.CV1, srv, DuisElement.of(body));
        byte[] answer = user.post(simulator.servicesPort(), ServiceEndpoint.SEND_COMMAND, user.sign(role, request))
                .body();
        assertThat(user.verify(answer).document().responseCode()).isEqualTo("I99");
        return parse(user.callback(request).document(), srv);
    }

    private static ParsedMessage parse(DuisResponse response, String srv) {
        ResponsePayload payload =
                ((ResponseBody.ResponseMessage) response.body()).payload().orElseThrow();
        return parser.parse(payload.gbcs().orElseThrow().toArray(), Optional.of(srv));
    }

    @Test
    void electricityReadingHasItsUnit() throws Exception {
        ParsedMessage parsed =
                read(UserRole.IS, device(DeviceType.ESME, 0), "4.1.1", "ReadInstantaneousImportRegisters");
        assertThat(parsed.status()).as(parsed.toString()).isEqualTo(ParsedMessage.Status.OK);
        assertThat(parsed.proven()).isTrue();
        assertThat(parsed.mmc().orElseThrow().json())
                .contains("ActiveImportRegister")
                .contains("Wh");
    }

    @Test
    void aTwinMeterGivesItsSecondElementToo() throws Exception {
        ParsedMessage parsed =
                read(UserRole.IS, device(DeviceType.ESME, 6), "4.1.1", "ReadInstantaneousImportRegisters");
        assertThat(parsed.ok()).as(parsed.toString()).isTrue();
        assertThat(parsed.mmc().orElseThrow().json()).contains("SecondaryActiveImportRegister");
    }

    @Test
    void gasReadingIsInCubicMetres() throws Exception {
        for (DeviceType type : new DeviceType[] {DeviceType.GPF, DeviceType.GSME}) {
            ParsedMessage parsed = read(UserRole.GS, device(type, 0), "4.1.1", "ReadInstantaneousImportRegisters");
            assertThat(parsed.ok()).as(parsed.toString()).isTrue();
            assertThat(parsed.mmc().orElseThrow().json())
                    .contains("ConsumptionRegister")
                    .contains("m3");
        }
    }

    @Test
    void firmwareVersionsOfBothFuelsAreRead() throws Exception {
        assertThat(read(UserRole.IS, device(DeviceType.ESME, 1), "11.2", "ReadFirmwareVersion")
                        .success())
                .contains(true);
        assertThat(read(UserRole.GS, device(DeviceType.GSME, 1), "11.2", "ReadFirmwareVersion")
                        .success())
                .contains(true);
    }

    @Test
    void alertsAreRead() throws Exception {
        simulator.deviceAlert(device(DeviceType.GSME, 0), 0x8F30, true, UserRole.GS);
        ResponseBody.DeviceAlertMessage alert =
                (ResponseBody.DeviceAlertMessage) user.callback().document().body();
        ParsedMessage parsed = parser.parse(alert.gbcsPayload().toArray());
        assertThat(parsed.ok()).as(parsed.toString()).isTrue();
        assertThat(parsed.proven()).isTrue();
    }

    @Test
    void theOfficialSchemaAcceptsWhatIsSent() throws Exception {
        SchemaValidator schema = SchemaValidator.of(Rtds.required().duisSchema().getParent());
        DuisRequest inventory = user.request(
                UserRole.IS,
                SimulatorPki.ACCESS_CONTROL_BROKER,
                CommandVariant.CV8,
                "8.2",
                DuisElement.of(
                        "ReadInventory",
                        DuisElement.leaf("DeviceID", device(DeviceType.ESME, 6).dashed())));
        byte[] document = user.sign(UserRole.IS, inventory);
        schema.validate(document);
        schema.validate(user.post(simulator.servicesPort(), ServiceEndpoint.NON_DEVICE, document)
                .body());
        simulator.powerOutage(device(DeviceType.CHF, 0), UserRole.ED);
        simulator.deviceAlert(device(DeviceType.ESME, 0), 0x810E, false, UserRole.IS);
        for (int i = 0; i < 2; i++) {
            byte[] received = user.received.poll(10, TimeUnit.SECONDS);
            schema.validate(received);
            assertThat(new String(received, StandardCharsets.UTF_8)).contains("ResponseID");
        }
    }
}
