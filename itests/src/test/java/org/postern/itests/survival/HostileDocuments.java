package org.postern.itests.survival;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisResponse;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisWriter;
import org.postern.duis.ResponseBody;
import org.postern.ecprovider.EcProvider;
import org.postern.simulator.pki.SimulatorPki;

/** Hostile documents. Every one contains {@link #MARK}, which must never appear in a log. */
final class HostileDocuments {

    /** A text in every hostile document. */
    static final String MARK = "HOSTILE-CONTENT-4711";

    private static final int NONSENSE_BYTES = 20 * 1024 * 1024;
    private static final Pattern SIGNATURE =
            Pattern.compile("<(?:\\w+:)?Signature[ >].*</(?:\\w+:)?Signature>", Pattern.DOTALL);

    private final SimulatorPki pki;
    private final EcProvider ec = EcProvider.fastest();

    HostileDocuments(SimulatorPki pki) {
        this.pki = pki;
    }

    /** XML that no interface may accept, by what is wrong with it. */
    static Map<String, String> xml(Path secret) {
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("broken", "<Request><Header>" + MARK + "</Request>");
        documents.put(
                "external entity",
                "<!DOCTYPE r [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><Request a=\"" + MARK
                        + "\">&x;</Request>");
        documents.put(
                "external document type",
                "<!DOCTYPE r SYSTEM \"" + secret.toUri() + "\"><Request>" + MARK + "</Request>");
        StringBuilder entities =
                new StringBuilder("<!DOCTYPE r [<!ENTITY e0 \"").append(MARK).append("\">");
        for (int i = 1; i < 30; i++) {
            entities.append("<!ENTITY e")
                    .append(i)
                    .append(" \"")
                    .append(("&e" + (i - 1) + ";").repeat(10))
                    .append("\">");
        }
        documents.put(
                "entity expansion",
                entities.append("]><Request>&e29;</Request>").toString());
        documents.put("deep", "<Request x=\"" + MARK + "\">" + "<a>".repeat(100_000));
        documents.put("nothing", "");
        return documents;
    }

    /** 20 MB of meaningless content. */
    static String nonsense() {
        return "<Request>" + (MARK + " ").repeat(NONSENSE_BYTES / (MARK.length() + 1));
    }

    /** Responses whose signature is missing, duplicated, or of another document, by what is wrong with them. */
    Map<String, String> signatures() throws Exception {
        String good = signed(info -> info);
        Matcher signature = SIGNATURE.matcher(good);
        if (!signature.find()) {
            throw new AssertionError("no signature in a signed document");
        }
        String element = signature.group();
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("unsigned", good.replace(element, ""));
        documents.put("two signatures", good.replace(element, element + element));
        documents.put("content changed after signing", good.replace("<sr:ResponseCode>I0", "<sr:ResponseCode>I1"));
        documents.put(
                "signature over another element",
                signed(info -> info.replace("URI=\"\"", "URI=\"#other\"")).replace("URI=\"\"", "URI=\"#other\""));
        String root = good.substring(
                good.indexOf('<', good.startsWith("<?") ? 2 : 0), good.indexOf('>', good.indexOf("Response")) + 1);
        String inner = good.startsWith("<?") ? good.substring(good.indexOf("?>") + 2) : good;
        documents.put(
                "signed document wrapped in another",
                good.replace(element, "<Wrapped>" + inner + "</Wrapped>" + element));
        documents.put("signature without document", root + element + root.replaceFirst("<([\\w:]+).*", "</$1>"));
        return documents;
    }

    private interface Change {
        String of(String signedInfo);
    }

    private String signed(Change change) throws Exception {
        Eui64 acb = SimulatorPki.ACCESS_CONTROL_BROKER;
        X509Certificate certificate;
        try (InputStream in = Files.newInputStream(pki.secretKeys().resolve(acb.fileName() + "-xml.pem"))) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        String pem = Files.readString(pki.secretKeys().resolve(acb.fileName() + "-xml.key"))
                .replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = ec.privateKey(Base64.getMimeDecoder().decode(pem));
        RequestId id = new RequestId(
                SimulatorPki.user(UserRole.IS),
                pki.population().devices().iterator().next().deviceId(),
                1);
        DuisResponse response = new DuisResponse(
                DuisRequest.SCHEMA_VERSION,
                Optional.of(id),
                Optional.of(id.responseId()),
                "I0",
                Instant.now(),
                new ResponseBody.ResponseMessage(
                        new ServiceCatalogue().require("11.2").reference(), "11.2", Optional.empty()));
        byte[] document = new DuisSigner(certificate, info -> {
                    byte[] changed =
                            change.of(new String(info, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
                    return ec.sign(key, changed, 0, changed.length);
                })
                .sign(DuisWriter.write(response));
        return new String(document, StandardCharsets.UTF_8);
    }

    /** A client of Receive Response with the DCC's own client certificate. */
    HttpClient dccClient() throws Exception {
        Path tls = pki.folder().resolve("simulator/tls");
        char[] password = Files.readString(tls.resolve("password")).strip().toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(tls.resolve("client.p12"), password), password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store(tls.resolve("trust.p12"), password));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static KeyStore store(Path file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return store;
    }

    /** HTTP status for a document sent to Receive Response; 0 if the connection was closed. */
    static int callback(HttpClient client, int port, String document) throws InterruptedException {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/smartdcc/duis"))
                                    .timeout(Duration.ofSeconds(30))
                                    .header("Content-Type", "application/xml")
                                    .POST(HttpRequest.BodyPublishers.ofString(document))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }
}
