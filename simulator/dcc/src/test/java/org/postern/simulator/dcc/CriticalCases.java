package org.postern.simulator.dcc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisLimits;
import org.postern.duis.DuisReader;
import org.postern.duis.DuisRequest;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.simulator.pki.Population;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorPki;
import org.postern.testkit.Rtds;

/** One request for every critical use case, made for the devices and certificates of a simulator's PKI. */
final class CriticalCases {

    /** A row of the table. */
    record Case(String name, String service, UserRole role, DeviceType type, int home, String body) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final SimulatorPki pki;
    private final Population population;
    private final KeyFolder certificates;

    CriticalCases(SimulatorPki pki, org.postern.ecprovider.EcProvider ec) {
        this.pki = pki;
        this.population = pki.population();
        this.certificates = new KeyFolder(pki.certificates(), ec, new GbcsCrypto(ec));
    }

    static List<Case> all() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                CriticalCases.class.getResourceAsStream("critical-cases.tsv"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(l -> !l.startsWith("#") && !l.startsWith("use case"))
                    .map(l -> l.split("\t"))
                    .map(r -> new Case(
                            r[0], r[1], UserRole.valueOf(r[2]), DeviceType.valueOf(r[3]), Integer.parseInt(r[4]), r[5]))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Case of(String name) {
        return all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    SimulatedDevice device(Case one) {
        return population.home(one.home()).stream()
                .filter(d -> d.type() == one.type())
                .findFirst()
                .orElseThrow();
    }

    /** The CV4 request, without a date. */
    DuisRequest request(TestUser user, Case one) throws Exception {
        DuisElement body = body(one);
        DuisElement undated = new DuisElement(
                body.namespace(),
                body.name(),
                body.attributes(),
                body.children().stream()
                        .filter(c -> !c.name().equals("ExecutionDateTime"))
                        .toList(),
                body.text());
        String reference = new ServiceCatalogue().require(one.service()).reference();
        DuisRequest plain = user.request(
                one.role(), device(one).deviceId(), CommandVariant.CV4, one.service(), fitted(one, undated));
        return new DuisRequest(plain.requestId(), CommandVariant.CV4, reference, one.service(), plain.body());
    }

    /** The same request under a new id, dated. */
    DuisRequest dated(TestUser user, DuisRequest request, UserRole role, String time) {
        List<DuisElement> children = new ArrayList<>(request.body().children());
        children.add(0, DuisElement.leaf("ExecutionDateTime", time));
        return new DuisRequest(
                user.request(role, request.requestId().target(), CommandVariant.CV4, "7.1", request.body())
                        .requestId(),
                CommandVariant.CV4,
                request.serviceReference(),
                request.serviceReferenceVariant(),
                DuisElement.of(request.body().name(), children));
    }

    private static DuisElement body(Case one) throws IOException {
        return body(one.body());
    }

    /** A body in short, or that of the given request whose name begins so. */
    static DuisElement body(String text) throws IOException {
        if (text.contains("(")) {
            return new ShortForm(text).element();
        }
        Path file = Rtds.required().requests().stream()
                .filter(f -> f.getFileName().toString().startsWith(text))
                .sorted()
                .findFirst()
                .orElseThrow();
        return new DuisReader(DuisLimits.DEFAULT)
                .readRequest(Files.readAllBytes(file))
                .body();
    }

    /** Devices and certificates of this PKI instead of those in the given request. */
    private DuisElement fitted(Case one, DuisElement body) {
        Eui64 self = SimulatorPki.user(one.role());
        boolean loadController =
                body.find("RemotePartyRole").filter("LoadController"::equals).isPresent();
        Eui64 party = loadController ? SimulatorPki.user(UserRole.OU) : self;
        Map<String, Function<String, String>> by = Map.of(
                "OtherDeviceID", t -> partner(one).dashed(),
                "HCALCS",
                        t -> population
                                .devices(DeviceType.HCALCS)
                                .get(0)
                                .deviceId()
                                .dashed(),
                "DigitalSigningCertificate", t -> certificate(party, KeyUse.DIGITAL_SIGNATURE),
                "KeyAgreementCertificate", t -> certificate(party, KeyUse.KEY_AGREEMENT),
                "KeyAgreementTopUpCertificate", t -> certificate(party, KeyUse.PREPAYMENT),
                "DeviceCertificate", t -> certificate(device(one).deviceId(), KeyUse.KEY_AGREEMENT),
                "Certificate", t -> pem("issuing.pem"),
                "CredentialType", t -> t.replace('_', ' '));
        return mapped(body, by);
    }

    private Eui64 partner(Case one) {
        DeviceType wanted = switch (one.type()) {
            case ESME -> DeviceType.HCALCS;
            case GSME -> DeviceType.PPMID;
            default -> DeviceType.ESME;
        };
        return population.home(one.home()).stream()
                .filter(d -> d.type() == wanted)
                .findFirst()
                .orElseThrow()
                .deviceId();
    }

    static DuisElement mapped(DuisElement element, Map<String, Function<String, String>> by) {
        if (element.children().isEmpty()) {
            String text =
                    by.getOrDefault(element.name(), t -> t).apply(element.text().strip());
            return new DuisElement(element.namespace(), element.name(), element.attributes(), List.of(), text);
        }
        return new DuisElement(
                element.namespace(),
                element.name(),
                element.attributes(),
                element.children().stream().map(c -> mapped(c, by)).toList(),
                "");
    }

    String certificate(Eui64 party, KeyUse use) {
        return base64(certificates.certificate(party, use).orElseThrow());
    }

    static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    String pem(String name) {
        try {
            return Files.readString(pki.certificates().resolve(name)).replaceAll("-----[A-Z ]+-----|\\s", "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Optional<X509Certificate> x509(Eui64 party, KeyUse use) {
        return certificates.certificate(party, use);
    }

    /** The short form of a body. */
    private static final class ShortForm {

        private final String text;
        private int at;

        private ShortForm(String text) {
            this.text = text;
        }

        private DuisElement element() {
            String name = word("(=@ )");
            String attribute = "";
            String value = "";
            if (peek() == '@') {
                at++;
                attribute = word(":");
                at++;
                value = word("(= )");
            }
            DuisElement made;
            if (peek() == '=') {
                at++;
                made = DuisElement.leaf(name, word(" )"));
            } else {
                at++;
                List<DuisElement> children = new ArrayList<>();
                while (peek() != ')') {
                    children.add(element());
                    if (peek() == ' ') {
                        at++;
                    }
                }
                at++;
                made = DuisElement.of(name, children);
            }
            return attribute.isEmpty() ? made : made.with(attribute, value);
        }

        private char peek() {
            return text.charAt(at);
        }

        private String word(String end) {
            int from = at;
            while (at < text.length() && end.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at);
        }
    }
}
