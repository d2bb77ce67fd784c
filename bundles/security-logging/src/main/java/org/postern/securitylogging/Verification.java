package org.postern.securitylogging;

import java.util.List;

/**
 * The result of a verification.
 *
 * @param records number of records that are part of an intact chain
 * @param segments number of files read
 * @param lastNumber number of the last record; 0 where the log is empty
 * @param lastHash hash of the last record; store it elsewhere and pass it to a later verification as the anchor
 * @param findings every defect, in order; empty where the log is intact
 */
public record Verification(long records, int segments, long lastNumber, String lastHash, List<Finding> findings) {

    /**
     * One defect of the chain.
     *
     * @param segment file name
     * @param line line in that file, from 1; 0 for the file as a whole
     * @param problem description of the defect
     */
    public record Finding(String segment, int line, String problem) {}

    public Verification {
        findings = List.copyOf(findings);
    }

    /** True where no defect was found. */
    public boolean intact() {
        return findings.isEmpty();
    }
}
