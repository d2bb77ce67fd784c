package org.postern.simulator.devices.internal.security;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.postern.catalogue.Eui64;
import org.postern.ecprovider.EcProvider;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GbcsCrypto;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.gbcs.PartyKeys;
import org.postern.simulator.pki.KeySource;
import org.postern.simulator.pki.SimulatorPki;

/**
 * The keys that one device works with: its own ones, those of the PKI's folder until it was given new certificates for
 * keys it made itself, and the certificates of its remote parties by its trust anchors.
 */
public final class DeviceKeys implements PartyKeys {

    private static final int INVALID = 1;
    private static final int WRONG_DEVICE = 2;
    private static final int WRONG_USAGE = 3;
    private static final int NO_KEY_MADE = 4;
    private static final int WRONG_KEY = 5;

    private record Own(PrivateKey key, X509Certificate certificate) {}

    private final Eui64 device;
    private final TrustAnchors anchors;
    private final KeyFolder folder;
    private final EcProvider ec;
    private final GbcsCrypto crypto;
    private final KeySource source;
    private final Map<KeyUse, KeyPair> made = new EnumMap<>(KeyUse.class);
    private final Map<KeyUse, Own> own = new EnumMap<>(KeyUse.class);
    private int requests;

    public DeviceKeys(
            Eui64 device, TrustAnchors anchors, KeyFolder folder, EcProvider ec, GbcsCrypto crypto, KeySource source) {
        this.device = device;
        this.anchors = anchors;
        this.folder = folder;
        this.ec = ec;
        this.crypto = crypto;
        this.source = source;
    }

    @Override
    public synchronized Optional<X509Certificate> certificate(Eui64 party, KeyUse use) {
        if (party.equals(device)) {
            return own.containsKey(use) ? Optional.of(own.get(use).certificate()) : folder.certificate(party, use);
        }
        return anchors.certificate(
                        party,
                        switch (use) {
                            case DIGITAL_SIGNATURE -> TrustAnchors.Use.SIGNING;
                            case KEY_AGREEMENT -> TrustAnchors.Use.AGREEMENT;
                            case PREPAYMENT -> TrustAnchors.Use.TOP_UP;
                        })
                .or(() -> folder.certificate(party, use));
    }

    @Override
    public synchronized Optional<byte[]> agree(Eui64 who, KeyUse use, X509Certificate peer) {
        return who.equals(device) && own.containsKey(use)
                ? Optional.of(crypto.agree(own.get(use).key(), peer))
                : folder.agree(who, use, peer);
    }

    public synchronized Optional<PrivateKey> signingKey() {
        return own.containsKey(KeyUse.DIGITAL_SIGNATURE)
                ? Optional.of(own.get(KeyUse.DIGITAL_SIGNATURE).key())
                : folder.privateKey(device, KeyUse.DIGITAL_SIGNATURE);
    }

    /** Makes a key pair and a certification request for it (PKCS#10, DER); it counts once its certificate comes. */
    public synchronized Bytes request(KeyUse use) {
        KeyPair pair = source.pair(device.hex() + " " + use + " " + ++requests);
        made.put(use, pair);
        return Bytes.of(SimulatorPki.certificationRequest(source, pair));
    }

    /** Installs a certificate for a key that was made; gives the status (0 done). */
    public synchronized int install(Optional<X509Certificate> certificate, X509Certificate root) {
        if (certificate.isEmpty() || certificate.get().getKeyUsage() == null) {
            return INVALID;
        }
        X509Certificate given = certificate.get();
        if (!Certificates.device(given).filter(device::equals).isPresent()) {
            return WRONG_DEVICE;
        }
        boolean signing = Certificates.usable(given, TrustAnchors.Use.SIGNING);
        if (!signing && !Certificates.usable(given, TrustAnchors.Use.AGREEMENT)) {
            return WRONG_USAGE;
        }
        KeyUse use = signing ? KeyUse.DIGITAL_SIGNATURE : KeyUse.KEY_AGREEMENT;
        KeyPair pair = made.get(use);
        if (pair == null) {
            return NO_KEY_MADE;
        }
        if (!pair.getPublic().equals(given.getPublicKey())
                && !java.util.Arrays.equals(
                        pair.getPublic().getEncoded(), given.getPublicKey().getEncoded())) {
            return WRONG_KEY;
        }
        own.put(use, new Own(ec.privateKey(pair.getPrivate().getEncoded()), given));
        made.remove(use);
        return 0;
    }
}
