package org.postern.simulator.devices.internal.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.postern.catalogue.DeviceType;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.KeyFolder;
import org.postern.gbcs.KeyUse;
import org.postern.simulator.devices.internal.security.TrustAnchors.Use;
import org.postern.simulator.pki.SimulatedDevice;
import org.postern.simulator.pki.SimulatorFault;
import org.postern.simulator.pki.SimulatorPki;

/**
 * The trust anchors of a new device: for electricity the import supplier and the electricity distributor, for gas the
 * gas supplier and the gas transporter, the DCC's parties, and as load controller the other User. Gas proxies of homes
 * 1, 5, 9, ... are still held by the DCC: supplier and network operator are the Access Control Broker, as before 6.21.
 */
public final class AnchorCells {

    private static final Eui64 ROOT = new Eui64(0x0250_4F53_0000_0000L);

    private final KeyFolder keys;
    private final X509Certificate root;

    public AnchorCells(KeyFolder keys, Path folder) {
        this.keys = keys;
        try (InputStream in = Files.newInputStream(folder.resolve("root.pem"))) {
            this.root =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | CertificateException e) {
            throw new PosternException(
                    SimulatorFault.PKI_FILE.fault(
                            "root.pem", "the certificate of the throwaway root", "cannot be read"),
                    e);
        }
    }

    /** The root that all devices trust. */
    public X509Certificate root() {
        return root;
    }

    public TrustAnchors of(SimulatedDevice device) {
        TrustAnchors anchors = new TrustAnchors();
        anchors.put(TrustAnchors.ROOT, Use.CERTIFICATES, new TrustAnchors.Anchor(root, ROOT, Certificates.keyId(root)));
        put(anchors, TrustAnchors.RECOVERY, SimulatorPki.RECOVERY);
        boolean gas = device.type() == DeviceType.GSME || device.type() == DeviceType.GPF;
        boolean withDcc = device.heldByDcc();
        Eui64 acb = SimulatorPki.ACCESS_CONTROL_BROKER;
        put(anchors, TrustAnchors.SUPPLIER, withDcc ? acb : SimulatorPki.user(gas ? UserRole.GS : UserRole.IS));
        put(anchors, TrustAnchors.NETWORK_OPERATOR, withDcc ? acb : SimulatorPki.user(gas ? UserRole.GT : UserRole.ED));
        put(anchors, TrustAnchors.ACB, acb);
        put(anchors, TrustAnchors.TRANS_COS, SimulatorPki.TRANS_COS);
        if (device.type() == DeviceType.ESME || device.type() == DeviceType.HCALCS) {
            put(anchors, TrustAnchors.LOAD_CONTROLLER, SimulatorPki.user(UserRole.OU));
        }
        return anchors;
    }

    private void put(TrustAnchors anchors, int role, Eui64 party) {
        keys.certificate(party, KeyUse.DIGITAL_SIGNATURE).ifPresent(c -> put(anchors, role, Use.SIGNING, party, c));
        keys.certificate(party, KeyUse.KEY_AGREEMENT).ifPresent(c -> put(anchors, role, Use.AGREEMENT, party, c));
        if (role == TrustAnchors.SUPPLIER) {
            // where the supplier is the DCC, its key-agreement certificate stands in for a top-up one
            keys.certificate(party, KeyUse.PREPAYMENT)
                    .or(() -> keys.certificate(party, KeyUse.KEY_AGREEMENT))
                    .ifPresent(c -> put(anchors, role, Use.TOP_UP, party, c));
        }
    }

    private static void put(TrustAnchors anchors, int role, Use use, Eui64 party, X509Certificate certificate) {
        Bytes keyId = Certificates.keyId(certificate);
        anchors.put(role, use, new TrustAnchors.Anchor(certificate, party, keyId));
    }
}
