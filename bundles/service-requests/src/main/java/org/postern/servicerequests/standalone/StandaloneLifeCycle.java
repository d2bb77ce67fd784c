package org.postern.servicerequests.standalone;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.postern.catalogue.Eui64;
import org.postern.catalogue.ResponseCodes;
import org.postern.catalogue.ServiceCatalogue;
import org.postern.duis.SchemaValidator;
import org.postern.ecprovider.EcProvider;
import org.postern.gatewayclient.DccGateway;
import org.postern.hsm.KeyVault;
import org.postern.inventory.CertificateDirectory;
import org.postern.inventory.DeviceInventory;
import org.postern.ledger.Ledger;
import org.postern.parsecorrelate.Correlator;
import org.postern.securitylogging.SecurityLog;
import org.postern.servicerequests.Outbox;
import org.postern.servicerequests.RoleBundle;
import org.postern.servicerequests.ServiceRequests;
import org.postern.servicerequests.TopUps;
import org.postern.servicerequests.WorkQueue;
import org.postern.servicerequests.internal.LifeCycle;
import org.postern.servicerequests.internal.lifecycle.Backoff;
import org.postern.servicerequests.internal.lifecycle.CountingMetrics;
import org.postern.servicerequests.internal.lifecycle.TrustedClock;
import org.postern.servicerequests.internal.roles.RoleRegistry;

/** The complete life cycle, built from given components, with the default retries and limits. */
public final class StandaloneLifeCycle implements AutoCloseable {

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration GIVE_UP = Duration.ofHours(48);
    private static final int TRIES = 5;
    private static final Duration OVERDUE_GRACE = Duration.ofMinutes(10);
    private static final int SECRETS = 100;

    /**
     * The components that it uses; they must be closed by their owner.
     *
     * @param roles the User Roles, which do not change
     */
    public record Parts(
            Ledger ledger,
            KeyVault vault,
            CertificateDirectory certificates,
            DeviceInventory inventory,
            List<RoleBundle> roles,
            DccGateway gateway,
            SecurityLog securityLog,
            Correlator correlator,
            EcProvider ec,
            Clock clock) {

        public Parts {
            roles = List.copyOf(roles);
        }
    }

    /**
     * The parties of the DCC.
     *
     * @param accessControlBroker the DCC's Access Control Broker
     * @param transformSigners who signs documents that carry a Pre-Command
     * @param acbSigners who signs all others
     * @param maxBytes maximum size of a sent or received document
     */
    public record Dcc(Eui64 accessControlBroker, Set<Eui64> transformSigners, Set<Eui64> acbSigners, int maxBytes) {}

    private final LifeCycle line;

    /**
     * Builds the life cycle; its timers are not started.
     *
     * @param queues receives the offered steps; it may drop them
     */
    public StandaloneLifeCycle(Parts with, Dcc dcc, WorkQueue queues) {
        ServiceCatalogue catalogue = new ServiceCatalogue();
        RoleRegistry roles = new RoleRegistry(catalogue, System::nanoTime, Duration.ZERO);
        roles.vault(with.vault());
        with.roles().forEach(roles::add);
        CountingMetrics metrics = new CountingMetrics();
        line = new LifeCycle(
                new LifeCycle.Collaborators(
                        with.ledger(),
                        with.vault(),
                        with.certificates(),
                        with.inventory(),
                        roles,
                        catalogue,
                        ResponseCodes.standard(),
                        with.gateway(),
                        with.securityLog(),
                        with.correlator(),
                        with.ec(),
                        metrics,
                        new TrustedClock(with.clock(), System::nanoTime, metrics)),
                new LifeCycle.Settings(
                        dcc.accessControlBroker(),
                        dcc.transformSigners(),
                        dcc.acbSigners(),
                        dcc.maxBytes(),
                        SchemaValidator.none(),
                        new Backoff(RETRY, RETRY),
                        GIVE_UP,
                        TRIES,
                        OVERDUE_GRACE,
                        SECRETS));
        line.offers().bind(queues);
    }

    /** The service for supplier-facing interfaces, routes and Receive Response. */
    public ServiceRequests requests() {
        return line;
    }

    /** The service for top-up orders. */
    public TopUps topUps() {
        return line;
    }

    /** The outbox. */
    public Outbox outbox() {
        return line;
    }

    @Override
    public void close() {
        line.close();
    }
}
