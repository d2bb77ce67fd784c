package org.postern.catalogue;

/** The three web services of the DCC, with the paths of the DCC's public test product. */
public enum ServiceEndpoint {
    /** Synchronous: a critical Service Request in, a Pre-Command out. */
    TRANSFORM("serviceT"),
    /** Asynchronous: an immediate acknowledgement; the Service Response follows through Receive Response. */
    SEND_COMMAND("serviceS"),
    /** Synchronous: the response is returned in the same exchange. */
    NON_DEVICE("serviceD");

    private final String path;

    ServiceEndpoint(String path) {
        this.path = path;
    }

    /** Last segment of the default path. */
    public String path() {
        return path;
    }
}
