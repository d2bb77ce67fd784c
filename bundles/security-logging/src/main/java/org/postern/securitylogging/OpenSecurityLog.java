package org.postern.securitylogging;

/** A security log that whoever opened it closes again. */
public interface OpenSecurityLog extends SecurityLog, AutoCloseable {

    /** Writes what was taken, and lets go of the files. */
    @Override
    void close();
}
