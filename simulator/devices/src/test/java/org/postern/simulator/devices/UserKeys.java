package org.postern.simulator.devices;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.catalogue.CommandVariant;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.RequestId;
import org.postern.catalogue.UserRole;
import org.postern.duis.DuisElement;
import org.postern.duis.DuisRequest;
import org.postern.duis.DuisSigner;
import org.postern.duis.DuisWriter;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.GbcsCodec;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.GbcsMessage;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.gbcs.TopUpToken;
import org.postern.simulator.pki.SimulatorPki;

/** The Users of a throwaway PKI with their own keys: they sign requests and Pre-Commands and make top-up tokens. */
public class UserKeys implements PartyKeys {

    private final EcProvider ec;
    private final GbcsCrypto crypto;
    private final KeyStore vault = KeyStore.getInstance("PKCS12");
    private final char[] password;
    private final Map<String, PrivateKey> keys = new ConcurrentHashMap<>();
    private final AtomicLong counter = new AtomicLong(1000);
    private final KeyFolder certificates;

    public UserKeys(SimulatorPki pki, EcProvider ec) throws Exception {
        this.ec = ec;
        this.crypto = new GbcsCrypto(ec);
        this.certificates = new KeyFolder(pki.certificates(), ec, crypto);
        Path own = pki.folder().resolve("postern/vault");
        this.password = Files.readString(own.resolve("keys.password")).toCharArray();
        try (InputStream in = Files.newInputStream(own.resolve("keys.p12"))) {
            vault.load(in, password);
        }
    }

    /** Opened once: the key store derives its own key anew for each, which takes longer than all else. */
    private PrivateKey key(String alias) {
        return keys.computeIfAbsent(alias, this::opened);
    }

    private PrivateKey opened(String alias) {
        try {
            return ec.privateKey(vault.getKey(alias, password).getEncoded());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String alias(UserRole role) {
        return role.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** A request with the next counter. */
    public DuisRequest request(UserRole role, Eui64 target, CommandVariant variant, String srv, DuisElement body) {
        String reference = srv.equals("4.1.1") ? "4.1" : srv;
        return new DuisRequest(
                new RequestId(SimulatorPki.user(role), target, counter.incrementAndGet()),
                variant,
                reference,
                srv,
                body);
    }

    /** The document of the request with the User's XML signature. */
    public byte[] sign(UserRole role, DuisRequest request) throws Exception {
        X509Certificate certificate = (X509Certificate) vault.getCertificate(alias(role) + "-xml");
        PrivateKey key = key(alias(role) + "-xml");
        return new DuisSigner(certificate, info -> ec.sign(key, info, 0, info.length)).sign(DuisWriter.write(request));
    }

    /** Digits of a top-up token: so many pounds, by the counter whose upper half is that number. */
    public String token(UserRole role, Eui64 meter, long number, int pounds) {
        byte[] secret = crypto.agree(
                key(alias(role) + "-prepay"),
                certificates.certificate(meter, KeyUse.KEY_AGREEMENT).orElseThrow());
        return TopUpToken.make(
                        crypto, secret, SimulatorPki.user(role), meter, number << 32, TopUpToken.Unit.POUNDS, pounds)
                .digits();
    }

    /** The Pre-Command, signed as the role. */
    public byte[] signPreCommand(UserRole role, byte[] preCommand) {
        GbcsMessage message = new GbcsCodec().decode(preCommand);
        return message.signed(crypto.sign(key(alias(role) + "-sign"), message.toBeSigned()))
                .encoded()
                .toArray();
    }

    @Override
    public Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
        return certificates.certificate(party, use);
    }

    @Override
    public Optional<byte[]> agree(Eui64 own, KeyUse use, X509Certificate peer) {
        UserRole role = SimulatorPki.role(own);
        return role == null
                ? Optional.empty()
                : Optional.of(crypto.agree(key(alias(role) + (use == KeyUse.PREPAYMENT ? "-prepay" : "-agree")), peer));
    }
}
