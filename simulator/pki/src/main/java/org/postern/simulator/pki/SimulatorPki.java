package org.postern.simulator.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.PosternException;
import org.postern.catalogue.UserRole;
import org.postern.simulator.pki.internal.Issuing;
import org.postern.simulator.pki.internal.PkiWriter;

/**
 * A throwaway PKI in a folder: what Postern imports under {@code postern/}, what only the simulator may see under
 * {@code simulator/}.
 *
 * <pre>
 * postern/certificates/   {@code <eui>-ds.pem}, {@code -ka.pem}, {@code -pp-ka.pem}, {@code -xml.pem}, root.pem, issuing.pem
 * postern/signers/        the XML signing certificates of the DCC
 * postern/inventory.csv   deviceId,deviceType,variant,attributes
 * postern/vault/          keys.p12, keys.password, keys.txt (lines {@code alias=PURPOSE:entry:EUI})
 * postern/tls/            client.p12, server.p12, trust.p12, password
 * simulator/keys/         certificates and private keys of the DCC and the devices
 * simulator/tls/          client.p12, server.p12, trust.p12, password
 * simulator/population.properties
 * simulator/facts.csv     not made, but read where it is: what the DCC knows of devices beside the population's own facts
 * </pre>
 *
 * <p>The issuer name of every certificate carries {@code OU=Postern Throwaway PKI}; a vault in production mode refuses
 * them. Making one with 200 devices takes a few seconds.
 *
 * @param folder the folder
 */
public record SimulatorPki(Path folder) {

    /**
     * The DCC's Access Control Broker: signs all responses but Pre-Commands, and is the target of non-device requests.
     */
    public static final Eui64 ACCESS_CONTROL_BROKER = new Eui64(0x0250_4F53_0000_0002L);
    /** The DCC's Transform service: signs responses that carry a Pre-Command. */
    public static final Eui64 TRANSFORM = new Eui64(0x0250_4F53_0000_0003L);
    /** A load controller, whose certificates a supplier may put into a device; it sends nothing. */
    public static final Eui64 LOAD_CONTROLLER = new Eui64(0x0250_4F53_0000_0005L);
    /** The party that signs changes of supplier (6.23). */
    public static final Eui64 TRANS_COS = new Eui64(0x0250_4F53_0000_0004L);
    /** The DCC's party for recovery; devices know its certificate. */
    public static final Eui64 RECOVERY = new Eui64(0x0250_4F53_0000_0001L);
    /** User Roles for which the PKI holds keys. */
    public static final List<UserRole> ROLES = List.of(UserRole.IS, UserRole.GS, UserRole.ED, UserRole.GT, UserRole.OU);

    /** The User ID of a role. */
    public static Eui64 user(UserRole role) {
        return new Eui64(0x0250_4F53_0100_0001L + role.ordinal());
    }

    /** The role of a User ID, or null where it is none of {@link #ROLES}. */
    public static UserRole role(Eui64 user) {
        return ROLES.stream().filter(r -> user(r).equals(user)).findFirst().orElse(null);
    }

    /**
     * Makes keys and certificates of the DCC, the Users and all devices, over what was in the folder before.
     *
     * @throws PosternException PST-9003 where the folder cannot be written
     */
    public static SimulatorPki create(Path folder, Population population, Clock clock) {
        return create(folder, population, clock, KeySource.random());
    }

    /**
     * The same of keys from there.
     *
     * @throws PosternException PST-9003 where the folder cannot be written
     */
    public static SimulatorPki create(Path folder, Population population, Clock clock, KeySource source) {
        try {
            PkiWriter.write(folder, population, source, clock.instant());
            return new SimulatorPki(folder);
        } catch (IOException e) {
            throw new PosternException(
                    SimulatorFault.FOLDER_NOT_WRITABLE.fault(
                            folder.getFileName().toString(), e.getClass().getSimpleName()),
                    e);
        }
    }

    /**
     * A device certificate for a key that the device made (services 6.17 and 6.15.2).
     *
     * @param request PKCS#10 in DER, as the device answered
     * @param signing for digital signatures, otherwise for key agreement
     * @throws PosternException PST-9011 where the request is none
     */
    public X509Certificate issueDevice(byte[] request, Eui64 device, boolean signing, Clock clock) {
        return new Issuing(secretKeys(), clock.instant()).device(request, device, signing);
    }

    /**
     * A certification request for a key that a device made, as it answers 6.17: PKCS#10 in DER with an empty subject.
     *
     * @param source by which it is signed
     */
    public static byte[] certificationRequest(KeySource source, KeyPair pair) {
        return Issuing.request(source, pair);
    }

    /**
     * A certificate of an organisation for its own key.
     *
     * @param role remote party role, two hex digits: 02 supplier, 03 network operator, 04 ACB, 08 load controller
     */
    public X509Certificate issueOrganisation(PublicKey key, Eui64 party, String role, boolean signing, Clock clock) {
        return new Issuing(secretKeys(), clock.instant()).organisation(key, party, role, signing);
    }

    /** The population for which it was made. */
    public Population population() {
        return Population.load(folder.resolve("simulator/population.properties"));
    }

    /** Certificates that Postern imports. */
    public Path certificates() {
        return folder.resolve("postern/certificates");
    }

    /** Keys and certificates that the simulator uses. */
    public Path secretKeys() {
        return folder.resolve("simulator/keys");
    }
}
