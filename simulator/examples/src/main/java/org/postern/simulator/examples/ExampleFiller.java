package org.postern.simulator.examples;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import org.postern.catalogue.CancellationTime;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.ServiceRow;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisWriter;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.TopUpToken;
import org.postern.inventory.DeviceFacts;
import org.postern.simulator.pki.CertificateFiles;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;

/**
 * Makes unsigned Service Requests of the rows of {@link ExampleRequests}, for one throwaway PKI. Placeholders, in
 * braces:
 *
 * <ul>
 *   <li>{@code time}, {@code time+PT1H}: now, and so long after now, as DUIS writes it;
 *   <li>{@code user:ds}, {@code user:ka}, {@code user:pp-ka}: certificates of the User that sends the request, for
 *       digital signature, key agreement and prepayment top-up, in base64; {@code ED:ds} and so on those of another
 *       role's User; {@code load-controller:ds}, {@code load-controller:ka}; {@code issuing} the authority's;
 *       {@code issued:ds}, {@code issued:ka} the certificate that {@link #issued} was given for the device addressed,
 *       or else the certificate that it has already;
 *   <li>{@code HCALCS}, {@code PPMID} and other types: the Device ID of the home's device of that type, and with
 *       {@code :ka} its certificate;
 *   <li>{@code floor}, {@code prepayment-floor}: an originator counter a minute ahead of the clock in milliseconds, and
 *       one of the prepayment series; {@code mpxn}: MPAN or MPRN of the meter; {@code utrn}: a token for one more pound
 *       each time.
 * </ul>
 *
 * <p>Not safe for several threads.
 */
public final class ExampleFiller {

    private static final Duration FLOOR_AHEAD = Duration.ofMinutes(1);
    private static final long PREPAYMENT_FLOOR = 64L << 32;
    /** The time that cancels (DUIS, future dated services). */
    private final SimulatorPki pki;

    private final Population population;
    private final CertificateFiles certificates;
    private final Clock clock;
    private final ServiceCatalogue catalogue = new ServiceCatalogue();
    private final Map<Eui64, Long> topUps = new HashMap<>();
    private final Map<String, String> issued = new HashMap<>();
    private KeyFolder keys;

    public ExampleFiller(SimulatorPki pki, Clock clock) {
        this.pki = pki;
        this.population = pki.population();
        this.certificates = new CertificateFiles(pki.certificates());
        this.clock = clock;
    }

    /** The image whose hash the firmware examples name: a device must hold it (11.1) to activate it. */
    public static byte[] firmwareImage() {
        return "Postern example firmware".getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * From now on, a certificate for a key that the device made (6.17).
     *
     * @param kind {@code ds} or {@code ka}
     * @param certificate base64 of DER
     */
    public void issued(SimulatedDevice device, String kind, String certificate) {
        issued.put(device.deviceId().hex() + ':' + kind, certificate);
    }

    /**
     * The unsigned DUIS document. Postern gives it an originator counter of its own, except for a top-up, whose token
     * and RequestID carry the same one.
     *
     * @param executionTime for a future-dated request; ignored for any other
     * @throws PosternException PST-9012 where the request cannot be addressed to that device
     */
    public byte[] document(ExampleRequest example, SimulatedDevice device, Instant executionTime) {
        UserRole role = example.role().orElse(UserRole.IS);
        if (!example.fits(device, population)) {
            throw refuse(
                    example,
                    "addressed to " + example.deviceType() + " " + example.variant() + " in a home with "
                            + example.companions(),
                    "device " + device.deviceId());
        }
        ServiceRow service = catalogue.require(example.service());
        long counter = example.body().contains("{utrn}") ? topUps.merge(device.deviceId(), 1L, Long::sum) << 32 : 1;
        RequestId id = new RequestId(SimulatorPki.user(role), device.deviceId(), counter);
        String body = filled(example.body(), new Occasion(example, device, id));
        Optional<String> time = switch (example.execution()) {
            case NOW -> Optional.empty();
            case DATED -> Optional.of(DuisWriter.dateTime(executionTime));
            case CANCEL -> Optional.of(CancellationTime.TEXT);
        };
        int inside = body.indexOf('>') + 1;
        String dated = time.map(t -> body.substring(0, inside) + "\n  <ExecutionDateTime>" + t + "</ExecutionDateTime>"
                        + body.substring(inside))
                .orElse(body);
        return String.join(
                        "\n",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                        "<Request xmlns=\"http://www.dccinterface.co.uk/ServiceUserGateway\" schemaVersion=\""
                                + DuisRequest.SCHEMA_VERSION + "\">",
                        "<Header>",
                        "  <RequestID>" + id + "</RequestID>",
                        "  <CommandVariant>" + service.firstVariant().number() + "</CommandVariant>",
                        "  <ServiceReference>" + service.reference() + "</ServiceReference>",
                        "  <ServiceReferenceVariant>" + service.variant() + "</ServiceReferenceVariant>",
                        "</Header>",
                        "<Body>",
                        dated.strip(),
                        "</Body>",
                        "</Request>",
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What the device inventory must say of the device for this request. */
    public DeviceFacts facts(ExampleRequest example, SimulatedDevice device) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Occasion occasion = new Occasion(
                example,
                device,
                new RequestId(SimulatorPki.user(example.role().orElse(UserRole.IS)), device.deviceId(), 1));
        for (String pair : filled(example.attributes(), occasion).split(";")) {
            if (!pair.isEmpty()) {
                attributes.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return new DeviceFacts(device.deviceId(), Optional.of(device.type()), device.variant(), attributes);
    }

    private record Occasion(ExampleRequest example, SimulatedDevice device, RequestId id) {}

    private String filled(String text, Occasion occasion) {
        return ExampleRequest.PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(value(found, occasion)));
    }

    private String value(MatchResult found, Occasion occasion) {
        String name = found.group(1);
        if (name.equals("issued")) {
            return issued.getOrDefault(
                    occasion.id().target().hex() + ':' + found.group(2),
                    certificates.base64(occasion.id().target(), found.group(2)));
        }
        if (found.group(2) != null) {
            return certificates.base64(party(name, occasion), found.group(2));
        }
        return switch (name) {
            case "time" ->
                DuisWriter.dateTime(
                        clock.instant().plus(found.group(3) == null ? Duration.ZERO : Duration.parse(found.group(3))));
            case "issuing" -> certificates.base64("issuing");
            case "floor" -> Long.toString(clock.instant().plus(FLOOR_AHEAD).toEpochMilli());
            case "prepayment-floor" -> Long.toString(PREPAYMENT_FLOOR);
            case "mpxn" -> occasion.device().mpxn();
            case "utrn" -> token(occasion.id());
            default -> party(name, occasion).dashed();
        };
    }

    private Eui64 party(String name, Occasion occasion) {
        Optional<DeviceType> type = ExampleRequest.companion(name);
        if (type.isPresent()) {
            return population.home(occasion.device().premises()).stream()
                    .filter(d -> d.type() == type.get())
                    .findFirst()
                    .orElseThrow(() -> refuse(occasion.example(), "a home with " + name, "there is none"))
                    .deviceId();
        }
        return switch (name) {
            case "user" -> occasion.id().originator();
            case "load-controller" -> SimulatorPki.LOAD_CONTROLLER;
            default ->
                SimulatorPki.ROLES.stream()
                        .filter(r -> r.name().equals(name))
                        .findFirst()
                        .map(SimulatorPki::user)
                        .orElseThrow(() -> refuse(occasion.example(), "a placeholder that ExampleFiller knows", name));
        };
    }

    /** The secret is the same from either end: this is the meter's. */
    private String token(RequestId id) {
        GbcsCrypto crypto = new GbcsCrypto(EcProvider.fastest());
        if (keys == null) {
            keys = new KeyFolder(pki.secretKeys(), EcProvider.fastest(), crypto);
        }
        X509Certificate supplier = keys.certificate(id.originator(), KeyUse.PREPAYMENT)
                .orElseThrow(() -> new IllegalStateException("a throwaway PKI has this certificate"));
        byte[] z = keys.agree(id.target(), KeyUse.KEY_AGREEMENT, supplier)
                .orElseThrow(() -> new IllegalStateException("a throwaway PKI has this key"));
        return TopUpToken.make(crypto, z, id.originator(), id.target(), id.counter(), TopUpToken.Unit.POUNDS, (int)
                        (id.counter() >>> 32))
                .digits();
    }

    private static PosternException refuse(ExampleRequest example, String rule, String cause) {
        return new PosternException(SimulatorFault.EXAMPLE.fault(
                example.name(), rule, cause, "choose another device, or correct the table"));
    }
}
