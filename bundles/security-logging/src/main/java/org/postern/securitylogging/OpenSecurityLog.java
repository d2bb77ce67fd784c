package org.postern.securitylogging;

/** A security log that has to be closed by the code that opened it. */
public interface OpenSecurityLog extends SecurityLog, AutoCloseable {

    /** Writes the events that are queued, then closes the files. */
    @Override
    void close();
}
