package org.postern.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.inject.Inject;
import org.apache.karaf.features.FeaturesService;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.postern.catalogue.UserRole;
import org.postern.testkitprocess.Ports;

/** The distribution of this build with a broker outside its process. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ExternalBrokerIT extends InTheContainer {

    @Inject
    private FeaturesService features;

    @Configuration
    public Option[] distribution() throws Exception {
        String url = BareArtemis.start(Ports.free().broker());
        return Distribution.withSimulatorsPki(Map.of("org.postern.broker.cfg", Map.of("mode", "external", "url", url)));
    }

    @Test
    public void requestsResultsAndAlertsGoOverIt() throws Exception {
        Path data = Path.of(System.getProperty("karaf.data"));
        await("the ready marker", () -> Files.exists(data.resolve("ready")));
        assertEquals(
                1,
                context()
                        .getServiceReferences(ConnectionFactory.class, "(mode=external)")
                        .size());
        assertFalse("nothing is embedded", Files.exists(Path.of(System.getProperty("postern.state"), "artemis")));
        features.installFeature("postern-simulator");
        try (RoleTraffic traffic = new RoleTraffic(context(), UserRole.ED)) {
            InsideTheApplianceIT.assertRead(traffic, traffic.read());
            traffic.raiseAlert();
            Message alert = traffic.alert("ED", WAIT_MILLIS);
            assertNotNull("the role's alert", alert);
        }
    }
}
