package org.postern.servicerequests.internal;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.postern.gatewayclient.CallbackHandler;
import org.postern.servicerequests.ServiceRequests;

/** Receives the documents of Receive Response and converts the result to the reply to the DCC. */
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
