package org.postern.catalogue;

/** The three web services that the DCC hosts, with the path of the DCC's public test product. */
public enum ServiceEndpoint {
    /** Synchronous: a critical Service Request in, a Pre-Command out. */
    TRANSFORM("serviceT"),
    /** Asynchronous: an acknowledgement now, the Service Response through Receive Response. */
    SEND_COMMAND("serviceS"),
    /** Synchronous: the answer comes in the same exchange. */
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
