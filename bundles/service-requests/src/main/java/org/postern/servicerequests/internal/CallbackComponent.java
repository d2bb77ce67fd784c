package org.postern.servicerequests.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.servicerequests.ServiceRequests;

/** What Receive Response hands its documents to: our verdict as the answer that the DCC gets. */
@Component(service = CallbackHandler.class)
public final class CallbackComponent implements CallbackHandler {

    private final ServiceRequests requests;

    @Activate
    public CallbackComponent(@Reference ServiceRequests requests) {
        this.requests = requests;
    }

    @Override
    public Receipt receive(byte[] document, String peerCertificate) {
        return requests.receive(document, peerCertificate)
                .fold(
                        stored -> Receipt.TAKEN,
                        duplicate -> Receipt.TAKEN,
                        quarantined -> Receipt.TAKEN,
                        refused -> Receipt.BAD,
                        busy -> Receipt.BUSY);
    }
}
