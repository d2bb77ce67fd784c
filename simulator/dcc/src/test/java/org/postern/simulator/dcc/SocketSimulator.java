package org.postern.simulator.dcc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Authenticator;
import org.postern.gbcs.Decryptor;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.SharedSecretCache;
import org.postern.gbcs.UseCaseTable;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatorPki;

/**
 * A simulator on real sockets with real TLS, and a User, checked with the appliance's own verifier, authenticator and
 * decryptor: what the tests of the simulator as a whole share.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class SocketSimulator {

    @TempDir
    static Path folder;

    static Simulator simulator;
    static TestUser user;
    static Authenticator authenticator;
    static Decryptor decryptor;
    static final GbcsCodec CODEC = new GbcsCodec();
    static Eui64 esme;
    static Eui64 gpf;
    static Eui64 chf;

    @BeforeAll
    static void start() throws Exception {
        EcProvider ec = EcProvider.fastest();
        SimulatorPki pki = SimulatorPki.create(folder, new Population(3, 7), Clock.systemUTC());
        user = new TestUser(pki, ec);
        simulator = new Simulator(
                SimulatorSettings.of(folder, user.callbackUrl())
                        .withPorts(0, 0)
                        .withPace(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(200)),
                ec,
                Clock.systemUTC());
        GbcsCrypto crypto = new GbcsCrypto(ec);
        SharedSecretCache cache = new SharedSecretCache(100);
        authenticator = new Authenticator(crypto, user, cache, UseCaseTable.load(), SimulatorPki.ACCESS_CONTROL_BROKER);
        decryptor = new Decryptor(crypto, CODEC, user, cache);
        esme = simulator.population().devices(DeviceType.ESME).get(0).deviceId();
        gpf = simulator.population().devices(DeviceType.GPF).get(0).deviceId();
        chf = simulator.population().devices(DeviceType.CHF).get(0).deviceId();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        user.close();
    }

    @BeforeEach
    void noFaultsAndNothingUnderWay() throws InterruptedException {
        simulator.faults().clear();
        await(() -> simulator.outstandingCallbacks() == 0);
        user.received.clear();
    }

    static DuisRequest readRegisters(Eui64 meter) {
        return user.request(
                UserRole.IS, meter, CommandVariant.CV1, "4.1.1", DuisElement.of("ReadInstantaneousImportRegisters"));
    }

    static DuisRequest enableSupply(CommandVariant variant) {
        return user.request(UserRole.IS, esme, variant, "7.1", DuisElement.of("EnableSupply"));
    }

    static DuisResponse ask(UserRole role, DuisRequest request) throws Exception {
        return ask(request.variant().endpoint(), user.sign(role, request));
    }

    static DuisResponse ask(ServiceEndpoint endpoint, byte[] document) throws Exception {
        HttpResponse<byte[]> answer = user.post(simulator.servicesPort(), endpoint, document);
        assertThat(answer.statusCode()).isEqualTo(200);
        return user.verify(answer.body()).document();
    }

    static GbcsMessage gbcs(DuisResponse response) {
        return CODEC.decode(((ResponsePayload.GbcsPayload) ((ResponseBody.ResponseMessage) response.body())
                        .payload()
                        .orElseThrow())
                .payload()
                .toArray());
    }

    static byte[] preCommand(DuisResponse response) {
        return ((ResponsePayload.PreCommand) ((ResponseBody.ResponseMessage) response.body())
                        .payload()
                        .orElseThrow())
                .payload()
                .toArray();
    }

    static void fault(String line) {
        simulator.faults().add(FaultRule.parse(line.replaceAll(" +", " ")));
    }

    static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
